# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The properties of a chain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from unit.fakes.chains import chain_of, changed
from unit.fakes.examples import (
    AUDIENCE,
    CLUSTER,
    EARLIER_ISSUER,
    OPS_STATEMENT,
    ROLE_ARN,
    our_role,
    our_statement,
    retagged,
    service_account,
)

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.chain import Chain
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_MARKER,
    ANNOTATION_ROLE_ARN,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import SeenRole

MARKER = f"{CLUSTER.arn}/web/my-sa"
THEIRS = "arn:aws:iam::999999999999:role/theirs"


def chain(**changes: Any) -> Chain:
    return changed(chain_of(service_account(), SeenRole(our_role())), **changes)


@pytest.mark.parametrize(
    ("marker", "made"), [(MARKER, True), (f"{CLUSTER.arn}/db/my-sa", False), ("", False)]
)
def test_only_the_marker_of_this_very_service_account_says_that_iamsa_made_it(
    marker: str, made: bool
) -> None:
    assert chain(service_account=service_account({ANNOTATION_MARKER: marker})).made_by_iamsa is made


def test_a_missing_service_account_was_not_made() -> None:
    assert not chain(service_account=None).made_by_iamsa


def test_the_audience_is_the_annotations_else_the_usual_one() -> None:
    assert chain().audience == AUDIENCE
    assert chain(service_account=service_account({ANNOTATION_AUDIENCE: "x"})).audience == "x"


def test_statements_are_ours_stale_or_unmanaged() -> None:
    earlier = our_statement(EARLIER_ISSUER)
    ours = our_role().trust["Statement"][0]
    role = replace(
        retagged(our_role(), iamsa__issuer=EARLIER_ISSUER),
        trust={"Statement": [OPS_STATEMENT, earlier, ours]},
    )
    found = chain(seen=SeenRole(role)).statements
    assert [(one.mark, one.statement) for one in found] == [
        ("ours", ours),
        ("stale", earlier),
        ("unmanaged", OPS_STATEMENT),
    ]
    assert found[2].words == "Allow sts:AssumeRole to arn:aws:iam::999999999999:role/ops"


def test_without_a_role_there_is_nothing_to_judge() -> None:
    bare = chain(seen=None)
    assert (bare.role, bare.owner, bare.admission, bare.statements) == (None, None, None, ())


@pytest.mark.parametrize(
    ("arn", "asked", "elsewhere"),
    [(ROLE_ARN, False, False), (THEIRS, False, True), (THEIRS, True, False), ("x", False, False)],
)
def test_a_role_of_another_account_is_elsewhere_unless_one_is_asked_for(
    arn: str, asked: bool, elsewhere: bool
) -> None:
    named = service_account({ANNOTATION_ROLE_ARN: arn})
    assert chain(service_account=named, asked_role=asked).elsewhere is elsewhere
