# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Our trust statement repaired: right again, with the conditions it had, and never wider."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from unit.fakes.examples import AUDIENCE, EARLIER_ISSUER, ISSUER, target

from ansible_collections.iamsa.eks.plugins.module_utils.identity.cluster import host_and_path
from ansible_collections.iamsa.eks.plugins.module_utils.trust.conditions import further_conditions, joined
from ansible_collections.iamsa.eks.plugins.module_utils.trust.evaluate import admission
from ansible_collections.iamsa.eks.plugins.module_utils.trust.repair import dropped, repaired
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import read_trust, trust_policy

GRANT = target().grant
EARLIER = target().grant.of_issuer(EARLIER_ISSUER)
HOST, OLD_HOST = host_and_path(ISSUER), host_and_path(EARLIER_ISSUER)
OURS, STALE = GRANT.statement(), EARLIER.statement()
EQUALS = OURS["Condition"]["StringEquals"]
SUBJECT = {f"{HOST}:sub": EQUALS[f"{HOST}:sub"]}
ADDRESS = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
NETWORK = {"StringEquals": {"aws:SourceVpc": "vpc-1"}}


def under(*further: Mapping[str, Any], of: Mapping[str, Any] = OURS, **changes: Any) -> dict[str, Any]:
    """A statement under further conditions."""
    condition = of["Condition"]
    for one in further:
        condition = joined(condition, one)
    return {**of, "Condition": condition, **changes}


def result(*statements: Any) -> tuple[Any, ...]:
    return repaired(read_trust(trust_policy(statements), GRANT, EARLIER), GRANT, EARLIER)


WRONG_ACTION = {"Action": "sts:AssumeRole"}


@pytest.mark.parametrize("further", [ADDRESS, NETWORK, {**ADDRESS, **NETWORK}], ids=str)
@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(WRONG_ACTION, id="action"),
        pytest.param({"equals": SUBJECT}, id="no-audience"),
        pytest.param({"equals": {**SUBJECT, f"{HOST}:aud": "other"}}, id="another-audience"),
        pytest.param({"equals": {**SUBJECT, f"{HOST.upper()}:AUD": [AUDIENCE, "x"]}}, id="two-audiences"),
    ],
)
def test_a_broken_statement_is_repaired_with_its_conditions(broken: Any, further: Any) -> None:
    changes = dict(broken)
    equals = changes.pop("equals", EQUALS)
    statement = under(further, of={**OURS, "Condition": {"StringEquals": equals}}, **changes)

    assert result(statement) == (under(further),)


def test_a_statement_that_is_right_stays_as_it_is_written() -> None:
    statement = under(ADDRESS, Sid="Web", Action=["sts:assumerolewithwebidentity"])
    assert result(statement) == (statement,)


@pytest.mark.parametrize(
    ("statements", "left"),
    [
        pytest.param([], [OURS], id="none"),
        pytest.param([OURS, OURS], [OURS], id="twice"),
        pytest.param([under(ADDRESS), under(ADDRESS)], [under(ADDRESS)], id="twice-conditioned"),
        pytest.param([OURS, under(ADDRESS)], [OURS, under(ADDRESS)], id="with-and-without-condition"),
        pytest.param(
            [under(ADDRESS), under(NETWORK)], [under(ADDRESS), under(NETWORK)], id="several-conditioned"
        ),
        pytest.param(
            [{**OURS, **WRONG_ACTION}, under(ADDRESS)], [under(ADDRESS)], id="broken-without-condition"
        ),
        pytest.param(
            [under(NETWORK, **WRONG_ACTION), under(ADDRESS)], [under(ADDRESS)], id="broken-with-condition"
        ),
        pytest.param(
            [{**OURS, **WRONG_ACTION}, under(NETWORK, **WRONG_ACTION)],
            [OURS, under(NETWORK)],
            id="all-broken-alike",
        ),
        pytest.param([STALE], [OURS], id="stale"),
        pytest.param([under(ADDRESS, of=STALE)], [under(ADDRESS)], id="stale-conditioned"),
        pytest.param([under(ADDRESS, of=STALE), OURS], [OURS], id="stale-conditioned-beside-ours"),
        pytest.param([STALE, under(ADDRESS)], [under(ADDRESS)], id="stale-beside-ours-conditioned"),
        pytest.param(
            [{**OURS, **WRONG_ACTION}, under(ADDRESS, of=STALE)], [under(ADDRESS)], id="stale-beside-broken"
        ),
    ],
)
def test_of_several_statements_those_stay_that_leave_the_trust_as_wide(
    statements: list[Any], left: list[Any]
) -> None:
    assert result(*statements) == tuple(left)


PARTS = [
    OURS,
    under(ADDRESS),
    under(NETWORK),
    {**OURS, **WRONG_ACTION},
    under(ADDRESS, **WRONG_ACTION),
    {**OURS, "Condition": {"StringEquals": SUBJECT}},
    under(NETWORK, of={**OURS, "Condition": {"StringEquals": {**SUBJECT, f"{HOST}:aud": "other"}}}),
]


@pytest.mark.parametrize("statements", list(product(PARTS, repeat=2)), ids=lambda _: "")
def test_where_our_tokens_are_trusted_nothing_becomes_wider_or_narrower(
    statements: tuple[Any, ...],
) -> None:
    before = admission(trust_policy(statements), GRANT)
    if before.is_possible:
        after = admission(trust_policy(result(*statements)), GRANT)
        assert (after.verdict, set(after.conditions)) == (before.verdict, set(before.conditions))


def test_rebinding_moves_conditions_on_the_issuers_claims_along() -> None:
    statement = under({"StringLike": {f"{OLD_HOST}:sub": "system:*"}, **ADDRESS}, of=STALE)
    assert result(statement) == (under({"StringLike": {f"{HOST}:sub": "system:*"}, **ADDRESS}),)


def test_what_has_no_counterpart_is_told() -> None:
    broken = {**OURS, **WRONG_ACTION}
    reading = read_trust(trust_policy([broken, under(ADDRESS)]), GRANT)
    assert dropped(reading, repaired(reading, GRANT), GRANT) == (broken,)


@pytest.mark.parametrize(
    "statements", [[{**OURS, **WRONG_ACTION}], [OURS, OURS], [under(ADDRESS, **WRONG_ACTION)]], ids=str
)
def test_what_is_repaired_is_not_told_as_gone(statements: list[Any]) -> None:
    reading = read_trust(trust_policy(statements), GRANT)
    assert dropped(reading, repaired(reading, GRANT), GRANT) == ()


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param({"StringEquals": {**EQUALS, "aws:SourceVpc": "vpc-1"}}, id="same-operator"),
        pytest.param({"StringEquals": EQUALS, "stringequals": {"aws:SourceVpc": "vpc-1"}}, id="other-case"),
        pytest.param(
            {"stringequals": {"aws:SourceVpc": "a"}, "StringEquals": {**EQUALS, "aws:SourceVpc": "b"}},
            id="one-key-under-two-spellings-of-an-operator",
        ),
        pytest.param({"StringEquals": {**EQUALS, "aws:SourceVpc": "a", "AWS:sourcevpc": "b"}}, id="two-keys"),
    ],
)
def test_no_condition_is_lost_when_they_are_joined(condition: dict[str, Any]) -> None:
    further = further_conditions({**OURS, "Condition": condition}, ISSUER)
    tests = [
        (operator.lower(), key, values)
        for operator, by_key in joined(OURS["Condition"], further).items()
        for key, values in by_key.items()
    ]
    expected = [
        (operator.lower(), key, values)
        for operator, by_key in condition.items()
        for key, values in by_key.items()
    ]
    assert sorted(tests) == sorted(expected)
