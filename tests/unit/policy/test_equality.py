# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documents are compared by meaning."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.iamsa.eks.plugins.module_utils.policy.equality import canonical, same_meaning

ALLOW = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": ["arn:aws:s3:::b/*"]}
DENY = {"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"}
TRUST = {
    "Effect": "Allow",
    "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/oidc.example/id/A"},
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {
        "StringEquals": {"oidc.example/id/A:aud": "sts.amazonaws.com", "oidc.example/id/A:sub": "s"}
    },
}


def document(*statements: Any, version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


def principal(value: Any) -> dict[str, Any]:
    return document({**TRUST, "Principal": value})


def condition(value: Any) -> dict[str, Any]:
    return document({**ALLOW, "Condition": value})


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(document(ALLOW), {"Version": "2012-10-17", "Statement": ALLOW}, id="lone-statement"),
        pytest.param(document(ALLOW, DENY), document(DENY, ALLOW), id="order-of-statements"),
        pytest.param(document(ALLOW), document(ALLOW, ALLOW), id="statement-twice"),
        pytest.param(document(DENY), document({**DENY, "Action": ["s3:Delete*"]}), id="action-in-a-list"),
        pytest.param(document(DENY), document({**DENY, "Action": "S3:DELETE*"}), id="case-of-actions"),
        pytest.param(
            document({"Effect": "Deny", "NotAction": "S3:x", "NotResource": "*"}),
            document({"Effect": "Deny", "NotAction": ["s3:X"], "NotResource": ["*"]}),
            id="negated-elements",
        ),
        pytest.param(document(ALLOW), document({**ALLOW, "Sid": "Read"}), id="sid"),
        pytest.param(document(ALLOW), {"Id": "x", **document(ALLOW)}, id="id"),
        pytest.param({"Statement": [ALLOW]}, document(ALLOW, version="2008-10-17"), id="absent-version"),
        pytest.param(document(ALLOW), condition({}), id="empty-condition"),
        pytest.param(document(ALLOW), condition({"Bool": {}}), id="operator-without-keys"),
        pytest.param(
            condition({"Bool": {"aws:SecureTransport": True}}),
            condition({"bool": {"AWS:securetransport": ["true"]}}),
            id="boolean-and-case-of-operator-and-key",
        ),
        pytest.param(
            condition({"NumericLessThan": {"s3:max-keys": 10}}),
            condition({"NumericLessThan": {"s3:max-keys": "10"}}),
            id="number",
        ),
        pytest.param(
            condition({"StringLike": {"k": ["a", "b"]}}),
            condition({"StringLike": {"k": ["b", "a", "b"]}}),
            id="order-of-condition-values",
        ),
        pytest.param(principal("*"), principal({"AWS": "*"}), id="everyone"),
        pytest.param(
            principal({"AWS": "123456789012"}),
            principal({"AWS": ["arn:aws-cn:iam::123456789012:root"]}),
            id="account",
        ),
    ],
)
def test_means_the_same(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert same_meaning(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param(document(ALLOW), document(DENY), id="another-statement"),
        pytest.param(document(ALLOW), document(ALLOW, DENY), id="one-more-statement"),
        pytest.param(document(ALLOW), document(), id="no-statement"),
        pytest.param(document(ALLOW), document({**ALLOW, "Effect": "Deny"}), id="effect"),
        pytest.param(document(ALLOW), document({**ALLOW, "Effect": "allow"}), id="case-of-effect"),
        pytest.param(document(ALLOW), document(ALLOW, version="2008-10-17"), id="version"),
        pytest.param(document(DENY), document({**DENY, "Resource": "arn:aws:s3:::b"}), id="resource"),
        pytest.param(
            document({**DENY, "Resource": "arn:aws:s3:::b"}),
            document({**DENY, "Resource": "arn:aws:s3:::B"}),
            id="case-of-resources",
        ),
        pytest.param(
            document(DENY), document({**DENY, "Action": ["s3:Delete*", "s3:Get*"]}), id="one-more-action"
        ),
        pytest.param(
            document({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}),
            document({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}),
            id="negation",
        ),
        pytest.param(document(ALLOW), condition({"Bool": {"aws:SecureTransport": "true"}}), id="condition"),
        pytest.param(
            condition({"Bool": {"aws:SecureTransport": True}}),
            condition({"Bool": {"aws:SecureTransport": False}}),
            id="condition-value",
        ),
        pytest.param(
            condition({"StringEquals": {"k": "a"}}),
            condition({"StringEquals": {"k": "A"}}),
            id="case-of-values",
        ),
        pytest.param(
            condition({"StringEquals": {"k": "a"}}), condition({"StringLike": {"k": "a"}}), id="operator"
        ),
        pytest.param(
            condition({"StringEquals": {"k": "a"}}),
            condition({"StringEquals": {"k": ["a", "b"]}}),
            id="widened",
        ),
        pytest.param(
            condition({"StringEquals": {"k": "a", "K": "b"}}),
            condition({"StringEquals": {"k": ["a", "b"]}}),
            id="both-tests-are-not-either-value",
        ),
        pytest.param(condition({"Null": {"k": []}}), condition({"Null": {"k": "x"}}), id="no-values"),
        pytest.param(principal({"AWS": "123456789012"}), principal({"AWS": "210987654321"}), id="account"),
        pytest.param(
            principal({"AWS": "123456789012"}),
            principal({"AWS": "arn:aws:iam::123456789012:role/root"}),
            id="account-and-role",
        ),
        pytest.param(principal({"Federated": "*"}), principal({"AWS": "*"}), id="principal-kind"),
        pytest.param(
            document({**DENY, "Principal": "*"}),
            document({**DENY, "NotPrincipal": "*"}),
            id="negated-principal",
        ),
    ],
)
def test_means_something_else(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert not same_meaning(a, b)


@pytest.mark.parametrize(
    "odd",
    [{}, {"Statement": None}, {"Statement": ["x"]}, condition(["x"]), condition({"a": 1}), principal(None)],
)
def test_a_document_that_AWS_would_refuse_only_equals_itself(odd: dict[str, Any]) -> None:
    assert same_meaning(odd, copy.deepcopy(odd))
    assert not same_meaning(odd, document(ALLOW))


def test_the_document_is_left_alone() -> None:
    original = document(copy.deepcopy(TRUST))
    canonical(original)
    assert original == document(TRUST)


_WORDS = st.sampled_from(["a", "b", "c", "d"])
_ACTIONS = st.lists(st.sampled_from(["s3:Get", "s3:Put", "sqs:*", "*"]), min_size=1, max_size=3, unique=True)
_RESOURCES = st.lists(_WORDS.map(lambda w: f"arn:aws:s3:::{w}"), min_size=1, max_size=3, unique=True)
_TESTS = st.dictionaries(
    _WORDS, st.lists(_WORDS, min_size=1, max_size=3, unique=True), min_size=1, max_size=2
)
_CONDITIONS = st.dictionaries(st.sampled_from(["StringEquals", "ArnLike"]), _TESTS, max_size=2)
_STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Action": _ACTIONS, "Resource": _RESOURCES},
    optional={"Condition": _CONDITIONS},
)
_DOCUMENTS = st.lists(_STATEMENTS, min_size=1, max_size=4).map(lambda statements: document(*statements))


def respelled(value: Any, chance: random.Random) -> Any:
    """The same document, written differently."""
    if isinstance(value, dict):
        items = [(key, respelled(inner, chance)) for key, inner in value.items()]
        chance.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        values = [respelled(inner, chance) for inner in value] + chance.choices(value, k=chance.randint(0, 2))
        chance.shuffle(values)
        return values[0] if len(values) == 1 and chance.random() < 0.5 else values
    return value


@given(_DOCUMENTS, st.randoms(use_true_random=False))
def test_a_document_written_differently_means_the_same(policy: dict[str, Any], chance: random.Random) -> None:
    assert same_meaning(policy, respelled(policy, chance))


@given(_DOCUMENTS, st.data())
def test_a_document_with_one_word_changed_means_something_else(
    policy: dict[str, Any], data: st.DataObject
) -> None:
    changed = copy.deepcopy(policy)
    statement = data.draw(st.sampled_from(changed["Statement"]))
    element = data.draw(st.sampled_from(["Action", "Resource", "Condition", "Effect"]))
    match element:
        case "Effect":
            statement["Effect"] = "Other"
        case "Condition":
            statement["Condition"] = {**statement.get("Condition", {}), "Bool": {"new": "true"}}
        case _:
            statement[element] = [*statement[element][1:], "new:Value"]
    assert not same_meaning(policy, changed)


@given(_DOCUMENTS)
def test_the_canonical_form_is_its_own_canonical_form_where_nothing_was_flattened(
    policy: dict[str, Any],
) -> None:
    for statement in policy["Statement"]:
        statement.pop("Condition", None)
    assert canonical(canonical(policy)) == canonical(policy)
    assert json.loads(json.dumps(canonical(policy))) == canonical(policy)
