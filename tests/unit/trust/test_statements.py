# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trust policies: which statement is ours, which is stale and which belongs to somebody else."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from unit.fakes.examples import AUDIENCE, EARLIER_ISSUER, HOME, ISSUER, OPS_STATEMENT, target

from ansible_collections.iamsa.eks.plugins.module_utils.identity.cluster import host_and_path
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.trust.repair import is_exact
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import (
    amended,
    read_trust,
    statements_of,
    trust_policy,
)
from ansible_collections.iamsa.eks.plugins.module_utils.trust.web_identity import WebIdentityGrant
from ansible_collections.iamsa.eks.plugins.module_utils.trust.words import in_words

GRANT = target().grant
EARLIER = target().grant.of_issuer(EARLIER_ISSUER)
HOST = host_and_path(ISSUER)
CLAIM = "system:serviceaccount:web:my-sa"


def ours(**changes: Any) -> dict[str, Any]:
    """Our statement with elements replaced, or removed where None."""
    changed = {**copy.deepcopy(GRANT.statement()), **changes}
    return {key: value for key, value in changed.items() if value is not None}


def when(*, operator: str = "StringEquals", **more: Any) -> dict[str, Any]:
    return {operator: {f"{HOST}:aud": AUDIENCE, f"{HOST}:sub": CLAIM}, **more}


def heading(statement: Any) -> str:
    reading = read_trust({"Statement": [statement]}, GRANT, EARLIER)
    (found,) = [name for name in ("ours", "stale", "unmanaged") if getattr(reading, name)]
    return found


def test_our_statement_says_provider_action_audience_and_subject_and_nothing_else() -> None:
    assert GRANT.statement() == {
        "Effect": "Allow",
        "Principal": {"Federated": HOME.provider_arn(ISSUER)},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{HOST}:aud": AUDIENCE, f"{HOST}:sub": CLAIM}},
    }


def test_several_subjects_stand_in_a_list() -> None:
    grant = WebIdentityGrant(GRANT.provider_arn, ISSUER, AUDIENCE, (Subject("a", "b"), Subject("c", "d")))

    subjects = grant.statement()["Condition"]["StringEquals"][f"{HOST}:sub"]
    assert subjects == ["system:serviceaccount:a:b", "system:serviceaccount:c:d"]


EXACT = [
    pytest.param(ours(), id="as-written"),
    pytest.param(ours(Sid="Web"), id="with-sid"),
    pytest.param(ours(Action=["sts:AssumeRoleWithWebIdentity"]), id="action-in-a-list"),
    pytest.param(ours(Action="sts:assumerolewithwebidentity"), id="action-in-lower-case"),
    pytest.param(ours(Principal={"Federated": [GRANT.provider_arn]}), id="provider-in-a-list"),
    pytest.param(
        ours(Condition={"StringEquals": {f"{HOST}:aud": [AUDIENCE], f"{HOST}:sub": [CLAIM]}}),
        id="values-in-lists",
    ),
    pytest.param(
        ours(Condition={"stringequals": {f"{HOST.upper()}:AUD": AUDIENCE, f"{HOST}:SUB": CLAIM}}),
        id="operator-and-keys-in-other-case",
    ),
]


@pytest.mark.parametrize("statement", EXACT)
def test_a_statement_that_means_the_same_is_exact(statement: dict[str, Any]) -> None:
    assert is_exact(read_trust(trust_policy([statement]), GRANT), GRANT)


DRIFTED = [
    pytest.param(ours(Action="sts:AssumeRole"), id="another-action"),
    pytest.param(ours(Action=["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]), id="one-action-more"),
    pytest.param(ours(Action=None, NotAction="sts:TagSession"), id="not-action"),
    pytest.param(
        ours(Condition={"StringEquals": {f"{HOST}:aud": "other", f"{HOST}:sub": CLAIM}}), id="other-audience"
    ),
    pytest.param(
        ours(Condition={"StringEquals": {f"{HOST}:aud": [AUDIENCE, "x"], f"{HOST}:sub": CLAIM}}),
        id="one-audience-more",
    ),
    pytest.param(ours(Condition={"StringEquals": {f"{HOST}:sub": CLAIM}}), id="no-audience"),
]


@pytest.mark.parametrize("statement", DRIFTED)
def test_a_statement_for_exactly_our_subject_is_ours_though_drifted(statement: dict[str, Any]) -> None:
    reading = read_trust(trust_policy([statement]), GRANT)

    assert (heading(statement), is_exact(reading, GRANT)) == ("ours", False)


CONDITIONED = [
    pytest.param(ours(Condition=when(IpAddress={"aws:SourceIp": "10.0.0.0/8"})), id="an-address"),
    pytest.param(ours(Condition=when(StringLike={f"{HOST}:sub": "*"})), id="a-further-subject-test"),
    pytest.param(ours(Condition=when(StringLike={f"{HOST}:aud": "sts.*"})), id="a-further-audience-test"),
    pytest.param(ours(Condition=when(Null={f"{HOST}:amr": "true"})), id="another-claim"),
    pytest.param(
        ours(
            Condition={"StringEquals": {**when()["StringEquals"], "aws:SourceVpc": "vpc-1"}, "Bool": {}},
        ),
        id="a-network-under-the-same-operator",
    ),
]


@pytest.mark.parametrize("statement", CONDITIONED)
def test_a_statement_of_ours_with_further_conditions_is_exact(statement: dict[str, Any]) -> None:
    reading = read_trust(trust_policy([statement]), GRANT)

    assert (heading(statement), is_exact(reading, GRANT)) == ("ours", True)


UNMANAGED = [
    pytest.param(ours(Condition={"StringEquals": {f"{HOST}:aud": AUDIENCE}}), id="no-subject"),
    pytest.param(ours(Condition=None), id="no-condition"),
    pytest.param(
        ours(Condition={"StringEquals": {f"{HOST}:sub": "system:serviceaccount:web:*"}}), id="wildcard"
    ),
    pytest.param(
        ours(Condition={"StringEquals": {f"{HOST}:sub": [CLAIM, "system:serviceaccount:web:x"]}}),
        id="a-second-subject",
    ),
    pytest.param(ours(Condition=when(operator="StringLike")), id="string-like"),
    pytest.param(ours(Condition=when(operator="StringEqualsIfExists")), id="if-exists"),
    pytest.param(ours(Condition=when(operator="ForAllValues:StringEquals")), id="for-all-values"),
    pytest.param(ours(Condition=when(operator="StringEqualsIgnoreCase")), id="ignore-case"),
    pytest.param(ours(Condition=when(operator="StringNotEquals")), id="string-not-equals"),
    pytest.param(
        ours(Condition={"StringEquals": {"other.example:sub": CLAIM}}), id="another-issuers-subject"
    ),
    pytest.param(
        ours(Principal={"Federated": HOME.provider_arn("https://other.example")}), id="another-provider"
    ),
    pytest.param(
        ours(Principal={"Federated": [GRANT.provider_arn, "cognito-identity.amazonaws.com"]}),
        id="a-second-provider",
    ),
    pytest.param(
        ours(Principal={"Federated": GRANT.provider_arn, "AWS": "999999999999"}), id="an-account-besides"
    ),
    pytest.param(ours(Principal="*"), id="everybody"),
    pytest.param(ours(Principal=None, NotPrincipal={"AWS": "999999999999"}), id="not-principal"),
    pytest.param(ours(NotPrincipal={"AWS": "999999999999"}), id="not-principal-besides"),
    pytest.param(ours(Effect="Deny"), id="deny"),
    pytest.param(dict(OPS_STATEMENT), id="aws-principal"),
    pytest.param(
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
        id="service",
    ),
]


@pytest.mark.parametrize("statement", UNMANAGED)
def test_every_other_statement_is_unmanaged(statement: dict[str, Any]) -> None:
    assert heading(statement) == "unmanaged"


def test_our_statement_under_the_earlier_issuer_is_stale() -> None:
    assert heading(EARLIER.statement()) == "stale"


def test_without_an_earlier_issuer_its_statement_is_unmanaged() -> None:
    assert read_trust(trust_policy([EARLIER.statement()]), GRANT).unmanaged


def test_our_statement_twice_is_not_exact() -> None:
    assert not is_exact(read_trust(trust_policy([ours(), ours()]), GRANT), GRANT)


def test_a_stale_statement_beside_ours_is_not_exact() -> None:
    reading = read_trust(trust_policy([ours(), EARLIER.statement()]), GRANT, EARLIER)
    assert not is_exact(reading, GRANT)


MALFORMED = [
    pytest.param("text", id="statement-is-text"),
    pytest.param(None, id="statement-is-null"),
    pytest.param(["nested"], id="statement-is-a-list"),
    pytest.param(7, id="statement-is-a-number"),
    pytest.param(ours(Condition="StringEquals"), id="condition-is-text"),
    pytest.param(ours(Condition=["StringEquals"]), id="condition-is-a-list"),
    pytest.param(ours(Condition={"StringEquals": CLAIM}), id="condition-value-is-text"),
    pytest.param(ours(Condition={"StringEquals": None}), id="condition-value-is-null"),
    pytest.param(ours(Condition={"StringEquals": [f"{HOST}:sub"]}), id="condition-value-is-a-list"),
    pytest.param(ours(Condition={"StringEquals": {f"{HOST}:sub": None}}), id="subject-is-null"),
    pytest.param(ours(Condition={"StringEquals": {f"{HOST}:sub": {"a": 1}}}), id="subject-is-a-mapping"),
    pytest.param(ours(Principal=["x"]), id="principal-is-a-list"),
    pytest.param(ours(Principal={"Federated": {"a": "b"}}), id="provider-is-a-mapping"),
    pytest.param({}, id="empty"),
]


@pytest.mark.parametrize("statement", MALFORMED)
def test_a_malformed_statement_is_unmanaged_and_can_be_told_in_words(statement: Any) -> None:
    assert heading(statement) == "unmanaged"
    assert in_words(statement)


@pytest.mark.parametrize("statement", MALFORMED)
def test_a_malformed_statement_can_be_kept_as_it_is(statement: Any) -> None:
    document = trust_policy([]) | {"Statement": [statement]}
    assert amended(document, [statement])["Statement"] == [statement]


@pytest.mark.parametrize(
    ("document", "count"),
    [
        pytest.param({"Statement": [{}, {}]}, 2, id="list"),
        pytest.param({"Statement": {"Effect": "Allow"}}, 1, id="a-single-one"),
        pytest.param({}, 0, id="none"),
        pytest.param({"Statement": None}, 0, id="null"),
        pytest.param({"Statement": "text"}, 1, id="text"),
        pytest.param({"Statement": 7}, 1, id="number"),
    ],
)
def test_statements_are_found_whether_in_a_list_or_not(document: dict[str, Any], count: int) -> None:
    assert len(statements_of(document)) == count


def test_amending_keeps_version_and_id_of_the_document() -> None:
    document = {"Version": "2008-10-17", "Id": "mine", "Statement": [dict(OPS_STATEMENT)]}

    assert amended(document, [OPS_STATEMENT, GRANT.statement()]) == {
        "Version": "2008-10-17",
        "Id": "mine",
        "Statement": [OPS_STATEMENT, GRANT.statement()],
    }


def test_amending_gives_no_version_to_a_document_without_one() -> None:
    # With 2012-10-17, ${...} in the conditions that are kept would become a policy variable.
    assert "Version" not in amended({"Statement": []}, [OPS_STATEMENT])


def test_amending_leaves_the_document_itself_alone() -> None:
    document = trust_policy([OPS_STATEMENT])
    before = copy.deepcopy(document)
    amended(document, [GRANT.statement()])
    assert document == before
