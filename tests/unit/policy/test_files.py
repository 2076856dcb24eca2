"""Policy files that cannot be used: which file, what is wrong, what mends it; before any call."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidFile, InvalidValue
from ansible_collections.iamsa.eks.plugins.module_utils.policy.files import read_policies
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import (
    InlinePolicy,
    PolicyArn,
    PolicyName,
)

ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
GOOD = {"Version": "2012-10-17", "Statement": ALLOW}


def policy(**changed: Any) -> str:
    return json.dumps(
        {**GOOD, "Statement": {key: value for key, value in {**ALLOW, **changed}.items() if value}}
    )


def filled(characters: int) -> str:
    return policy(Sid=None, Resource=["arn:aws:s3:::" + "x" * (characters - 100)])


BAD = [
    ("empty", b"", "is empty", "write"),
    ("only white space", b" \n\t", "is empty", "write"),
    ("not UTF-8", b'{"Version": "\xff"}', "UTF-8", ""),
    ("UTF-16", json.dumps(GOOD).encode("utf-16"), "UTF-", ""),
    ("no JSON", b'{\n  "Version": }', "line 2, column 14", ""),
    ("cut off", b'{"Version": "2012-10-17",', "line 1, column", ""),
    ("trailing comma", b'{"Version": "2012-10-17",\n}', "line ", ""),
    ("something after", json.dumps(GOOD).encode() + b" x", "line 1, column", ""),
    ("YAML", b"Version: 2012-10-17\n", "line 1, column 1", ""),
    ("duplicate key", b'{"Version": "2012-10-17", "Version": "2012-10-17"}', 'duplicate key "Version"', ""),
    ("NaN", b'{"Version": NaN}', "NaN", ""),
    ("Infinity", b'{"Version": -Infinity}', "Infinity", ""),
    ("deep", b"[" * 100_000, "", ""),
    ("list", b"[]", "contains a list", "write an object"),
    ("text", b'"x"', "contains", "write an object"),
    ("null", b"null", "contains null", "write an object"),
    (
        "wrong Version",
        json.dumps({**GOOD, "Version": "2012"}).encode(),
        'invalid Version "2012"',
        "2012-10-17",
    ),
    ("missing Statement", b'{"Version": "2012-10-17"}', "has no Statement", "write"),
    ("empty Statement", b'{"Version": "2012-10-17", "Statement": []}', "empty Statement", "write"),
    ("unknown key", json.dumps({**GOOD, "Statements": []}).encode(), '"Statements"', "write Statement"),
    ("Principal", policy(Principal="*").encode(), "Principal", ""),
    ("wrong Effect", policy(Effect="allow").encode(), "Effect", "Allow"),
    ("missing Effect", policy(Effect=None).encode(), "Effect", "Allow"),
    ("wrong Action", policy(Action="GetObject").encode(), "Action", ""),
    ("Action is a number", policy(Action=1).encode(), "Action", ""),
    ("missing Action", policy(Action=None).encode(), "Action", ""),
    ("wrong Resource", policy(Resource="bucket").encode(), "Resource", ""),
    ("missing Resource", policy(Resource=None).encode(), "Resource", ""),
    ("too large", filled(10_500).encode(), "characters without whitespace", "managed policy"),
    ("much too large", b" " * (3 * 1024 * 1024), "", ""),
]


@pytest.mark.parametrize(
    ("content", "problem", "remedy"), [case[1:] for case in BAD], ids=[case[0] for case in BAD]
)
def test_a_file_that_is_no_policy(tmp_path: Path, content: bytes, problem: str, remedy: str) -> None:
    path = tmp_path / "reader.json"
    path.write_bytes(content)
    with pytest.raises(InvalidFile) as caught:
        read_policies([str(path)])
    said = str(caught.value)
    assert str(path)[:60] in said
    assert problem in said
    assert remedy in caught.value.remedy
    assert caught.value.remedy
    assert said.isprintable()
    assert len(said) < 400


def no_file(path: Path) -> None: ...


def socket_file(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def circle(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (no_file, "does not exist"),
        (Path.mkdir, "is a directory"),
        (socket_file, "is not a regular file"),
        (circle, "cannot be read"),
        (os.mkfifo, "is not a regular file"),
    ],
)
def test_a_file_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Any, problem: str
) -> None:
    monkeypatch.chdir(tmp_path)
    make(Path("reader.json"))
    with pytest.raises(InvalidFile, match=f'^policy file "reader.json" {problem}'):
        read_policies(["reader.json"])


@pytest.mark.parametrize(
    "name", ["x/" * 3000 + "a.json", "a" * 120 + ".json" + "/b.json", "file://nowhere.json"]
)
def test_a_path_that_leads_nowhere(name: str) -> None:
    with pytest.raises(InvalidFile) as caught:
        read_policies([name])
    assert len(str(caught.value)) < 400


def test_a_file_without_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    # As root, whom no mode keeps out, there is no such file.
    monkeypatch.setattr("os.stat", refuse)
    with pytest.raises(InvalidFile, match="cannot be read: permission denied; make it readable"):
        read_policies(["a.json"])


def test_a_file_of_another_stem_with_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for path in (tmp_path / "a.json", tmp_path / "b" / "a.json"):
        path.write_text(policy())
    with pytest.raises(
        InvalidValue, match=r"the inline policy a would also come from .*; rename one of the files"
    ):
        read_policies([str(tmp_path / "a.json"), str(tmp_path / "b" / "a.json")])


def test_two_files_of_one_stem_are_refused_though_neither_exists() -> None:
    with pytest.raises(InvalidValue, match="the inline policy a would also come from"):
        read_policies(["x/a.json", "y/a.json"])


def test_files_that_are_too_large_together(tmp_path: Path) -> None:
    paths = [tmp_path / "a.json", tmp_path / "b.json"]
    for path in paths:
        path.write_text(filled(6_000))
    with pytest.raises(InvalidFile, match="may have only 10,240; make one of them a managed policy"):
        read_policies(map(str, paths))


def test_what_argv_tells_comes_before_what_files_say() -> None:
    with pytest.raises(InvalidValue):
        read_policies(["missing.json", "not a name"])


def test_right_ones_are_read_once_each(tmp_path: Path) -> None:
    path = tmp_path / "reader.json"
    path.write_text(policy())
    arn = "arn:aws:iam::123456789012:policy/a"
    found = read_policies([str(path), "ReadOnlyAccess", f"file://{path}", arn, "ReadOnlyAccess", arn])
    assert [type(one) for one in found] == [InlinePolicy, PolicyName, PolicyArn]
    assert isinstance(found[0], InlinePolicy)
    assert (found[0].name, found[0].document) == ("reader", GOOD)


def test_one_file_in_several_spellings_is_one_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    statement = '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}'
    (tmp_path / "reader.json").write_text(f'{{"Version": "2012-10-17", "Statement": [{statement}]}}')
    (policy,) = read_policies(["./reader.json", "file://reader.json", "reader.json"])
    assert isinstance(policy, InlinePolicy)
    assert (policy.name, policy.source) == ("reader", "./reader.json")


def test_two_spellings_of_one_file_are_one_policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "reader.json").write_text(policy())
    (tmp_path / "reader.json").symlink_to(tmp_path / "real" / "reader.json")
    (tmp_path / "writer.json").symlink_to("reader.json")
    monkeypatch.chdir(tmp_path)
    found = read_policies(["reader.json", "./real/reader.json", str(tmp_path / "reader.json"), "writer.json"])
    assert [(one.name, one.source) for one in found if isinstance(one, InlinePolicy)] == [
        ("reader", "reader.json"),
        ("writer", "writer.json"),
    ]
