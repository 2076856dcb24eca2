# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be is worked out once, by `plan/resolve.py`: a plan follows the target, whatever that says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from unit.fakes.examples import (
    BOUNDARY,
    FACTS,
    OTHER_BOUNDARY,
    READ_S3,
    READ_SQS,
    SUBJECT,
    by_arn,
    desired,
    inline,
    observed,
    our_role,
    service_account,
    target,
)

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.writers import WRITERS
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import TAG_BOUNDARY, boundary_tag
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import Observed
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.role import CreateRole
from ansible_collections.iamsa.eks.plugins.module_utils.model.target import Target
from ansible_collections.iamsa.eks.plugins.module_utils.plan.create import plan
from ansible_collections.iamsa.eks.plugins.module_utils.plan.forecast import forecast_role
from ansible_collections.iamsa.eks.plugins.module_utils.plan.resolve import resolve
from ansible_collections.iamsa.eks.plugins.module_utils.policy.attached_by_us import is_entry
from ansible_collections.iamsa.eks.plugins.module_utils.trust.evaluate import admission

CORE = Path(__file__).parents[3] / "ansible_collections/iamsa/eks/plugins/module_utils"

# A role as nobody asks for it and no other function of the core would work it out.
ODD: dict[str, Any] = {
    "tags": {"owner": "nobody"},
    "permissions_boundary": OTHER_BOUNDARY,
    "description": "odd",
    "max_session_duration": 4321,
}
ODD_GRANT = target().grant.of_issuer("https://odd.example/id")
LOST = our_role(tags={**our_role().tags, TAG_BOUNDARY: boundary_tag(BOUNDARY)})
UNMANAGED = our_role(tags={"team": "web"})


def odd_target(there: Observed) -> Target:
    wanted = desired(by_arn(READ_S3), inline(), adopt=True, permissions_boundary=BOUNDARY, tags={"team": "x"})
    usual = resolve(wanted, FACTS, there, WRITERS)
    return replace(
        usual,
        role=replace(usual.role, **ODD),
        binding=replace(usual.binding, grant=ODD_GRANT, annotations={"odd": "yes"}),
        policies=(READ_SQS,),
    )


def test_a_role_is_made_just_as_the_target_says() -> None:
    there = observed(None, None, READ_S3, inline())
    wanted = odd_target(there)
    (made,) = (step for step in plan(wanted, FACTS, there, WRITERS) if isinstance(step, CreateRole))
    assert made.role == wanted.role


@pytest.mark.parametrize("role", [our_role(), LOST, UNMANAGED], ids=["ours", "boundary-lost", "unmanaged"])
def test_a_role_that_is_there_becomes_what_the_target_says(role: Role) -> None:
    there = observed(role, None, READ_S3, inline())
    then = forecast_role(there, plan(odd_target(there), FACTS, there, WRITERS), WRITERS).role
    assert then
    tags = {key: value for key, value in then.tags.items() if not is_entry(key)}
    assert tags == {**role.tags, **ODD["tags"]}
    assert (then.permissions_boundary, then.description, then.max_session_duration) == (
        ODD["permissions_boundary"],
        ODD["description"],
        ODD["max_session_duration"],
    )
    assert admission(then.trust, ODD_GRANT).is_possible


@pytest.mark.parametrize("role", [None, our_role()], ids=["new", "there"])
def test_policies_and_annotations_are_those_of_the_target(role: Role | None) -> None:
    there = observed(role, service_account(), READ_S3, inline())
    then = forecast_role(there, plan(odd_target(there), FACTS, there, WRITERS), WRITERS)
    assert (set(then.attached), dict(then.inline)) == ({READ_SQS.arn}, {})
    bound = then.service_accounts[SUBJECT]
    assert bound
    assert bound.annotations["odd"] == "yes"


def test_the_target_of_a_new_role_records_its_policies() -> None:
    there = observed(None, None, READ_S3, inline())
    bare, full = (
        resolve(desired(), FACTS, replace(there, policies=()), WRITERS),
        resolve(desired(), FACTS, there, WRITERS),
    )
    assert len(full.role.tags) == len(bare.role.tags) + 2


# What a role is worked out with, and who may use it: gen3's names also to judge a role that is there.
WORKED_OUT_WITH = {
    "boundary_tag": {"plan/resolve.py", "model/names.py"},
    "derived_role_name": {"plan/role_choice.py"},
    "gen3_role_name": {"plan/role_choice.py", "plan/gen3.py"},
    "ownership_tags": {"plan/resolve.py"},
}


def importers(name: str) -> Iterator[str]:
    """The modules of the core that import it."""
    for path in CORE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and name in {one.name for one in node.names}:
                yield str(path.relative_to(CORE))


@pytest.mark.parametrize("name", WORKED_OUT_WITH)
def test_nobody_else_works_a_role_out(name: str) -> None:
    assert set(importers(name)) == WORKED_OUT_WITH[name]
