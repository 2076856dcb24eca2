# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles whose trust policy is not what anybody expects: one of them hides no other role, and ends no run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from documents import check
from unit.fakes.examples import PROVIDER_ARN, READ_S3, SUBJECT, desired, our_role, service_account
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.roles import role_of
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import problems
from ansible_collections.iamsa.eks.plugins.module_utils.documents.description import description_document
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.describe import describe
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.inventory import inventory
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import PolicyName

ALLOW = {
    "Effect": "Allow",
    "Principal": {"Federated": PROVIDER_ARN},
    "Action": "sts:AssumeRoleWithWebIdentity",
}
STATEMENTS: list[Any] = [
    None,
    1,
    "x",
    [],
    {},
    {"Effect": "Allow"},
    {"Effect": ["Allow"]},
    *(
        {**ALLOW, "Principal": odd}
        for odd in (None, "", [], 1, {"Federated": None}, {"Federated": [1, None]})
    ),
    *({**ALLOW, "Principal": {"AWS": odd}} for odd in (None, {"x": 1}, [[]])),
    *({**ALLOW, "Action": odd} for odd in (None, 1, [None], {}, [[]])),
    *({**ALLOW, "Condition": odd} for odd in (None, "x", [], 1, {"StringEquals": None}, {"x": {"k": "v"}})),
    *({**ALLOW, "Condition": {"StringEquals": {"k": odd}}} for odd in (None, {"a": 1}, [[]], [None], True)),
    *({**ALLOW, "Condition": {"Null": {"k": odd}}} for odd in (None, {}, "maybe", [])),
]
DOCUMENTS: list[Any] = [
    {},
    {"Statement": None},
    {"Statement": "x"},
    {"Statement": 1},
    {"Version": None, "Statement": []},
    *({"Version": "2012-10-17", "Statement": [one]} for one in STATEMENTS),
    *({"Version": "2012-10-17", "Statement": one} for one in STATEMENTS),
]
documents = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda one: repr(one)[-60:])
WELL = Subject("web", "well")


@pytest.fixture
def world(bound: World) -> World:
    """With a second ServiceAccount of which all is well."""
    role = our_role(desired(subject=WELL), "well")
    bound.account.put(role, READ_S3)
    bound.kubernetes.put(replace(service_account({ANNOTATION_ROLE_ARN: role.arn}), subject=WELL))
    return bound


def trust(world: World, document: Any) -> None:
    world.account.put(replace(our_role(), trust=document), READ_S3)


@documents
def test_list_judges_it_and_shows_the_others(world: World, document: Any) -> None:
    trust(world, document)
    states = {row.service_account.subject: row.status.state for row in inventory(world.access(), None).items}
    assert (states[WELL], states[SUBJECT] in ("ok", "notTrusted")) == ("ok", True)


@documents
def test_describe_explains_it(world: World, document: Any) -> None:
    trust(world, document)
    chain = describe(desired(), world.access())
    assert check(description_document(chain, problems(chain)))["status"]["role"]


@documents
def test_create_repairs_it(world: World, document: Any) -> None:
    trust(world, document)
    wanted = desired(PolicyName(READ_S3.name), replace_trust=True)
    world.create(wanted)
    assert not problems(describe(desired(), world.access()))


@documents
def test_delete_says_what_is_in_the_way_or_deletes(world: World, document: Any) -> None:
    trust(world, document)
    world.create(desired(PolicyName(READ_S3.name), replace_trust=True))
    world.delete(DeleteRequest(desired()))
    assert list(world.account.roles) == ["well"]


@pytest.mark.parametrize("document", ["not JSON", "", None, [], 1])
def test_a_document_that_is_none_trusts_nobody(document: Any) -> None:
    found = {
        "RoleName": "app",
        "RoleId": "AROAEXAMPLE",
        "Path": "/",
        "Arn": "a",
        "AssumeRolePolicyDocument": document,
    }
    assert role_of(found).trust == {}
