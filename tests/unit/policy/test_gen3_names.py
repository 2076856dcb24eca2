"""Inline policies under gen3's names: which of them are the same as a file."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.policy.gen3_names import (
    equivalent,
    same_files,
    stamped,
)
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import InlinePolicy, inline_name


def document(action: Any = "s3:GetObject") -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def policy(path: str = "reader.json") -> InlinePolicy:
    return InlinePolicy(inline_name(path), document(), path)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("reader.json", "reader-1700000000"),
        ("policies/reader.json", "reader-1700000000"),
        ("reader", "reader-1700000000"),
        # gen3 cuts a file's name at its first dot.
        ("reader.v2.json", "reader-1700000000"),
        ("reader.v2.json", "reader.v2-1700000000"),
        ("reader-1600000000.json", "reader-1600000000-1700000000"),
    ],
)
def test_the_name_that_gen3_gave_to_a_file(path: str, name: str) -> None:
    assert stamped(inline_name(path), [name]) == (name,)


@pytest.mark.parametrize(
    "name",
    [
        "reader",
        "reader-",
        "reader-170000000",
        "reader-17000000000",
        "reader-170000000x",
        "reader-170000000\uff10",
        "writer-1700000000",
        "readers-1700000000",
        "my-reader-1700000000",
        "Reader-1700000000",
        "reader.v2-1700000000",
    ],
)
def test_other_names_are_not_the_file_s(name: str) -> None:
    assert stamped("reader", [name]) == ()


def test_only_those_of_the_same_meaning_count() -> None:
    inline = {
        "reader-1700000000": document(["s3:GetObject"]),
        "reader-1700000001": document("s3:PutObject"),
        "reader-1700000002": document(),
        "reader-1700000003": None,
    }
    assert same_files(policy(), inline) == ("reader-1700000000", "reader-1700000002")


def test_one_of_them_makes_putting_the_file_needless() -> None:
    assert equivalent(policy(), {"reader-1700000000": document()}) == "reader-1700000000"
    assert equivalent(policy(), {"reader-1700000000": document("s3:PutObject")}) is None


def test_a_policy_of_the_file_s_own_name_is_the_file_s() -> None:
    assert equivalent(policy(), {"reader": document("*"), "reader-1700000000": document()}) is None
