# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose a role is, as its tags tell it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from unit.fakes.examples import CLUSTER, EARLIER_ISSUER, ISSUER, SUBJECT

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    TAG_CLUSTER,
    TAG_ISSUER,
    TAG_MANAGER,
    TAG_NAMESPACE,
    TAG_SERVICE_ACCOUNT,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.ownership import (
    Ownership,
    marker,
    ownership_tags,
    role_owner,
)

TAGS = ownership_tags(CLUSTER, SUBJECT)


def judged(tags: dict[str, str]) -> Ownership:
    return role_owner(tags, CLUSTER, SUBJECT)


def test_every_fact_is_a_tag_of_its_own() -> None:
    assert {
        TAG_MANAGER: "iamsa",
        TAG_CLUSTER: CLUSTER.arn,
        TAG_ISSUER: ISSUER,
        TAG_NAMESPACE: "web",
        TAG_SERVICE_ACCOUNT: "my-sa",
    } == TAGS


def test_a_cluster_without_arn_is_told_by_its_issuer() -> None:
    elsewhere = replace(CLUSTER, arn=None)
    assert ownership_tags(elsewhere, SUBJECT)[TAG_CLUSTER] == ISSUER


@pytest.mark.parametrize(
    "tags",
    [
        pytest.param(TAGS, id="as-written"),
        pytest.param({**TAGS, "team": "web"}, id="with-others"),
        pytest.param({key: TAGS[key] for key in TAGS if key != TAG_MANAGER}, id="manager-missing"),
        pytest.param({key: TAGS[key] for key in TAGS if key != TAG_ISSUER}, id="issuer-missing"),
        pytest.param({**TAGS, "managed-by": "terraform"}, id="with-another-tools-tag"),
    ],
)
def test_a_role_with_our_tags_is_ours(tags: dict[str, str]) -> None:
    assert judged(tags) == Ownership("ours")


def test_a_role_of_an_earlier_issuer_is_rebound() -> None:
    assert judged({**TAGS, TAG_ISSUER: EARLIER_ISSUER}) == Ownership("rebound", issuer=EARLIER_ISSUER)


@pytest.mark.parametrize("key", [TAG_CLUSTER, TAG_NAMESPACE, TAG_SERVICE_ACCOUNT])
def test_a_role_that_lacks_a_tag_of_identity_is_unmanaged(key: str) -> None:
    assert judged({name: value for name, value in TAGS.items() if name != key}).verdict == "unmanaged"


@pytest.mark.parametrize("key", [TAG_MANAGER, TAG_CLUSTER, TAG_NAMESPACE, TAG_SERVICE_ACCOUNT])
def test_a_role_with_another_value_in_our_tag_is_unmanaged(key: str) -> None:
    assert judged({**TAGS, key: "other"}).verdict == "unmanaged"


@pytest.mark.parametrize("key", [TAG_NAMESPACE, TAG_SERVICE_ACCOUNT])
def test_tags_count_case(key: str) -> None:
    assert judged({**TAGS, key: TAGS[key].upper()}).verdict == "unmanaged"


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        pytest.param({}, "was not created by iamsa for this ServiceAccount", id="untagged"),
        pytest.param({"team": "web"}, "was not created by iamsa for this ServiceAccount", id="others"),
        pytest.param(
            {"managed-by": "Terraform"}, "is managed by Terraform according to its tags", id="terraform"
        ),
        pytest.param({"terraform:workspace": "x"}, "is managed by Terraform according to its tags", id="key"),
        pytest.param(
            {"alpha.eksctl.io/cluster-name": "demo"},
            "is managed by eksctl according to its tags",
            id="eksctl",
        ),
        pytest.param(
            {"alpha.eksctl.io/cluster-name": "demo", "aws:cloudformation:stack-name": "s"},
            "is managed by eksctl according to its tags",
            id="eksctl-through-cloudformation",
        ),
        pytest.param(
            {"aws:cloudformation:stack-name": "s"},
            "is managed by CloudFormation according to its tags",
            id="cloudformation",
        ),
        pytest.param(
            {**TAGS, TAG_NAMESPACE: "other"},
            f"belongs to ServiceAccount other/my-sa of {CLUSTER.arn}",
            id="another-namespace",
        ),
        pytest.param(
            {**TAGS, TAG_CLUSTER: "arn:aws:eks:eu-west-1:123456789012:cluster/other"},
            "belongs to ServiceAccount web/my-sa of arn:aws:eks:eu-west-1:123456789012:cluster/other",
            id="another-cluster",
        ),
    ],
)
def test_an_unmanaged_roles_owner_in_words(tags: dict[str, str], words: str) -> None:
    assert (judged(tags).verdict, judged(tags).owner) == ("unmanaged", words)


def test_another_manager_is_named() -> None:
    assert judged({**TAGS, TAG_MANAGER: "someone"}).owner == "is managed by someone according to its tags"


def test_the_marker_names_cluster_namespace_and_service_account() -> None:
    assert marker(CLUSTER, SUBJECT) == {"iamsa/created-for": f"{CLUSTER.arn}/web/my-sa"}
