# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a role stands, told by the ServiceAccount's annotations, the role's trust and its tags."""

from __future__ import annotations

from typing import Any

import pytest
from unit.fakes.examples import (
    CLUSTER,
    EARLIER_ISSUER,
    HOME,
    OPS_STATEMENT,
    ROLE_ARN,
    our_role,
    retagged,
    service_account,
    trusting,
)

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.now import (
    NO_RECORDS,
    BoundNow,
    bound_now,
    is_shown,
)
from ansible_collections.iamsa.eks.plugins.module_utils.bindings.writers import WRITERS
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_MARKER,
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_TOKEN_EXPIRATION,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role, SeenRole
from ansible_collections.iamsa.eks.plugins.module_utils.plan.status import (
    STATE_WORDS,
    Status,
    status,
)

THEIRS = "arn:aws:iam::999999999999:role/theirs"
NAMED = {ANNOTATION_ROLE_ARN: ROLE_ARN}


def now(service_account: ServiceAccount) -> BoundNow:
    return bound_now(service_account.subject, service_account, WRITERS, NO_RECORDS)


def shown(service_account: ServiceAccount) -> bool:
    return is_shown(service_account, now(service_account))


def judged(service_account: ServiceAccount, role: Role | None) -> Status:
    return status(service_account, now(service_account), SeenRole(role) if role else None, CLUSTER, HOME)


UNTRUSTED = our_role(trust={"Version": "2012-10-17", "Statement": [OPS_STATEMENT]})
UNMANAGED = our_role(tags={"managed-by": "Terraform"})
CASES: list[Any] = [
    pytest.param(service_account(), our_role(), Status("ok", "iamsa"), id="ok"),
    pytest.param(
        service_account(), trusting(our_role(), OPS_STATEMENT), Status("ok", "iamsa"), id="others-may-too"
    ),
    pytest.param(
        service_account(),
        retagged(our_role(), iamsa__issuer=EARLIER_ISSUER),
        Status("ok", "iamsa"),
        id="rebound",
    ),
    pytest.param(service_account(), None, Status("roleMissing"), id="role-missing"),
    pytest.param(service_account({ANNOTATION_ROLE_ARN: "no ARN"}), None, Status("invalidArn"), id="no-arn"),
    pytest.param(service_account({ANNOTATION_ROLE_ARN: ""}), None, Status("invalidArn"), id="empty"),
    pytest.param(service_account(), UNTRUSTED, Status("notTrusted", "iamsa"), id="not-trusted"),
    pytest.param(
        service_account({**NAMED, ANNOTATION_AUDIENCE: "x"}),
        our_role(),
        Status("notTrusted", "iamsa"),
        id="other-audience",
    ),
    pytest.param(
        service_account({**NAMED, ANNOTATION_TOKEN_EXPIRATION: "4294967297"}),
        our_role(),
        Status("podsRefused", "iamsa"),
        id="token-that-the-api-server-refuses",
    ),
    pytest.param(service_account(), UNMANAGED, Status("unmanaged", "Terraform"), id="unmanaged"),
    pytest.param(service_account(), our_role(tags={}), Status("unmanaged", "unknown"), id="nobodys"),
    pytest.param(
        service_account(),
        retagged(our_role(), iamsa__namespace="db"),
        Status("unmanaged", "db/my-sa"),
        id="another-service-accounts",
    ),
    pytest.param(
        service_account(),
        our_role(tags={}, trust=UNTRUSTED.trust),
        Status("notTrusted", "unknown"),
        id="unmanaged-and-not-trusted",
    ),
    pytest.param(
        service_account({ANNOTATION_ROLE_ARN: THEIRS}),
        None,
        Status("unmanaged", "account 999999999999"),
        id="elsewhere",
    ),
    pytest.param(service_account({ANNOTATION_MARKER: "x"}), None, Status("noRole"), id="only-the-marker"),
    pytest.param(
        service_account({ANNOTATION_RECORD: ROLE_ARN}), our_role(), Status("deleting", "iamsa"), id="deleting"
    ),
    pytest.param(
        service_account({ANNOTATION_RECORD: ROLE_ARN}), None, Status("deleting"), id="deleting-role-gone"
    ),
]


@pytest.mark.parametrize(("service_account", "role", "expected"), CASES)
def test_how_it_stands(service_account: ServiceAccount, role: Role | None, expected: Status) -> None:
    assert judged(service_account, role) == expected


def test_every_state_has_its_words() -> None:
    # What an association makes of it is judged where that is read.
    assert {case.values[2].state for case in CASES} | {"podIdentity"} == set(STATE_WORDS)


@pytest.mark.parametrize("key", [ANNOTATION_ROLE_ARN, ANNOTATION_MARKER, ANNOTATION_RECORD])
def test_whoever_carries_one_of_these_is_shown(key: str) -> None:
    assert shown(service_account({key: "x"}))


def test_others_are_not_shown() -> None:
    assert not shown(service_account({"team": "web", ANNOTATION_AUDIENCE: "x"}))


@pytest.mark.parametrize(
    ("annotations", "name"),
    [
        (NAMED, "app"),
        ({ANNOTATION_RECORD: ROLE_ARN}, "app"),
        ({ANNOTATION_ROLE_ARN: THEIRS}, None),
        ({ANNOTATION_ROLE_ARN: "arn:aws-cn:iam::123456789012:role/app"}, None),
        ({ANNOTATION_ROLE_ARN: "app"}, None),
        ({}, None),
    ],
)
def test_only_a_role_of_this_account_is_to_be_read(annotations: dict[str, str], name: str | None) -> None:
    role = HOME.role_named(now(service_account(annotations)).named)
    assert (role.name if role else None) == name


def test_policies_are_managed_ones_then_inline_ones() -> None:
    assert SeenRole(our_role(), {"arn:b": "b", "arn:a": "a"}, ("z", "c")).policy_names == ("b", "a", "z", "c")
