"""Kubeconfigs and flags that lead nowhere: one sentence, no secret, and no call to anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from unit.fakes.command_line import CommandLine
from unit.runs.shop import CREATE

SECRET = "SECRET"


def refused(line: CommandLine, *words: str, code: int = 1, **environ: str) -> str:
    """The sentence, which holds no secret; nothing was called."""
    error = line.refused(*CREATE, *words, code=code, **environ)
    assert line.world.wire.calls == []
    assert SECRET not in error
    return error


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is missing or empty; run aws eks update-kubeconfig"),
        ("[]", "is not a YAML mapping; it must contain"),
        ("just text", "is not a YAML mapping; it must contain"),
        ("a: [", "is not valid YAML at line 2, column 1; fix it"),
        ("a: \x00", "is not valid YAML"),
        ("kind: Pod", "is not a kubeconfig: its kind is not Config; specify another"),
        ("clusters: {}", "has a field clusters that is not a list"),
        ("users: [{name: 1}]", "has no name in entry 1 of users; set the name"),
        (f"users: [{{name: a, user: {SECRET}}}]", 'has a user "a" that is not a mapping; recreate'),
        ("users: [{name: a, user: {}}]", "has no current-context; specify another file with --kubeconfig"),
        ("current-context: a", "is missing or empty; run aws eks update-kubeconfig"),
        ("current-context: a\nusers: [{name: a, user: {}}]", 'has no context "a" (it has no contexts)'),
        (
            "current-context: b\ncontexts: [{name: a, context: {}}]",
            'has no context "b"; choose a context with --context: a',
        ),
        ("current-context: a\ncontexts: [{name: a, context: {}}]", "context a has no cluster; choose"),
        ("!!python/object/apply:os.system ['id']", "is not valid YAML at line 1, column 1"),
    ],
)
def test_a_file_that_is_no_kubeconfig(line: CommandLine, content: str, sentence: str) -> None:
    line.kubeconfig.write_text(content)
    error = refused(line)
    assert sentence in error
    assert str(line.kubeconfig) in error


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            "--kubeconfig nowhere",
            "kubeconfig nowhere does not exist; specify an existing file with --kubeconfig",
        ),
        ("--kubeconfig /tmp", "kubeconfig /tmp is a directory; specify a file"),
        ("--kubeconfig /dev/null", "has no contexts, clusters or users; create it with"),
        ("--context nobody", ' has no context "nobody"; choose a context with --context: arn:aws:eks:'),
        (
            "--cluster nobody",
            ' has no cluster "nobody"; choose a cluster with --cluster: demo; for an EKS cluster, use --',
        ),
        ("--user nobody", ' has no user "nobody"; choose a user with --user: demo'),
        ("--certificate-authority nowhere", "could not read the --certificate-authority file (nowhere): "),
        ("--client-certificate nowhere", "could not read the --client-certificate file (nowhere): "),
        ("--as-group a", "cannot be impersonated without a user; add --as USER"),
        ("-p missing.json", 'policy file "missing.json" does not exist'),
        ("-p bad.json", "bad.json"),
    ],
)
def test_flags_that_lead_nowhere(line: CommandLine, words: str, sentence: str) -> None:
    Path("bad.json").write_text("{")
    assert sentence in refused(line, *words.split())


@pytest.mark.parametrize(
    "flag", ["--kubeconfig", "--context", "--cluster", "--user", "--certificate-authority"]
)
def test_a_shared_flag_before_the_verb_is_heeded(line: CommandLine, flag: str) -> None:
    assert "nowhere" in line.refused(flag, "nowhere", *CREATE)
    assert line.world.wire.calls == []


def test_a_region_that_cannot_be_one_is_refused_from_the_words_alone(line: CommandLine) -> None:
    assert "mars" in refused(line, "--region", "mars", code=2)


@pytest.mark.parametrize(
    ("variable", "sentence"),
    [
        ("/dev/null", "no kubeconfig found: /dev/null is missing or empty; run aws eks"),
        ("/a:/b", "no kubeconfig found: /a and /b are missing or empty; run aws eks"),
    ],
)
def test_files_of_the_environment_that_are_missing(line: CommandLine, variable: str, sentence: str) -> None:
    assert sentence in refused(line, KUBECONFIG=variable)


def test_several_files_are_merged(line: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "first").write_text("current-context: other")
    (tmp_path / "third").write_text("clusters: 1")
    first, second, third = tmp_path / "first", line.kubeconfig, tmp_path / "third"
    error = refused(line, KUBECONFIG=f"{first}:/nowhere:{second}")
    assert 'has no context "other"; choose a context with --context: arn:aws:eks:' in error
    assert "third has a field clusters" in refused(line, KUBECONFIG=f"{second}:{third}")


def test_json_is_asked_for_and_nothing_but_the_error_comes(line: CommandLine) -> None:
    line.kubeconfig.write_text(json.dumps({"users": 1}))
    assert "has a field users that is not a list" in refused(line, "-o", "json")
