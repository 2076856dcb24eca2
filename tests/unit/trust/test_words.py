# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trust statements in words: all that they say, and never the opposite."""

from __future__ import annotations

from typing import Any

import pytest
from unit.fakes.examples import ISSUER, OPS_STATEMENT, target

from ansible_collections.iamsa.eks.plugins.module_utils.identity.cluster import host_and_path
from ansible_collections.iamsa.eks.plugins.module_utils.trust.words import in_words

GRANT = target().grant
OURS = GRANT.statement()
HOST = host_and_path(ISSUER)
ACTION = "sts:AssumeRoleWithWebIdentity"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        pytest.param(OURS, f"Allow sts:AssumeRoleWithWebIdentity to provider {HOST} as web/my-sa", id="ours"),
        pytest.param(
            OPS_STATEMENT, "Allow sts:AssumeRole to arn:aws:iam::999999999999:role/ops", id="aws-principal"
        ),
        pytest.param(
            {"Effect": "Deny", "Principal": "*", "Action": ["sts:AssumeRole", "sts:TagSession"]},
            "Deny sts:AssumeRole, sts:TagSession to *",
            id="everybody-two-actions",
        ),
        pytest.param(
            {"Effect": "Allow", "Principal": {"Service": ["a.aws", "b.aws"]}, "Action": "sts:AssumeRole"},
            "Allow sts:AssumeRole to a.aws, b.aws",
            id="two-services",
        ),
        pytest.param(
            {"Effect": "Allow", "NotPrincipal": {"Federated": GRANT.provider_arn}, "Action": ACTION},
            f"Allow {ACTION} to everyone except provider {HOST}",
            id="not-principal",
        ),
        pytest.param(
            {"Effect": "Deny", "NotPrincipal": {"AWS": ["1", "2"]}, "NotAction": ["sts:A", "sts:B"]},
            "Deny every action except sts:A, sts:B to everyone except 1, 2",
            id="not-action",
        ),
        pytest.param(
            {
                **OURS,
                "Condition": {
                    **OURS["Condition"],
                    "IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "::1"]},
                    "Bool": {"aws:SecureTransport": True},
                },
            },
            f"Allow {ACTION} to provider {HOST} as web/my-sa if aws:SourceIp IpAddress 10.0.0.0/8, ::1"
            " and aws:SecureTransport Bool true",
            id="further-conditions",
        ),
        pytest.param(
            {**OURS, "Condition": {"StringEquals": {f"{HOST}:aud": "other", f"{HOST}:sub": "x"}}},
            f"Allow {ACTION} to provider {HOST} as x if {HOST}:aud StringEquals other",
            id="another-audience",
        ),
        pytest.param(
            {
                "Effect": "Allow",
                "Principal": {"AWS": "1", "Federated": GRANT.provider_arn},
                "Action": ACTION,
            },
            f"Allow {ACTION} to 1, provider {HOST} as any ServiceAccount",
            id="account-before-provider",
        ),
        pytest.param(
            {**OURS, "Condition": {"StringEquals": {f"{HOST}:sub": "repo:org/repo:ref:refs/heads/main"}}},
            f"Allow {ACTION} to provider {HOST} as repo:org/repo:ref:refs/heads/main",
            id="no-service-account",
        ),
        pytest.param(
            {**OURS, "Condition": {"StringEquals": {"i:sub": "x", "i:aud": "sts.amazonaws.com"}}},
            f"Allow {ACTION} to provider {HOST} as any ServiceAccount if i:sub StringEquals x"
            " and i:aud StringEquals sts.amazonaws.com",
            id="claims-of-another-issuer",
        ),
        pytest.param({}, "? ? to ?", id="empty"),
        pytest.param("text", '"text", which is not a statement', id="no-statement"),
        pytest.param(
            {"Effect": "Allow", "Principal": {"AWS": "a\x9bb"}, "Action": "x\ny"},
            "Allow x\\ny to a\\x9bb",
            id="control-characters",
        ),
    ],
)
def test_a_statement_in_words(statement: Any, words: str) -> None:
    assert in_words(statement) == words


def test_in_words_names_subjects_in_a_steady_order() -> None:
    claims = ["system:serviceaccount:b:x", "system:serviceaccount:a:x"]
    statement = dict(OURS, Condition={"StringEquals": {f"{HOST}:sub": claims}})
    assert in_words(statement).endswith("as a/x, b/x")


@pytest.mark.parametrize(
    ("condition", "suffix"),
    [
        ({}, " as any ServiceAccount"),
        ({"StringLike": {"i:sub": "system:serviceaccount:*:*"}}, " as StringLike */*"),
        (
            {"ForAnyValue:StringEquals": {"i:sub": "system:serviceaccount:a:x"}},
            " as ForAnyValue:StringEquals a/x",
        ),
    ],
    ids=["no-subject", "wildcard", "set-operator"],
)
def test_in_words_tells_whose_tokens_are_taken(condition: dict[str, Any], suffix: str) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/i"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }
    assert in_words(statement).endswith(f"to provider i{suffix}")
