# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Policy files: what is accepted, and the sentence that each mistake gets."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidFile
from ansible_collections.iamsa.eks.plugins.module_utils.policy.document import (
    document_size,
    minified,
    parse_policy_file,
)
from ansible_collections.iamsa.eks.plugins.module_utils.policy.limits import INLINE_SIZE

STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}


def policy(*statements: Any, **top: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements) or [STATEMENT], **top}


def without(key: str, **changes: Any) -> dict[str, Any]:
    statement = {**STATEMENT, **changes}
    del statement[key]
    return statement


def parse(value: Any) -> Any:
    return parse_policy_file(json.dumps(value).encode(), "p.json")


def refusal_of(raw: bytes, source: str = "p.json") -> InvalidFile:
    with pytest.raises(InvalidFile) as refusal:
        parse_policy_file(raw, source)
    return refusal.value


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(policy(), id="plain"),
        pytest.param(policy() | {"Version": "2008-10-17"}, id="earlier-version"),
        pytest.param({"Version": "2012-10-17", "Statement": STATEMENT}, id="lone-statement"),
        pytest.param(policy(Id="mine"), id="id"),
        pytest.param(policy({**STATEMENT, "Sid": "Read1"}, {**STATEMENT, "Sid": "Read2"}), id="sids"),
        pytest.param(policy({**STATEMENT, "Sid": ""}, {**STATEMENT, "Sid": ""}), id="empty-sids"),
        pytest.param(policy({**STATEMENT, "Action": "*", "Resource": "*"}), id="everything"),
        pytest.param(policy({**STATEMENT, "Action": ["s3:Get*", "ec2:Describe?pc*", "*:*"]}), id="wildcards"),
        pytest.param(policy({**STATEMENT, "Action": "kafka-cluster:Connect"}), id="service-with-dash"),
        pytest.param(policy({"Effect": "Deny", "NotAction": "iam:*", "NotResource": "*"}), id="negated"),
        pytest.param(policy({**STATEMENT, "Resource": "arn:aws:s3:::home/${aws:username}/*"}), id="variable"),
        pytest.param(policy({**STATEMENT, "Resource": "arn:*:s3:::bucket"}), id="any-partition"),
        pytest.param(policy({**STATEMENT, "Resource": "arn:aws-us-gov:sqs:*:*:q"}), id="govcloud"),
        pytest.param(
            policy({**STATEMENT, "Resource": "arn:aws:s3:::bucket/My Files/é"}), id="space-and-latin-1"
        ),
        pytest.param(policy({**STATEMENT, "Condition": {}}), id="empty-condition"),
        pytest.param(
            policy(
                {
                    **STATEMENT,
                    "Condition": {
                        "StringEqualsIfExists": {"aws:RequestTag/team": ["a", "b"]},
                        "ForAllValues:StringLike": {"aws:TagKeys": "x*"},
                        "ForAnyValue:ArnNotLikeIfExists": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"},
                        "Bool": {"aws:SecureTransport": True},
                        "NumericLessThan": {"s3:max-keys": 10},
                        "Null": {"aws:TokenIssueTime": "false"},
                    },
                }
            ),
            id="conditions",
        ),
    ],
)
def test_a_valid_document_is_returned_as_it_is(document: dict[str, Any]) -> None:
    assert parse(document) == document


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        pytest.param(b"", 'policy file "p.json" is empty', id="empty"),
        pytest.param(b" \n\t ", "is empty", id="blank"),
        pytest.param("{}".encode("utf-16"), "looks like UTF-16", id="utf-16"),
        pytest.param("{}".encode("utf-16-be"), "looks like UTF-16", id="utf-16-without-bom"),
        pytest.param("{}".encode("utf-32"), "looks like UTF-16 or UTF-32", id="utf-32"),
        pytest.param(
            b'{\n"a": "\xe9"}', r'^line 2 of policy file "p.json" is not UTF-8: byte 0xe9 at', id="latin-1"
        ),
        pytest.param(b"{\n  'a': 1}", "^line 2, column 3 of .* is not valid JSON", id="single-quotes"),
        pytest.param(b'{"a": 1,\n}', r"^line [12], column \d+ of .* not valid JSON", id="trailing-comma"),
        pytest.param(b'{"a": "b', "^line 1, column 7 of .* not valid JSON", id="unterminated"),
        pytest.param(b'{"a": 1} x', "^line 1, column 10 of .* not valid JSON", id="text-after-it"),
        pytest.param(b"{} // why", "not valid JSON", id="comment"),
        pytest.param(b"Version: x", "^line 1, column 1 of .* not valid JSON", id="yaml"),
        pytest.param(
            "{“Version”: 1}".encode(),
            "^line 1, column 2 of .* not valid JSON: it contains a curly quote there; replace",
            id="curly-quotes",
        ),
        pytest.param(
            '{\n\u00a0"Version": 1}'.encode(),
            "^line 2, column 1 of .* not valid JSON: it contains a no-break space there; replace",
            id="no-break-space",
        ),
        pytest.param(
            b'{"a": {"b": 1,\n "b": 2}}', '^line 2, column 2 of .* has the duplicate key "b"', id="duplicate"
        ),
        pytest.param(b'{"b": 1, "\\u0062": 2}', 'has the duplicate key "b"', id="duplicate-in-disguise"),
        pytest.param(b'{"a": 1,\n"b": NaN}', "^line 2, column 6 of .* contains NaN", id="nan"),
        pytest.param(b'{"a": -Infinity}', "contains -Infinity", id="infinity"),
        pytest.param(
            b'{"a": "NaN", "b": 1e999}', "^line 1, column 19 of .* contains 1e999", id="too-large-a-number"
        ),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", 'contains 9{20}…|unknown key "a"', id="endless-digits"),
        pytest.param(b"[" * 100_000, "nested more than 32 levels", id="endless-nesting"),
        pytest.param(b'{"a":' * 40 + b"1" + b"}" * 40, "nested more than 32 levels", id="deep-nesting"),
        pytest.param(b" " * 1024 * 1024 + b"{}", "1,048,578 bytes", id="huge"),
        pytest.param(b"[]", "contains a list; write an object", id="list"),
        pytest.param(b'"s"', "contains a string", id="string"),
        pytest.param(b"null", "contains null", id="null"),
        pytest.param(b"true", "contains a boolean", id="boolean"),
        pytest.param(b"1", "contains a number", id="number"),
    ],
)
def test_what_is_no_json_object_is_refused(raw: bytes, says: str) -> None:
    refusal = refusal_of(raw)
    assert refusal.remedy
    with pytest.raises(InvalidFile, match=says):
        raise refusal


@pytest.mark.parametrize(
    ("document", "says"),
    [
        pytest.param(policy(Version="2012-10-18"), 'invalid Version "2012-10-18"', id="other-version"),
        pytest.param(policy(Version=["2012-10-17"]), "has a list as Version", id="version-list"),
        pytest.param(policy(Version=None), "has null as Version", id="version-null"),
        pytest.param(policy(Version=2012), "has a number as Version", id="version-number"),
        pytest.param(policy(version="x"), 'unknown key "version"; write Version', id="case-of-version"),
        pytest.param(policy(Statements=[]), 'unknown key "Statements"; write Statement', id="plural"),
        pytest.param(policy(Comment="x"), 'unknown key "Comment"; remove it', id="unknown-key"),
        pytest.param(policy(Id=1), "has a number as Id", id="id"),
        pytest.param({"Version": "2012-10-17"}, "has no Statement", id="no-statement"),
        pytest.param(policy(Statement=[]), "has an empty Statement", id="empty-list"),
        pytest.param(policy(Statement={}), "has an empty Statement", id="empty-statement"),
        pytest.param(policy(Statement="x"), "has a string as Statement", id="statement-string"),
        pytest.param(
            policy(STATEMENT, "x"), '^Statement 2 of policy file "p.json" is a string', id="no-object"
        ),
        pytest.param(
            policy({**STATEMENT, "Principal": "*"}), "^Statement 1 .* has a Principal", id="principal"
        ),
        pytest.param(policy({**STATEMENT, "NotPrincipal": "*"}), "has a NotPrincipal", id="not-principal"),
        pytest.param(
            policy({**STATEMENT, "Resources": "*"}), '"Resources"; write Resource', id="statement-key"
        ),
        pytest.param(policy({**STATEMENT, "Reason": "x"}), 'unknown key "Reason"; remove it', id="odd-key"),
        pytest.param(policy({**STATEMENT, "Sid": 1}), "has a number as Sid", id="sid-number"),
        pytest.param(
            policy({**STATEMENT, "Sid": "read me"}), 'has the invalid Sid "read me"', id="sid-space"
        ),
        pytest.param(policy({**STATEMENT, "Sid": "a\n"}), r'has the invalid Sid "a\\n"', id="sid-newline"),
        pytest.param(
            policy({**STATEMENT, "Sid": "A"}, {**STATEMENT, "Sid": "A"}),
            '^Statement 2 .* same Sid "A" as Statement 1',
            id="sids",
        ),
        pytest.param(policy(STATEMENT, without("Effect")), "^Statement 2 .* has no Effect", id="no-effect"),
        pytest.param(
            policy({**STATEMENT, "Effect": "allow"}),
            r'"allow"; write Allow \(case-sensitive\)',
            id="effect-case",
        ),
        pytest.param(
            policy({**STATEMENT, "Effect": "Deny "}),
            r'"Deny "; write Deny \(case-sensitive\)',
            id="effect-space",
        ),
        pytest.param(
            policy({**STATEMENT, "Effect": "Permit"}), '"Permit"; write Allow or Deny', id="effect-word"
        ),
        pytest.param(policy({**STATEMENT, "Effect": ["Allow"]}), "has a list as Effect", id="effect-list"),
        pytest.param(policy({**STATEMENT, "Effect": True}), "has a boolean as Effect", id="effect-boolean"),
        pytest.param(policy(without("Action")), "neither Action nor NotAction", id="no-action"),
        pytest.param(policy({**STATEMENT, "NotAction": "*"}), "both Action and NotAction", id="both-actions"),
        pytest.param(policy({**STATEMENT, "Action": []}), "empty list as Action", id="empty-actions"),
        pytest.param(policy({**STATEMENT, "Action": {}}), "has an object in Action", id="action-object"),
        pytest.param(
            policy({**STATEMENT, "Action": ["s3:*", 1]}), "has a number in Action", id="action-number"
        ),
        pytest.param(
            policy({**STATEMENT, "Action": "GetObject"}),
            'has the invalid Action "GetObject"',
            id="no-service",
        ),
        pytest.param(
            policy({**STATEMENT, "Action": "s3.GetObject"}), 'the invalid Action "s3.GetObject"', id="dot"
        ),
        pytest.param(policy({**STATEMENT, "Action": "s3:"}), 'the invalid Action "s3:"', id="no-action-name"),
        pytest.param(
            policy({**STATEMENT, "Action": "s3:Get:x"}), 'the invalid Action "s3:Get:x"', id="two-colons"
        ),
        pytest.param(
            policy({**STATEMENT, "Action": "s*:Get"}), r'the invalid Action "s\*:Get"', id="service-wildcard"
        ),
        pytest.param(
            policy({**STATEMENT, "Action": "s3:Get "}), 'the invalid Action "s3:Get "', id="action-space"
        ),
        pytest.param(
            policy({**STATEMENT, "Action": "s3:Get\n"}),
            r'the invalid Action "s3:Get\\n"',
            id="action-newline",
        ),
        pytest.param(
            policy({**STATEMENT, "Action": "s3:Gét"}), 'the invalid Action "s3:Gét"', id="action-unicode"
        ),
        pytest.param(policy({**STATEMENT, "Action": ""}), 'the invalid Action ""', id="action-empty"),
        pytest.param(policy(without("Action", NotAction="x")), 'the invalid NotAction "x"', id="not-action"),
        pytest.param(policy(without("Resource")), "neither Resource nor NotResource", id="no-resource"),
        pytest.param(
            policy({**STATEMENT, "NotResource": "*"}), "both Resource and NotResource", id="both-resources"
        ),
        pytest.param(policy({**STATEMENT, "Resource": []}), "empty list as Resource", id="empty-resources"),
        pytest.param(policy({**STATEMENT, "Resource": None}), "has null in Resource", id="resource-null"),
        pytest.param(
            policy({**STATEMENT, "Resource": "bucket/*"}), 'the invalid Resource "bucket/', id="no-arn"
        ),
        pytest.param(
            policy({**STATEMENT, "Resource": "arn:aws:s3"}),
            'the invalid Resource "arn:aws:s3"',
            id="short-arn",
        ),
        pytest.param(
            policy({**STATEMENT, "Resource": "arn:gcp:s3:::b"}),
            'the invalid Resource "arn:gcp',
            id="partition",
        ),
        pytest.param(policy({**STATEMENT, "Resource": "**"}), r'the invalid Resource "\*\*"', id="two-stars"),
        pytest.param(policy({**STATEMENT, "Resource": "arn:aws:s3:::b\n"}), r'b\\n"', id="resource-newline"),
        pytest.param(policy({**STATEMENT, "Condition": []}), "has a list as Condition", id="condition-list"),
        pytest.param(policy({**STATEMENT, "Condition": None}), "has null as Condition", id="condition-null"),
        pytest.param(
            policy({**STATEMENT, "Condition": {"stringequals": {"k": "v"}}}),
            "; write StringEquals",
            id="operator-case",
        ),
        pytest.param(
            policy({**STATEMENT, "Condition": {"aws:SourceIp": {"k": "v"}}}),
            'condition operator "aws:SourceIp"',
            id="key",
        ),
        pytest.param(
            policy({**STATEMENT, "Condition": {"NullIfExists": {"k": "v"}}}),
            'operator "NullIfExists"',
            id="null-exists",
        ),
        pytest.param(
            policy({**STATEMENT, "Condition": {"ForAny:Bool": {"k": "v"}}}),
            'operator "ForAny:Bool"',
            id="quantifier",
        ),
        pytest.param(
            policy({**STATEMENT, "Condition": {"Bool": "x"}}), "a string under the condition", id="no-key"
        ),
        pytest.param(
            policy({**STATEMENT, "Condition": {"Bool": {"": "x"}}}), "empty condition key", id="empty-key"
        ),
        pytest.param(
            policy({**STATEMENT, "Condition": {"Bool": {"k": {"x": 1}}}}),
            'an object as a value of .* "k"',
            id="value",
        ),
        pytest.param(
            policy({**STATEMENT, "Condition": {"Bool": {"k": ["x", None]}}}),
            'null as a value of .* "k"',
            id="null",
        ),
        pytest.param(
            policy({**STATEMENT, "Condition": {"Bool": {"k": [["x"]]}}}),
            'a list as a value of .* "k"',
            id="nested",
        ),
        pytest.param(
            policy(STATEMENT, {**STATEMENT, "Resource": "arn:aws:s3:::日"}),
            r'^Statement 2 .* contains the character "\\u65e5"',
            id="beyond-latin-1",
        ),
        pytest.param(policy({**STATEMENT, "Resource": "arn:aws:s3:::\0"}), r'character "\\x00"', id="nul"),
        pytest.param(policy({**STATEMENT, "Resource": "arn:aws:s3:::\ud800"}), r'"\\ud800"', id="surrogate"),
        pytest.param(
            policy({**STATEMENT, "Condition": {"Bool": {"k": "\x1b[31m"}}}),
            r'character "\\x1b"',
            id="escape-sequence",
        ),
    ],
)
def test_a_document_against_the_grammar_is_refused(document: dict[str, Any], says: str) -> None:
    refusal = refusal_of(json.dumps(document).encode())
    assert refusal.remedy
    assert str(refusal).isprintable()
    with pytest.raises(InvalidFile, match=says):
        raise refusal


def sized(size: int) -> dict[str, Any]:
    document = policy({**STATEMENT, "Resource": "arn:aws:s3:::"})
    document["Statement"][0]["Resource"] += "b" * (size - document_size(document).least)
    return document


def test_white_space_does_not_count_towards_the_size() -> None:
    document = sized(INLINE_SIZE)
    assert parse_policy_file(json.dumps(document, indent=8).encode(), "p.json") == document


def test_one_character_more_than_a_role_may_have_is_refused() -> None:
    with pytest.raises(InvalidFile, match=r"10,241 characters .* only 10,240; make it a managed policy"):
        parse(sized(INLINE_SIZE + 1))


def test_white_space_within_strings_may_count_or_not() -> None:
    spaced = document_size(policy({**STATEMENT, "Resource": "arn:aws:s3:::a b"}))
    plain = document_size(policy({**STATEMENT, "Resource": "arn:aws:s3:::ab"}))
    assert (spaced.least, spaced.most) == (plain.least, plain.most + 1)


def test_a_character_beyond_ascii_may_count_as_its_bytes() -> None:
    size = document_size(policy({**STATEMENT, "Resource": "arn:aws:s3:::\u00e9"}))
    assert size.most - size.least == 1


def test_what_is_sent_has_no_white_space_and_begins_with_the_version() -> None:
    document = {"Statement": [{**STATEMENT, "Resource": "arn:aws:s3:::é"}], "Version": "2012-10-17"}
    text = minified(document)
    assert text.startswith('{"Version":"2012-10-17","Statement":[{')
    assert "é" in text
    assert json.loads(text) == document


def test_the_file_is_named_with_its_control_characters_escaped() -> None:
    assert r'policy file "a\x1b[31m\n.json" is empty' in str(refusal_of(b"", "a\x1b[31m\n.json"))


def test_the_error_knows_its_file() -> None:
    assert refusal_of(b"", "dir/p.json").resource == "dir/p.json"


@pytest.mark.parametrize(
    "document",
    [
        policy(**{"x" * 9000: 1}),
        policy({**STATEMENT, "Action": "x" * 9000}),
        policy({**STATEMENT, "Sid": "-" * 9000}),
        policy(Version="x" * 9000),
        policy({**STATEMENT, "Condition": {"x" * 9000: {}}}),
    ],
)
def test_no_sentence_prints_a_long_value_whole(document: dict[str, Any]) -> None:
    assert len(str(refusal_of(json.dumps(document).encode()))) < 400


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["*", "Allow"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)
_KEYS = st.sampled_from(
    ["Version", "Statement", "Effect", "Action", "Resource", "Condition", "Sid", "Principal"]
)


@given(st.binary(max_size=200))
def test_any_bytes_are_accepted_or_refused_on_one_printable_line(raw: bytes) -> None:
    sentence = ""
    try:
        parse_policy_file(raw, "p.json")
    except InvalidFile as refusal:
        sentence = str(refusal)
    assert sentence.isprintable()


@given(st.dictionaries(_KEYS, _VALUES), st.lists(st.dictionaries(_KEYS, _VALUES), max_size=2), st.booleans())
def test_any_json_is_accepted_or_refused_on_one_printable_line(
    top: dict[str, Any], statements: list[dict[str, Any]], merge: bool
) -> None:
    statements = [{**STATEMENT, **statement} for statement in statements]
    document = {"Version": "2012-10-17", "Statement": statements} if merge else top
    sentence = ""
    try:
        assert parse(document) == document
    except InvalidFile as refusal:
        sentence = str(refusal)
    assert sentence.isprintable()


@given(st.text(alphabet='{}[]",:\\ \nNaInfity0123456789e-u', max_size=80))
def test_text_that_is_almost_json_is_refused(text: str) -> None:
    with pytest.raises(InvalidFile):
        parse_policy_file(text.encode(), "p.json")


def test_a_byte_order_mark_is_not_part_of_the_document() -> None:
    assert parse_policy_file(b"\xef\xbb\xbf" + json.dumps(policy()).encode(), "p.json") == policy()


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (
            {"RoleName": "r", "PolicyName": "p", "PolicyDocument": policy()},
            "is the output of aws iam get-role-policy; keep only the value of its key PolicyDocument",
        ),
        (
            {"PolicyVersion": {"VersionId": "v1", "Document": policy()}},
            "is the output of aws iam get-policy-version; keep only the value of its key Document",
        ),
        (
            policy(
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "x"},
                    "Action": ["sts:AssumeRole", "sts:TagSession"],
                }
            ),
            "is a trust policy, which defines who can assume a role",
        ),
    ],
)
def test_a_near_miss_is_named(document: dict[str, Any], says: str) -> None:
    assert says in str(refusal_of(json.dumps(document).encode()))
