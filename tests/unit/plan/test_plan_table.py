# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table in plan/create.py is true: each of its rows is planned, and it leaves out no step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, get_args

import pytest
from unit.fakes.examples import (
    BOUNDARY,
    EARLIER_ISSUER,
    FACTS,
    HOME,
    OPS_STATEMENT,
    READ_S3,
    ROLE_ARN,
    by_arn,
    desired,
    document,
    inline,
    observed,
    our_role,
    our_statement,
    planned,
    recorded,
    retagged,
    service_account,
    trusting,
)

from ansible_collections.iamsa.eks.plugins.module_utils.errors import NotFound, Refused
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import NO_BOUNDARY
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ClusterFacts, Observed
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Provider
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.kubernetes import DeleteServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.role import DeleteRole
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import BindingStep, Step
from ansible_collections.iamsa.eks.plugins.module_utils.plan import create
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import InlineName, PolicyName
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import trust_policy

ROWS = [
    tuple(cell.strip() for cell in line.split("|"))
    for line in (create.__doc__ or "").splitlines()
    if line.count("|") == 2
][1:]

BOUNDED = our_role(desired(permissions_boundary=BOUNDARY))
BOTH = {"attached": (READ_S3,), "inline": {"reader": document()}, "knows_inline": True}
OURS = observed(our_role(), service_account())
ELSEWHERE = {ANNOTATION_ROLE_ARN: HOME.role_arn("/", "another")}
WITH_AUDIENCE = {ANNOTATION_ROLE_ARN: ROLE_ARN, ANNOTATION_AUDIENCE: "vault"}


@dataclass(frozen=True)
class There:
    """All is as it should be, but for what a row says."""

    observed: Observed = OURS
    cluster: ClusterFacts = FACTS


def with_audiences(*audiences: str) -> There:
    return There(cluster=replace(FACTS, provider=Provider("arn", audiences)))


THERE = {
    "namespace missing": There(observed(our_role(), service_account(), namespaces={"web": "missing"})),
    "namespace being deleted": There(
        observed(our_role(), service_account(), namespaces={"web": "terminating"})
    ),
    "provider missing": There(cluster=replace(FACTS, provider=None)),
    "provider without the audience": with_audiences("vault"),
    "provider with 100 other audiences": with_audiences(*map(str, range(100))),
    "role missing": There(observed(None, service_account())),
    "role missing, with another path": There(
        observed(None, service_account({ANNOTATION_ROLE_ARN: HOME.role_arn("/team/", "app")}))
    ),
    "role ours": There(),
    "role ours, with a tag": There(observed(retagged(our_role(), team="web"), service_account())),
    "role ours, with a boundary": There(observed(BOUNDED, service_account())),
    "role ours, without its boundary": There(
        observed(replace(BOUNDED, permissions_boundary=None), service_account())
    ),
    "role ours, without its tags": There(
        observed(retagged(our_role(), iamsa__issuer=None), service_account())
    ),
    "role of an earlier cluster": There(
        observed(
            retagged(
                our_role(trust=trust_policy([our_statement(EARLIER_ISSUER)])), iamsa__issuer=EARLIER_ISSUER
            ),
            service_account(),
        )
    ),
    "role not managed by iamsa": There(
        observed(our_role(tags={}, trust=trust_policy([OPS_STATEMENT])), service_account())
    ),
    "role reserved by AWS": There(observed(our_role(path="/aws-reserved/"), service_account())),
    "trust without our statement": There(observed(our_role(trust=trust_policy([])), service_account())),
    "trust with other statements": There(observed(trusting(our_role(), OPS_STATEMENT), service_account())),
    "policies missing": There(),
    "policies ours": There(observed(recorded(our_role(), READ_S3, inline()), service_account(), **BOTH)),
    "file ours, but different": There(
        observed(recorded(our_role(), inline()), service_account(), inline={"reader": document("s3:*")})
    ),
    "file not ours, and different": There(
        observed(our_role(), service_account(), inline={"reader": document("s3:*")})
    ),
    "ServiceAccount missing": There(observed(our_role())),
    "ServiceAccount without annotations": There(observed(our_role(), service_account({}))),
    "ServiceAccount ours": There(),
    "ServiceAccount, interrupted delete": There(
        observed(our_role(), service_account({ANNOTATION_RECORD: ROLE_ARN}))
    ),
    "ServiceAccount with another role": There(observed(our_role(), service_account(ELSEWHERE))),
    "ServiceAccount with another audience": There(observed(our_role(), service_account(WITH_AUDIENCE))),
    "annotation of another field manager": There(
        observed(our_role(), service_account({ANNOTATION_ROLE_ARN: "app"}, {ANNOTATION_ROLE_ARN: "helm"}))
    ),
    "ServiceAccount being deleted": There(observed(our_role(), service_account(deleting=True))),
}

# Options of `desired`; what is not named here is an override of that name.
ASKED: dict[str, dict[str, Any]] = {
    "": {},
    "an update": {"create_role": False},
    "a tag": {"tags": {"team": "web"}},
    "no such tag": {"removed_tags": ("team",)},
    "a description": {"description": "d"},
    "a boundary": {"permissions_boundary": BOUNDARY},
    "no boundary": {"permissions_boundary": NO_BOUNDARY},
    "another path": {"path": "/team/"},
    "no such policies": {"absent": (PolicyName("ReadS3"), InlineName("reader"))},
}
POLICIES = {"a policy, a file": (READ_S3, inline()), "a file": (inline(),)}


def outcome(there: str, asked: str) -> str:
    """What is planned, in the words of the table."""
    found, policies = THERE[there], POLICIES.get(asked, ())
    if there.startswith("file") and not policies:
        policies = POLICIES["a file"]
    references = [by_arn(one) if one is READ_S3 else one for one in policies]
    options = {} if asked in POLICIES else ASKED.get(asked, {asked: True})
    wanted = desired(*references, **options)
    try:
        steps = planned(wanted, found.cluster, replace(found.observed, policies=policies))
    except (NotFound, Refused) as error:
        return type(error).__name__
    return " ".join(dict.fromkeys(type(step).__name__ for step in steps)) or "-"


@pytest.mark.parametrize(("there", "asked", "steps"), ROWS)
def test_a_row_is_what_is_planned(there: str, asked: str, steps: str) -> None:
    assert outcome(there, asked) == steps


def test_every_step_of_a_create_is_in_the_table() -> None:
    named = {name for *_, steps in ROWS for name in steps.split()}
    classes = set(get_args(Step)) - {DeleteRole, DeleteServiceAccount, BindingStep}
    assert {one.__name__ for one in classes} <= named
