# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Conditions on claims that a Kubernetes token has not, or that AWS makes no condition key of.

The gate's judge, which knows nothing of iamsa, says what AWS makes of each operator.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from pocket_eks.gate.conditions import OPERATORS, one_holds
from pocket_eks.gate.trust import context_of
from unit.fakes.examples import AUDIENCE, EARLIER_ISSUER, ISSUER, PROVIDER_ARN, SUBJECT

from ansible_collections.iamsa.eks.plugins.module_utils.trust.evaluate import admission, holds
from ansible_collections.iamsa.eks.plugins.module_utils.trust.explain import trust_faults
from ansible_collections.iamsa.eks.plugins.module_utils.trust.web_identity import WebIdentityGrant

GRANT = WebIdentityGrant(PROVIDER_ARN, ISSUER, AUDIENCE, (SUBJECT,))
PREFIX = ISSUER.removeprefix("https://")
# As kube-apiserver 1.35 writes it into a pod's token.
CLAIMS: dict[str, Any] = {
    "aud": [AUDIENCE],
    "sub": SUBJECT.claim,
    "iss": ISSUER,
    "kubernetes.io": {"namespace": "web", "serviceaccount": {"name": "my-sa"}, "node": {"name": "n"}},
}
ABSENT = [
    f"{PREFIX}:amr",
    f"{PREFIX}:AMR",
    f"{PREFIX}:email",
    f"{PREFIX}:azp",
    f"{PREFIX}:oaud",
    f"{PREFIX}:iss",
    f"{PREFIX}:jti",
    f"{PREFIX}:kubernetes.io/namespace",
    f"{PREFIX}:kubernetes.io/serviceaccount/name",
    f"{PREFIX}:aud:more",
    f"{EARLIER_ISSUER.removeprefix('https://')}:amr",
    "token.actions.githubusercontent.com:repository",
    "accounts.google.com:azp",
    "cognito-identity.amazonaws.com:amr",
    "graph.facebook.com:app_id",
    "saml:iss",
    "saml:aud",
]
ALL = [
    f"{quantifier}{operator}{if_exists}"
    for quantifier, operator, if_exists in product(
        ("", "ForAllValues:", "ForAnyValue:"), sorted(OPERATORS), ("", "IfExists")
    )
    if operator != "Null" or not (quantifier or if_exists)
]


@pytest.mark.parametrize("operator", ALL)
def test_each_operator_is_judged_as_of_an_absent_key(operator: str) -> None:
    context = context_of(PREFIX, CLAIMS)
    for key, wanted in product(ABSENT, (["x"], ["true"], ["false"], ["10.0.0.0/8", "web"])):
        expected = "yes" if one_holds(operator, key, wanted, context) else "no"
        assert holds(operator, key.lower(), wanted, GRANT.claims) == expected, key


@pytest.mark.parametrize("key", ABSENT)
def test_such_a_condition_keeps_every_token_out_and_is_named(key: str) -> None:
    statement = GRANT.statement()
    statement["Condition"]["StringLike"] = {key: "*"}
    document = {"Statement": [statement]}
    assert admission(document, GRANT).verdict == "denied"
    assert trust_faults(document, GRANT).mismatches


def test_a_key_of_a_service_that_contains_a_dot_is_not_a_claim() -> None:
    assert holds("StringEquals", "aws:principaltag/team.example:x", ["y"], GRANT.claims) == "depends"
