"""Kubeconfigs that cannot be used: one sentence, no write, no secret, and no call to anything."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest
from e2e.bad import Bad
from pocket_eks.control import Control
from pocket_eks.world import World


@pytest.fixture
def bad(world: World, control: Control, tmp_path: Path) -> Bad:
    return Bad(world, control, tmp_path)


WRONG_FILES = [
    # content, what is said
    ("", "is missing or empty; run aws eks update-kubeconfig"),
    ("[]", "is not a mapping of fields; it must hold"),
    ("just text", "is not a mapping of fields; it must hold"),
    ("a: [", "is not valid YAML at line 2, column 1; mend it"),
    ("a: \x00", "is not valid YAML"),
    ("kind: Pod", "is no kubeconfig: its kind is not Config; name another"),
    ("clusters: {}", "has a field clusters that is not a list"),
    ("users: [{}]", "has no name in entry 1 of users; give it"),
    ("users: [{name: a, user: SECRET}]", "has a user a that is not a mapping; write"),
    ("users: [{name: a, user: {}}]", "has no current-context; name another file with --kubeconfig"),
    ("current-context: a", "is missing or empty; run aws eks update-kubeconfig"),
    ("current-context: a\nusers: [{name: a, user: {}}]", "has no context a: it has no contexts at all"),
    (
        "current-context: b\ncontexts: [{name: a, context: {}}]",
        "has no context b: it knows a; choose one with --context",
    ),
    ("current-context: a\ncontexts: [{name: a, context: {}}]", "context a names no cluster; choose"),
    ("!!python/object/apply:os.system ['id']", "is not valid YAML at line 1, column 1"),
]


@pytest.mark.parametrize(("content", "sentence"), WRONG_FILES)
def test_a_file_that_is_no_kubeconfig(bad: Bad, content: str, sentence: str) -> None:
    bad.secrets.append("SECRET")
    environ = bad.file(content)
    said = bad.create(environ=environ)
    assert sentence in said
    assert environ["KUBECONFIG"] in said
    assert bad.control.calls() == []


@pytest.mark.parametrize(
    ("words", "environ", "sentence"),
    [
        (("--kubeconfig", "nowhere"), {}, "kubeconfig nowhere does not exist; give --kubeconfig"),
        (("--kubeconfig", "/tmp"), {}, "kubeconfig /tmp is a directory; name the file itself"),
        (("--kubeconfig", "/dev/null"), {}, "names no cluster: it is empty; write it with"),
        (
            (),
            {"KUBECONFIG": "/dev/null"},
            "there is no kubeconfig: /dev/null is missing or empty; run aws eks",
        ),
        ((), {"KUBECONFIG": "/a:/b"}, "there is no kubeconfig: /a and /b are missing or empty; run aws eks"),
        (("--context", "nobody"), {}, " has no context nobody: it knows arn:aws:eks:"),
        (("--cluster", "nobody"), {}, " has no cluster nobody: it knows arn:aws:eks:"),
        (("--user", "nobody"), {}, " has no user nobody: it knows arn:aws:eks:"),
        (
            ("--certificate-authority", "nowhere"),
            {},
            "the file given to --certificate-authority, nowhere, cannot",
        ),
        (("--client-certificate", "nowhere"), {}, "the file given to --client-certificate, nowhere, cannot"),
        (("--as-group", "a"), {}, "are to be impersonated without a user; add --as USER"),
    ],
)
def test_flags_that_lead_nowhere(bad: Bad, words: Any, environ: Any, sentence: str) -> None:
    assert sentence in bad.create(*words, environ=environ)
    assert bad.control.calls() == []


def test_several_files_are_merged(bad: Bad) -> None:
    first = bad.file("current-context: other", "first")["KUBECONFIG"]
    second = bad.kubeconfig(lambda config: config.pop("preferences"), "second")["KUBECONFIG"]
    said = bad.create(environ={"KUBECONFIG": f"{first}:/nowhere:{second}"})
    assert "has no context other: it knows arn:aws:eks:" in said
    third = bad.file("clusters: 1", "third")["KUBECONFIG"]
    assert "third has a field clusters" in bad.create(environ={"KUBECONFIG": f"{second}:{third}"})


OFFLINE = [
    (("--region", "mars"), 2),
    (("-p", "bad.json"), 1),
    (("-p", "missing.json"), 1),
    (("--context", "nobody"), 1),
]


@pytest.mark.parametrize(("words", "code"), OFFLINE)
def test_bad_input_is_refused_before_anything_is_called(
    bad: Bad, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    (tmp_path / "bad.json").write_text("{")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        url = f"//127.0.0.1:{server.getsockname()[1]}"
        environ = {
            **bad.world.environ,
            **bad.cluster(server=f"https:{url}"),
            "AWS_ENDPOINT_URL": f"http:{url}",
        }
        argv = ["create", "app", "-p", "ReadOnlyAccess", *words]
        program = shutil.which("kubectl-iamsa", path=environ["PATH"])
        done = subprocess.run(
            [str(program), *argv], env=environ, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        with pytest.raises(TimeoutError):
            server.accept()
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


def test_json_is_asked_for_and_nothing_but_the_error_comes(bad: Bad) -> None:
    environ = bad.file(json.dumps({"users": 1}))
    assert "has a field users that is not a list" in bad.create("-o", "json", environ=environ)
