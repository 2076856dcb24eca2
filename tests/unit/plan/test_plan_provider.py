# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be done to an OIDC provider, from what is there and what is asked for."""

from __future__ import annotations

from typing import Any

import pytest
from unit.fakes.examples import AUDIENCE, HOME, ISSUER, PROVIDER_ARN

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused
from ansible_collections.iamsa.eks.plugins.module_utils.model.provider import ProviderFacts, ProviderSpec
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Provider
from ansible_collections.iamsa.eks.plugins.module_utils.plan.provider import absence_steps, presence_steps
from ansible_collections.iamsa.eks.plugins.module_utils.plan.provider_forecast import forecast_provider

NAME = ISSUER.removeprefix("https://")
MANY = tuple(f"a{number:03}" for number in range(100))
TEAM = {"team": "web"}


def provider_facts(*audiences: str, trusting: tuple[str, ...] = (), **tags: str) -> ProviderFacts:
    return ProviderFacts(ISSUER, HOME, Provider(PROVIDER_ARN, audiences, tags), trusting)


def asked(*audiences: str, exactly: bool = False, **tags: str) -> ProviderSpec:
    return ProviderSpec(audiences or (AUDIENCE,), exactly, tags, exactly)


CASES: dict[str, tuple[ProviderSpec, ProviderFacts, list[str], Provider]] = {
    "none is there": (
        asked("a", "b", **TEAM),
        ProviderFacts(ISSUER, HOME, None),
        ["created for audience a, b"],
        Provider(PROVIDER_ARN, ("a", "b"), TEAM),
    ),
    "it is as asked for": (
        asked("a", **TEAM),
        provider_facts("a", **TEAM),
        [],
        Provider(PROVIDER_ARN, ("a",), TEAM),
    ),
    "more than is asked for stays": (
        asked("a", **TEAM),
        provider_facts("b", "a", **TEAM, other="x"),
        [],
        Provider(PROVIDER_ARN, ("b", "a"), {**TEAM, "other": "x"}),
    ),
    "audiences are added one by one": (
        asked("a", "b", "c"),
        provider_facts("b"),
        ["audience a added", "audience c added"],
        Provider(PROVIDER_ARN, ("b", "a", "c")),
    ),
    "exactly: others go, after those that come": (
        asked("a", "c", exactly=True),
        provider_facts("b", "a", "d"),
        ["audience c added", "audience b removed", "audience d removed"],
        Provider(PROVIDER_ARN, ("a", "c")),
    ),
    "exactly: others go first where there is no room": (
        asked("a000", "new", exactly=True),
        provider_facts("a000", *MANY[1:]),
        [*(f"audience {one} removed" for one in MANY[1:]), "audience new added"],
        Provider(PROVIDER_ARN, ("a000", "new")),
    ),
    "a tag is set and another changed": (
        asked("a", team="shop", new="x"),
        provider_facts("a", **TEAM, other="x"),
        ["tagged with team, new"],
        Provider(PROVIDER_ARN, ("a",), {"other": "x", "team": "shop", "new": "x"}),
    ),
    "a tag whose key differs in case is another tag": (
        asked("a", Team="web"),
        provider_facts("a", **TEAM),
        ["tagged with Team"],
        Provider(PROVIDER_ARN, ("a",), {**TEAM, "Team": "web"}),
    ),
    "exactly: other tags go first, but for AWS's": (
        asked("a", exactly=True, new="x"),
        provider_facts("a", **{**TEAM, "aws:cloudformation:stack-name": "s"}),
        ["tags team removed", "tagged with new"],
        Provider(PROVIDER_ARN, ("a",), {"aws:cloudformation:stack-name": "s", "new": "x"}),
    ),
    "exactly: a tag in other case goes": (
        asked("a", exactly=True, TEAM="web"),
        provider_facts("a", **TEAM),
        ["tags team removed", "tagged with TEAM"],
        Provider(PROVIDER_ARN, ("a",), {"TEAM": "web"}),
    ),
}
"""What is asked for, what is there, the sentences of the steps, and what is there then."""


@pytest.mark.parametrize("case", CASES)
def test_what_is_done(case: str) -> None:
    spec, there, sentences, after = CASES[case]
    steps = presence_steps(spec, there)
    assert [step.sentence for step in steps] == [f"oidc-provider/{NAME} {told}" for told in sentences]
    assert forecast_provider(there.provider, PROVIDER_ARN, steps) == after


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_left_to_do_then(case: str) -> None:
    spec, _, _, after = CASES[case]
    assert presence_steps(spec, ProviderFacts(ISSUER, HOME, after)) == ()


@pytest.mark.parametrize(
    ("spec", "there", "told", "remedy"),
    [
        (
            asked("new"),
            provider_facts(*MANY),
            "would have 101 audiences, and IAM allows at most 100",
            "specify fewer audiences, or set <purge_audiences> to remove all others",
        ),
        (
            asked("a", new="x"),
            provider_facts("a", **{f"k{number}": "v" for number in range(50)}),
            "would have 51 tags, and IAM allows at most 50",
            "specify fewer tags, or set <purge_tags> to remove all others",
        ),
    ],
    ids=["audiences", "tags"],
)
def test_more_than_iam_allows_is_refused(
    spec: ProviderSpec, there: ProviderFacts, told: str, remedy: str
) -> None:
    with pytest.raises(Refused, match=told) as caught:
        presence_steps(spec, there)
    assert str(caught.value.remedy) == remedy


def test_what_is_to_be_gone_is_deleted_once() -> None:
    (step,) = absence_steps(provider_facts("a"), force=False)
    assert (step.verb, step.sentence) == ("delete", f"oidc-provider/{NAME} deleted")
    assert forecast_provider(provider_facts("a").provider, PROVIDER_ARN, [step]) is None
    assert absence_steps(ProviderFacts(ISSUER, HOME, None), force=False) == ()


@pytest.mark.parametrize(
    ("roles", "told"),
    [
        (("r1",), "is trusted by role r1; "),
        (("r1", "r2"), "is trusted by roles r1, r2; "),
        (tuple(f"r{number}" for number in range(7)), "by roles r0, r1, r2, r3, r4 and 2 more; "),
    ],
)
def test_what_roles_trust_goes_only_with_force(roles: tuple[str, ...], told: str) -> None:
    there: Any = provider_facts("a", trusting=roles)
    with pytest.raises(Refused, match=told):
        absence_steps(there, force=False)
    assert len(absence_steps(there, force=True)) == 1
