# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The creates that doctor and describe print are run in the very state in which they are printed."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from kubectl_iamsa.spelling import spelled
from unit.fakes.examples import (
    BOUNDARY,
    EARLIER_ISSUER,
    HOME,
    OPS_STATEMENT,
    READ_S3,
    READ_SQS,
    ROLE_ARN,
    ROLE_NAME,
    by_arn,
    desired,
    our_role,
    recorded,
    retagged,
    service_account,
)
from unit.fakes.starts import MINE
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import problems
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_ROLE_ARN,
)
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.describe import describe
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import Desired
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import trust_policy

OURS = our_role().trust["Statement"][0]
DENIED = {**OURS, "Effect": "Deny"}
PODS = {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": "sts:AssumeRole"}
LARGE = {**OPS_STATEMENT, "Sid": "s" * 1_900}
TRUSTS: Mapping[str, list[Any]] = {
    "ours": [OURS],
    "and-theirs": [OURS, OPS_STATEMENT],
    "theirs": [OPS_STATEMENT],
    "denied": [OURS, DENIED],
    "pods": [OURS, PODS],
    "full": [LARGE],
}
TAGGED = {f"t{number}": "" for number in range(50 - len(our_role().tags))}
ROLES: Mapping[str, Role] = {
    "ours": our_role(),
    "adopted": retagged(our_role(), iamsa__adopted="true"),
    "terraform": our_role(tags={"ManagedBy": "terraform"}),
    "of-another": retagged(our_role(), iamsa__service_account="other"),
    "earlier": retagged(our_role(), iamsa__issuer=EARLIER_ISSUER),
    "template": our_role(source_template="arn:aws:iam::aws:role-template/x"),
    "without-boundary": retagged(our_role(), iamsa__permissions_boundary=BOUNDARY),
    "all-tags": our_role(tags={**our_role().tags, **TAGGED}),
}
PATHLESS = {ANNOTATION_ROLE_ARN: HOME.role_arn("/", ROLE_NAME)}
SERVICE_ACCOUNTS: Mapping[str, ServiceAccount | None] = {
    "missing": None,
    "plain": service_account({}),
    "annotated": service_account(managers=MINE),
    "pathless": service_account(PATHLESS),
    "no-audience": service_account({ANNOTATION_ROLE_ARN: ROLE_ARN, ANNOTATION_AUDIENCE: ""}),
    "own-audience": service_account({ANNOTATION_ROLE_ARN: ROLE_ARN, ANNOTATION_AUDIENCE: "vault"}),
}
WITH_VALUES = ("--role-name", "--path", "--audience", "--permissions-boundary")


def asked_by(remedy: str) -> Desired:
    """What a create asks for whose words a remedy gives."""
    words = iter(shlex.split(remedy)[4:])
    options: dict[str, Any] = {}
    for word in words:
        if word in ("-p", "-n"):
            next(words)
        else:
            key = "name" if word == "--role-name" else word[2:].replace("-", "_")
            options[key] = next(words) if word in WITH_VALUES else True
    return desired(by_arn(READ_S3), **options)


@pytest.mark.parametrize("name", [None, ROLE_NAME], ids=["as-annotated", "by-name"])
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("found", SERVICE_ACCOUNTS)
def test_a_create_that_is_printed_is_not_refused(
    world: World, name: str | None, role: str, found: str
) -> None:
    for trust in TRUSTS.values():
        start = world.copy()
        start.account.add(ManagedPolicy("boundary", BOUNDARY))
        start.account.put(replace(ROLES[role], trust=trust_policy(trust)), READ_S3)
        there = SERVICE_ACCOUNTS[found]
        if there:
            start.kubernetes.put(there)
        elif not name:
            continue
        for result in problems(describe(desired(name=name), start.access())):
            if spelled(result.remedy).startswith("kubectl iamsa create"):
                start.copy().create(asked_by(spelled(result.remedy)))


def test_a_create_that_repairs_names_a_policy_that_iamsa_put_there(world: World) -> None:
    """What create is given it records as its own, and delete then removes it."""
    world.account.put(recorded(our_role(trust=trust_policy([])), READ_SQS), READ_S3, READ_SQS)
    world.kubernetes.put(service_account(managers=MINE))
    (result,) = problems(describe(desired(), world.access()))
    assert READ_SQS.arn in shlex.split(spelled(result.remedy))
