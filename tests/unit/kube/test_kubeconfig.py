"""Which kubeconfig files are read, which wins, and what is said about those that cannot be right."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, InvalidFile, Unlocated
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.kubeconfig import (
    merge,
    no_kubeconfig,
    parse,
    read_kubeconfig,
)
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.options import ConnectionOptions

SECRET = "s3cr3t-value"
LIMIT = Deadline(3600)
ONE_CONTEXT = """
current-context: {name}
contexts: [{{name: {name}, context: {{cluster: {name}, user: {name}}}}}]
clusters: [{{name: {name}, cluster: {{server: "https://{name}.example"}}}}]
users: [{{name: {name}, user: {{token: t-{name}}}}}]
"""


def one(name: str) -> str:
    return ONE_CONTEXT.format(name=name)


def write(path: Path, text: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


class TestWhichFile:
    def test_the_flag_wins_over_the_environment(self, tmp_path: Path) -> None:
        flag, env = write(tmp_path / "flag", one("flag")), write(tmp_path / "env", one("env"))
        config = read_kubeconfig(
            ConnectionOptions(kubeconfig=str(flag)), {"KUBECONFIG": str(env)}, Deadline(5)
        )
        assert config
        assert list(config.contexts) == ["flag"]

    def test_the_environment_wins_over_the_home_directory(self, tmp_path: Path) -> None:
        env = write(tmp_path / "env", one("env"))
        write(tmp_path / ".kube" / "config", one("home"))
        config = read_kubeconfig(
            ConnectionOptions(), {"KUBECONFIG": str(env), "HOME": str(tmp_path)}, Deadline(5)
        )
        assert config
        assert list(config.contexts) == ["env"]

    def test_else_it_is_the_one_in_the_home_directory(self, tmp_path: Path) -> None:
        write(tmp_path / ".kube" / "config", one("home"))
        config = read_kubeconfig(ConnectionOptions(), {"HOME": str(tmp_path)}, LIMIT)
        assert config
        assert config.current_context == "home"

    def test_none_at_all_is_no_error(self, tmp_path: Path) -> None:
        assert read_kubeconfig(ConnectionOptions(), {"HOME": str(tmp_path)}, LIMIT) is None

    def test_an_empty_one_by_default_is_no_error(self, tmp_path: Path) -> None:
        env = {"KUBECONFIG": str(write(tmp_path / "empty", ""))}
        assert read_kubeconfig(ConnectionOptions(), env, LIMIT) is None

    def test_none_at_all_is_an_error_where_a_context_is_asked_for(self, tmp_path: Path) -> None:
        with pytest.raises(Unlocated, match="no kubeconfig found"):
            read_kubeconfig(ConnectionOptions(context="dev"), {"HOME": str(tmp_path)}, LIMIT)

    def test_the_error_names_the_files_that_were_looked_at(self) -> None:
        error = no_kubeconfig({"KUBECONFIG": os.pathsep.join(("/a", "/b"))})
        assert "/a and /b" in str(error)
        assert "<cluster_name>" in error.remedy

    def test_missing_members_of_a_list_are_passed_over(self, tmp_path: Path) -> None:
        there = write(tmp_path / "there", one("there"))
        path = os.pathsep.join((str(tmp_path / "missing"), "", str(there)))
        config = read_kubeconfig(ConnectionOptions(), {"KUBECONFIG": path}, LIMIT)
        assert config
        assert config.files == (there,)


class TestMerge:
    def test_of_equal_names_the_first_wins_whole(self) -> None:
        first = parse("users: [{name: u, user: {token: a}}]", Path("/1"))
        second = parse("users: [{name: u, user: {token: b, username: x}}]", Path("/2"))
        assert merge([first, second]).users["u"].value == {"token": "a"}

    def test_entries_of_all_files_are_known(self) -> None:
        merged = merge([parse(one("a"), Path("/1")), parse(one("b"), Path("/2"))])
        assert set(merged.contexts) == set(merged.clusters) == set(merged.users) == {"a", "b"}

    def test_the_first_current_context_that_is_set_wins(self) -> None:
        configs = [parse(text, Path("/x")) for text in ("current-context: ''", one("b"), one("c"))]
        assert merge(configs).current_context == "b"

    def test_an_entry_keeps_its_own_file(self) -> None:
        merged = merge([parse(one("a"), Path("/1/f")), parse(one("b"), Path("/2/f"))])
        assert merged.clusters["b"].file == Path("/2/f")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param("", "has no contexts, clusters or users", id="empty"),
        pytest.param("# only a comment\n", "has no contexts, clusters or users", id="comment"),
        pytest.param("{}", "has no contexts, clusters or users", id="empty mapping"),
        pytest.param(b"\xff\x00k", "is not UTF-8 text", id="not UTF-8"),
        pytest.param(b"\xff\xfe\x00", "is not UTF-8 text", id="half a character of UTF-16"),
        pytest.param(f"a: b: {SECRET}", "is not valid YAML at line 1, column 5", id="invalid YAML"),
        pytest.param(f"a: 1\n\ttoken: {SECRET}", "is not valid YAML at line 2, column 1", id="tab"),
        pytest.param("a: \x01", "is not valid YAML", id="control character"),
        pytest.param("a: !!python/object:os.system {}", "is not valid YAML at line 1", id="custom tag"),
        pytest.param("2024-99-99", "is not valid YAML", id="a date that is none"),
        pytest.param(SECRET, "is not a YAML mapping", id="a word"),
        pytest.param("- a", "is not a YAML mapping", id="a list"),
        pytest.param("kind: Deployment", "its kind is not Config", id="another kind"),
        pytest.param("apiVersion: v2", "has an apiVersion other than v1", id="another version"),
        pytest.param("apiVersion: 1", "has an apiVersion other than v1", id="a number as version"),
        pytest.param("contexts: {}", "field contexts that is not a list", id="contexts a mapping"),
        pytest.param("users: x", "field users that is not a list", id="users a word"),
        pytest.param("clusters: [x]", "no name in entry 1 of clusters", id="entry a word"),
        pytest.param("users: [{name: ''}, null]", 'defines user "" twice', id="no name twice"),
        pytest.param("contexts: [{name: 1}]", "no name in entry 1 of contexts", id="number as name"),
        pytest.param(
            f"users: [{{name: u, user: {SECRET}}}]", 'a user "u" that is not a mapping', id="user a word"
        ),
        pytest.param("users: [{name: u}, {name: u}]", 'defines user "u" twice', id="name twice"),
        pytest.param(
            "current-context: 1", "current-context that is not a string", id="current-context a number"
        ),
    ],
)
def test_a_file_that_cannot_be_right_is_named_with_its_problem(
    content: str | bytes, problem: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "config", content)
    with pytest.raises(InvalidFile) as caught:
        read_kubeconfig(ConnectionOptions(kubeconfig=str(path)), {}, LIMIT)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert problem in sentence
    assert caught.value.remedy
    assert SECRET not in sentence
    assert "\n" not in sentence


def test_a_missing_file_is_an_error_where_the_flag_names_it(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="does not exist"):
        read_kubeconfig(ConnectionOptions(kubeconfig=str(tmp_path / "missing")), {}, LIMIT)


def test_a_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="is a directory"):
        read_kubeconfig(ConnectionOptions(), {"KUBECONFIG": str(tmp_path)}, LIMIT)


def test_a_file_that_may_not_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InvalidFile, match="cannot be read: permission denied"):
        read_kubeconfig(ConnectionOptions(), {"KUBECONFIG": str(tmp_path / "x")}, LIMIT)


def test_a_path_with_a_nul_character_is_an_error() -> None:
    with pytest.raises(IamsaError, match=r"config\\x00 cannot be read"):
        read_kubeconfig(ConnectionOptions(kubeconfig="config\0"), {}, LIMIT)


def test_a_byte_order_mark_and_json_are_taken(tmp_path: Path) -> None:
    path = write(tmp_path / "config", b'\xef\xbb\xbf{"contexts": [{"name": "a", "context": {}}]}')
    config = read_kubeconfig(ConnectionOptions(kubeconfig=str(path)), {}, LIMIT)
    assert config
    assert list(config.contexts) == ["a"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_byte_order_mark(encoding: str, tmp_path: Path) -> None:
    mark = "" if encoding == "utf-16" else "\ufeff"
    path = write(tmp_path / "config", (mark + one("a")).encode(encoding))
    config = read_kubeconfig(ConnectionOptions(kubeconfig=str(path)), {}, LIMIT)
    assert config
    assert config.current_context == "a"


def test_the_first_document_of_a_file_is_read_alone() -> None:
    assert set(parse(f"---\n{one('a')}---\n{one('b')}", Path("/k")).contexts) == {"a"}
    assert set(parse(f"{one('a')}---\na: [", Path("/k")).contexts) == {"a"}


@pytest.mark.parametrize("unused", ["null", "{}", "{name: null}", "{name: ''}", "{user: {token: x}}"])
def test_an_unused_entry_may_lack_a_name(unused: str) -> None:
    config = parse(f"users: [{{name: a}}, {unused}]", Path("/k"))
    assert set(config.users) == {"a", ""}


def test_the_value_of_an_entry_is_not_shown_by_repr() -> None:
    assert SECRET not in repr(parse(f"users: [{{name: u, user: {{token: {SECRET}}}}}]", Path("/1")))
