# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Policy files in YAML: their scalars mean what they mean in JSON, and nothing is guessed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidFile
from ansible_collections.iamsa.eks.plugins.module_utils.policy.files import read_policies
from ansible_collections.iamsa.eks.plugins.module_utils.policy.json_text import Place
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import InlinePolicy
from ansible_collections.iamsa.eks.plugins.module_utils.policy.yaml_text import parse_yaml

POLICY = """\
Version: 2012-10-17
Statement:
- Effect: Allow          # a comment
  Action: [s3:GetObject, s3:ListBucket]
  Resource: "*"
"""
PARSED = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"}],
}
# The characters that IAM allows, and no others that YAML does not.
TEXTS = st.text(st.characters(max_codepoint=0xFF, exclude_categories=["Cc"]))
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
STRINGS = ("yes", "on", "No", "True", "NULL", "~", "010", "0x1F", "1_000", ".5", "+1", "2012-10-17")
MORE_STRINGS = ("12:30:45", "1.", ".inf", ".NaN", "=", "<<")


def parsed(text: str) -> Any:
    return parse_yaml(text.encode(), Place("reader.yaml"))


@pytest.mark.parametrize("name", ["reader.yaml", "reader.yml", "reader.YAML", "./reader.yaml"])
def test_a_file_with_that_extension_is_yaml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(POLICY)
    assert read_policies([name]) == (InlinePolicy("reader", PARSED, name),)


@pytest.mark.parametrize("name", ["./reader", "./reader.json", "./reader.txt"])
def test_a_file_with_another_name_is_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(POLICY)
    with pytest.raises(InvalidFile, match="is not valid JSON"):
        read_policies([name])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[(word, word) for word in (*STRINGS, *MORE_STRINGS)],
        *[("true", True), ("false", False), ("null", None), ("", None), ("0", 0), ("-1.5e3", -1500.0)],
        *[("'true'", "true"), ('"1"', "1"), ("|\n  1", "1\n")],
    ],
)
def test_a_plain_scalar_means_what_it_means_in_json(text: str, value: Any) -> None:
    assert parsed(f"a: {text}\n") == {"a": value}


@given(JSON_VALUES)
def test_json_is_yaml(value: Any) -> None:
    assert parsed(json.dumps({"a": value})) == {"a": value}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", 'line 3, column 1 of .* duplicate key "a"', id="key-twice"),
        pytest.param("a: &x 1\n", "line 1, column 4 of .* has an anchor or an alias", id="anchor"),
        pytest.param("a: *x\n", "has an anchor or an alias", id="alias"),
        pytest.param("&x\n- 1\n", "has an anchor or an alias", id="anchor-of-a-list"),
        pytest.param("a: !Sub x\n", 'has the tag "!Sub"', id="tag"),
        pytest.param("!!map {a: 1}\n", "has the tag", id="tag-of-a-mapping"),
        pytest.param("a: 1\n---\nb: 2\n", "line 3, column 1 of .* starts a second document", id="two"),
        pytest.param("? [a]\n: 1\n", "has a key that is not a string", id="list-as-key"),
        pytest.param("a: [1\n", "line 2, column 1 of .* is not valid YAML", id="syntax"),
        pytest.param("a:\n\t- 1\n", "line 2, column 1 of .* is not valid YAML", id="tab"),
        pytest.param("a: \x01\n", "is not valid YAML: control characters", id="control"),
        pytest.param("a: 1e999\n", "line 1, column 4 of .* contains 1e999", id="infinite"),
        pytest.param(f"a: {'9' * 5000}\n", "which is not a number that AWS accepts", id="digits"),
        pytest.param("[" * 100, "is nested more than 32 levels deep", id="deep"),
        pytest.param("# nothing\n", "is empty", id="empty"),
    ],
)
def test_what_is_not_plain_data_is_refused_at_its_place(text: str, says: str) -> None:
    with pytest.raises(InvalidFile, match=says) as caught:
        parsed(text)
    assert caught.value.remedy
