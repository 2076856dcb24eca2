# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a trust policy lets the token of web/my-sa for sts.amazonaws.com in."""

from __future__ import annotations

from typing import Any

import pytest
from unit.fakes.examples import AUDIENCE, HOME, ISSUER, PROVIDER_ARN, SUBJECT

from ansible_collections.iamsa.eks.plugins.module_utils.trust.evaluate import Admission, admission
from ansible_collections.iamsa.eks.plugins.module_utils.trust.web_identity import WebIdentityGrant

GRANT = WebIdentityGrant(PROVIDER_ARN, ISSUER, AUDIENCE, (SUBJECT,))
PREFIX = ISSUER.removeprefix("https://")
AUD, SUB = f"{PREFIX}:aud", f"{PREFIX}:sub"
OURS = GRANT.statement()


def under(**condition: Any) -> dict[str, Any]:
    """Our statement with another condition."""
    return {**OURS, "Condition": condition}


def judged(*statements: Any) -> Admission:
    return admission({"Version": "2012-10-17", "Statement": list(statements)}, GRANT)


def test_our_own_statement_lets_it_in() -> None:
    assert judged(OURS) == Admission("allowed")


def test_a_single_statement_may_stand_without_a_list() -> None:
    assert admission({"Statement": OURS}, GRANT).verdict == "allowed"


def test_nothing_said_is_a_denial() -> None:
    assert judged() == Admission("denied")


ALLOWING: list[Any] = [
    pytest.param({**OURS, "Principal": {"Federated": ["x", PROVIDER_ARN]}}, id="one-provider-of-several"),
    pytest.param({**OURS, "Principal": "*"}, id="everybody"),
    pytest.param({**OURS, "Principal": {"AWS": "*"}}, id="everybody-as-aws"),
    pytest.param(
        {**OURS, "Action": ["sts:TagSession", "STS:assumerolewithwebidentity"]}, id="action-in-any-case"
    ),
    pytest.param({**OURS, "Action": "sts:Assume*"}, id="action-by-wildcard"),
    pytest.param({**OURS, "Action": "*"}, id="every-action"),
    pytest.param(under(), id="no-condition"),
    pytest.param(
        under(StringEquals={SUB: ["system:serviceaccount:a:b", SUBJECT.claim]}), id="one-subject-of-several"
    ),
    pytest.param(under(StringLike={SUB: "system:serviceaccount:web:*"}), id="subject-by-star"),
    pytest.param(under(StringLike={SUB: "system:serviceaccount:web:my-s?"}), id="subject-by-question-mark"),
    pytest.param(under(StringNotEquals={SUB: "system:serviceaccount:a:b"}), id="all-but-another-subject"),
    pytest.param(under(stringequalsignorecase={SUB.upper(): SUBJECT.claim.upper()}), id="regardless-of-case"),
    pytest.param(under(**{"ForAnyValue:StringEquals": {AUD: [AUDIENCE, "x"]}}), id="any-value"),
    pytest.param(
        under(StringEqualsIfExists={"other.example:sub": "x"}), id="another-issuers-claim-if-it-exists"
    ),
    pytest.param(under(Null={SUB: "false"}), id="any-subject"),
]


@pytest.mark.parametrize("statement", ALLOWING)
def test_what_lets_it_in(statement: Any) -> None:
    assert judged(statement) == Admission("allowed")


DENYING: list[Any] = [
    pytest.param(
        {**OURS, "Principal": {"Federated": HOME.provider_arn("https://other")}}, id="another-provider"
    ),
    pytest.param({**OURS, "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, id="an-account"),
    pytest.param({**OURS, "Action": "sts:AssumeRole"}, id="another-action"),
    pytest.param({**OURS, "NotAction": "sts:*"}, id="all-but-these-actions"),
    pytest.param({**OURS, "Effect": "allow"}, id="effect-in-small-letters"),
    pytest.param(under(StringEquals={SUB: "system:serviceaccount:a:b"}), id="another-subject"),
    pytest.param(under(StringEquals={SUB: "system:serviceaccount:web:*"}), id="a-star-that-is-no-wildcard"),
    pytest.param(under(StringEquals={SUB: SUBJECT.claim, AUD: "x"}), id="another-audience"),
    pytest.param(under(StringNotLike={SUB: "system:serviceaccount:web:*"}), id="all-but-the-namespace"),
    pytest.param(under(StringEquals={"other.example:sub": SUBJECT.claim}), id="another-issuers-claim"),
    pytest.param(under(Null={SUB: "true"}), id="only-without-a-subject"),
    pytest.param("Allow", id="no-statement-at-all"),
]


@pytest.mark.parametrize("statement", DENYING)
def test_what_does_not_let_it_in(statement: Any) -> None:
    assert judged(statement) == Admission("denied")


def test_an_explicit_deny_wins() -> None:
    assert judged(OURS, {**OURS, "Effect": "Deny"}) == Admission("denied")


def test_a_deny_of_somebody_else_does_not_count() -> None:
    other = under(StringEquals={SUB: "system:serviceaccount:a:b"})
    assert judged(OURS, {**other, "Effect": "Deny"}) == Admission("allowed")


@pytest.mark.parametrize(
    "key", ["aws:SourceIp", "aws:CurrentTime", "sts:RoleSessionName", "aws:RequestTag/a.b:c"]
)
def test_a_condition_that_the_token_does_not_tell_leaves_it_open(key: str) -> None:
    statement = under(StringEquals={SUB: SUBJECT.claim}, StringLike={key: "x"})
    assert judged(statement) == Admission("depends", (key,))


def test_a_deny_under_an_unknown_condition_leaves_it_open() -> None:
    deny = {**under(IpAddress={"aws:SourceIp": "10.0.0.0/8"}), "Effect": "Deny"}
    assert judged(OURS, deny) == Admission("depends", ("aws:SourceIp",))


def test_one_certain_statement_is_enough() -> None:
    open_one = under(IpAddress={"aws:SourceIp": "10.0.0.0/8"})
    assert judged(open_one, OURS) == Admission("allowed")
