# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which part of a trust statement keeps a token out."""

from __future__ import annotations

from typing import Any

import pytest
from unit.fakes.examples import AUDIENCE, EARLIER_ISSUER, HOME, ISSUER, PROVIDER_ARN, SUBJECT

from ansible_collections.iamsa.eks.plugins.module_utils.trust.evaluate import admission
from ansible_collections.iamsa.eks.plugins.module_utils.trust.explain import trust_faults
from ansible_collections.iamsa.eks.plugins.module_utils.trust.web_identity import WebIdentityGrant

GRANT = WebIdentityGrant(PROVIDER_ARN, ISSUER, AUDIENCE, (SUBJECT,))
PREFIX = ISSUER.removeprefix("https://")
EARLIER = WebIdentityGrant(HOME.provider_arn(EARLIER_ISSUER), EARLIER_ISSUER, AUDIENCE, (SUBJECT,))
ALIAS = ISSUER.replace("oidc.eks.eu-west-1.amazonaws.com", "oidc-eks.eu-west-1.api.aws")


def statement(condition: Any = None, **changed: Any) -> dict[str, Any]:
    whole = {**GRANT.statement(), **changed}
    return whole if condition is None else {**whole, "Condition": condition}


def equals(**claims: Any) -> dict[str, Any]:
    right = {"aud": AUDIENCE, "sub": SUBJECT.claim, **claims}
    return {"StringEquals": {f"{PREFIX}:{claim}": value for claim, value in right.items()}}


LACKING: list[Any] = [
    pytest.param(statement(), {}, id="nothing"),
    pytest.param(statement({}), {}, id="no-conditions"),
    pytest.param(statement(Principal="*"), {}, id="anybody"),
    pytest.param(
        statement(Principal={"AWS": "arn:aws:iam::123456789012:root"}),
        {"principal": "arn:aws:iam::123456789012:root"},
        id="account",
    ),
    pytest.param(
        statement(Principal={"Service": ["a.amazonaws.com", "b.amazonaws.com"]}, Action="sts:AssumeRole"),
        {"principal": "a.amazonaws.com, b.amazonaws.com"},
        id="services-and-nothing-further",
    ),
    pytest.param(
        statement(Principal={"Federated": f"arn:aws:iam::999999999999:oidc-provider/{PREFIX}"}),
        {"principal": f"arn:aws:iam::999999999999:oidc-provider/{PREFIX}"},
        id="provider-of-another-account",
    ),
    pytest.param(
        statement(Principal={"Federated": HOME.provider_arn("https://token.example.com")}),
        {"principal": HOME.provider_arn("https://token.example.com")},
        id="provider-of-no-cluster",
    ),
    pytest.param(
        EARLIER.statement(), {"issuer": EARLIER_ISSUER.removeprefix("https://")}, id="earlier-issuer"
    ),
    pytest.param(
        WebIdentityGrant(HOME.provider_arn(ALIAS), ALIAS, AUDIENCE, (SUBJECT,)).statement(),
        {"issuer": ALIAS.removeprefix("https://")},
        id="issuer-under-its-other-host",
    ),
    pytest.param(
        {**EARLIER.statement(), "Action": "sts:AssumeRole"},
        {"issuer": EARLIER_ISSUER.removeprefix("https://"), "action": "sts:AssumeRole"},
        id="earlier-issuer-and-action",
    ),
    pytest.param(
        statement(EARLIER.statement()["Condition"]),
        {"issuer": EARLIER_ISSUER.removeprefix("https://")},
        id="earlier-issuer-in-the-conditions-alone",
    ),
    pytest.param(statement(Action="sts:AssumeRole"), {"action": "sts:AssumeRole"}, id="action"),
    pytest.param(statement(Action=["sts:Tag*", "sts:AssumeRole*"]), {}, id="action-by-pattern"),
    pytest.param(statement(equals(aud="x")), {"audience": "x"}, id="audience"),
    pytest.param(statement(equals(aud=["x", AUDIENCE])), {}, id="audience-among-others"),
    pytest.param(
        statement(equals(sub="system:serviceaccount:db:my-sa")),
        {"subject": "system:serviceaccount:db:my-sa"},
        id="subject",
    ),
    pytest.param(
        statement(equals(aud="x", sub="y")), {"audience": "x", "subject": "y"}, id="audience-and-subject"
    ),
    pytest.param(
        statement(equals(sub="system:serviceaccount:web:*")),
        {"wildcard": "system:serviceaccount:web:*"},
        id="star-under-equals",
    ),
    pytest.param(
        statement({"StringLike": {f"{PREFIX}:sub": "system:serviceaccount:db:*"}}),
        {"subject": "system:serviceaccount:db:*"},
        id="pattern-of-another-namespace",
    ),
    pytest.param(
        statement({"StringNotEquals": {f"{PREFIX}:sub": SUBJECT.claim}}),
        {"condition": f"StringNotEquals on {PREFIX}:sub"},
        id="excluded",
    ),
    pytest.param(
        statement({"Null": {f"{PREFIX}:sub": "true"}}),
        {"condition": f"Null on {PREFIX}:sub"},
        id="claim-that-must-be-absent",
    ),
    pytest.param(
        statement({"StringEquals": {"token.example.com:sub": "x"}}),
        {"condition": "StringEquals on token.example.com:sub"},
        id="claim-of-another-provider",
    ),
    pytest.param(statement({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), {}, id="what-no-token-tells"),
]


@pytest.mark.parametrize(("written", "lacking"), LACKING)
def test_what_keeps_the_token_out(written: dict[str, Any], lacking: dict[str, str]) -> None:
    assert GRANT.mismatches(written) == lacking


@pytest.mark.parametrize(("written", "lacking"), LACKING)
def test_nothing_is_lacking_where_the_token_is_let_in_and_only_there(
    written: dict[str, Any], lacking: dict[str, str]
) -> None:
    assert admission({"Statement": [written]}, GRANT).is_possible == (not lacking)


def test_the_statement_that_lacks_the_least_is_the_nearest() -> None:
    near, far = statement(equals(aud="x")), statement(equals(aud="x", sub="y"))
    found = trust_faults({"Statement": [far, near]}, GRANT)
    assert (found.nearest, found.mismatches) == (near, {"audience": "x"})


def test_a_statement_for_somebody_else_is_further_away_than_any_mistake() -> None:
    far, near = statement(Principal={"Service": "x"}), statement(equals(aud="x", sub="y"), Action="sts:Tag")
    assert trust_faults({"Statement": [far, near]}, GRANT).nearest == near


def test_a_deny_that_speaks_of_the_token_is_named() -> None:
    deny, other = statement(Effect="Deny"), statement(equals(sub="x"), Effect="Deny")
    found = trust_faults({"Statement": [statement(), deny, other]}, GRANT)
    assert (found.deny, found.mismatches) == ((deny,), {})


@pytest.mark.parametrize("document", [{}, {"Statement": []}, {"Statement": ["x"]}])
def test_nothing_is_nearest_where_nothing_is_allowed(document: dict[str, Any]) -> None:
    assert trust_faults(document, GRANT).nearest is None
