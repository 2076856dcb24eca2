# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A way out that a sentence names has to work when it is done literally."""

from __future__ import annotations

from dataclasses import replace

import pytest
from kubectl_iamsa.spelling import spelled
from unit.fakes.chains import chain_of
from unit.fakes.examples import (
    CLUSTER,
    FACTS,
    OPS_STATEMENT,
    desired,
    observed,
    our_role,
    planned,
    service_account,
    trusting,
)

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import problems
from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue, NotFound
from ansible_collections.iamsa.eks.plugins.module_utils.identity.ownership import ownership_tags
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role, SeenRole
from ansible_collections.iamsa.eks.plugins.module_utils.model.values import check_removed_tags

THEIRS = replace(trusting(our_role(), OPS_STATEMENT), tags={})
ANOTHERS = replace(our_role(), tags=ownership_tags(CLUSTER, Subject("web", "other")))


def remedy_without_policies(role: Role) -> str:
    """What describe says of a role that lets its ServiceAccount in and has no policies."""
    (problem,) = problems(chain_of(service_account(), SeenRole(role), role.name))
    return spelled(problem.remedy)


def test_an_unmanaged_role_without_policies_needs_consent_to_be_given_one() -> None:
    assert remedy_without_policies(THEIRS) == "kubectl iamsa create my-sa -p POLICY -n web --adopt"


def test_our_role_without_policies_needs_none() -> None:
    assert remedy_without_policies(our_role()) == "kubectl iamsa create my-sa -p POLICY -n web"


def test_another_ones_role_is_not_taken_away_for_want_of_a_policy() -> None:
    assert remedy_without_policies(ANOTHERS) == (
        "kubectl iamsa create my-sa -p POLICY -n web --role-name derived --force-conflicts"
    )


def test_an_update_cannot_be_told_to_create_the_namespace() -> None:
    with pytest.raises(NotFound, match=r"^namespace web does not exist; check <namespace>$"):
        planned(desired(create_role=False), FACTS, observed(namespaces={"web": "missing"}))


def test_of_a_role_whose_namespace_is_gone_an_update_says_what_it_cannot_do() -> None:
    with pytest.raises(NotFound, match=r"^namespace web does not exist; check <namespace>$"):
        planned(desired(create_role=False), FACTS, observed(our_role(), namespaces={"web": "missing"}))


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (
            "iamsa/manager",
            'invalid value "iamsa/manager" for <remove_tag>: the key must not begin with iamsa/,',
        ),
        ("", 'invalid value "" for <remove_tag>: the key must not be empty; specify the tag\'s key'),
    ],
)
def test_of_a_tag_that_may_not_be_removed_only_the_key_is_shown(key: str, sentence: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        check_removed_tags([key])
    assert str(caught.value).startswith(sentence)
