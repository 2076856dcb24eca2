"""Kubeconfigs and API servers that cannot be used: one sentence, no write, no secret."""

from __future__ import annotations

import base64
import json
import os
import pty
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from e2e.bad import EXEC_VERSION, Bad
from testbed.control import Control
from testbed.pki import make_pki
from testbed.world import World


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
    ("users: [{name: a, user: {}}]", "has no current-context; choose one with --context"),
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


SECRET = "c2VjcmV0LXRva2Vu"
GOOD = f'{{"kind": "ExecCredential", "apiVersion": "{EXEC_VERSION}", "status": {{"token": "{SECRET}"}}}}'
WRONG_PLUGINS = [
    ("echo 'no login' >&2; exit 3", "failed with exit code 3: no login; run it by hand"),
    (f"echo {SECRET}; exit 1", "failed with exit code 1 and said nothing; run it by hand"),
    ("kill -9 $$", "failed with signal SIGKILL and said nothing; run it by hand"),
    ("printf 'a\\033[31mb\\nc\\n' >&2; exit 1", "failed with exit code 1: ab c; run it by hand"),
    (f"echo {SECRET}", "printed something that is not JSON; run it by hand"),
    ("true", "printed something that is not JSON; run it by hand"),
    (f"echo '[\"{SECRET}\"]'", "printed something that is no ExecCredential; run"),
    (f"echo '{GOOD}' | sed s/v1beta1/v1/", "answered in another apiVersion than"),
    (f"echo '{GOOD}' | sed s/token/tokn/", "gave no token; run it by hand"),
    (f"echo '{GOOD}' | sed 's/{SECRET}/{SECRET}\\\\n/'", "gave a token with characters that no token has"),
    ("head -c 3000000 /dev/zero", "printed something that is not JSON; run it by hand"),
    (f"echo '{GOOD}'", "does not accept the credentials (401 Unauthorized); log in again"),
    (
        f'echo \'{GOOD}\' | sed \'s/{{"token/{{"expirationTimestamp": "2020-01-01T00:00:00Z", "token/\'',
        "gave a token that has already expired; check this machine's clock",
    ),
]


@pytest.mark.parametrize(("script", "sentence"), WRONG_PLUGINS)
def test_a_credential_plugin_that_gives_no_good_token(bad: Bad, script: str, sentence: str) -> None:
    bad.secrets.append(SECRET)
    assert sentence in bad.create(environ=bad.plugin(script))


def test_a_credential_plugin_that_is_missing(bad: Bad) -> None:
    command = {
        "apiVersion": EXEC_VERSION,
        "command": "no-such-plugin",
        "installHint": "Install it.\nThen go.",
    }
    said = bad.create(environ=bad.user(exec=command))
    assert "the credential plugin no-such-plugin of user arn:aws:eks:" in said
    assert said.endswith(" was not found or may not be executed; Install it.")


def test_a_credential_plugin_that_hangs_is_given_up_within_the_time_limit(bad: Bad) -> None:
    said = bad.create("--timeout=2s", environ=bad.plugin("sleep 60"))
    assert bad.seconds < 4
    assert re.search(
        r"gave no credential within \S+ s; run the command by hand|gave up .* after 2 s; run", said
    )


@pytest.mark.parametrize(
    ("user", "sentence"),
    [
        ({"token": "nonsense-SECRET"}, "does not accept the credentials (401 Unauthorized); log in again"),
        ({}, "you may not "),
        ({"tokenFile": "nowhere"}, "cannot be read: no such file or directory; name a file that can"),
        ({"token": 5}, "has a field token that is not a string; put it in quotes"),
        ({"exec": {"command": "x", "apiVersion": "v0"}}, "has an apiVersion that is neither"),
        ({"exec": "SECRET"}, "has a field exec that is not a mapping"),
        ({"auth-provider": {"name": "SECRET"}}, "logs in by an auth-provider, which Kubernetes has given up"),
        ({"client-certificate-data": "SECRET"}, "has a client-certificate-data that is not base64"),
        ({"client-certificate-data": "U0VDUkVU"}, "has a client certificate without a client key"),
        (
            {"client-certificate-data": "U0VDUkVU", "client-key-data": "U0VDUkVU"},
            "cannot be used together; check that both are PEM",
        ),
        ({"as-groups": ["a"], "token": "x"}, "are to be impersonated without a user; add --as USER"),
    ],
)
def test_a_user_that_cannot_log_in(bad: Bad, user: Any, sentence: str) -> None:
    bad.secrets += ["SECRET", "U0VDUkVU"]
    assert sentence in bad.create(environ=bad.user(**user))


def test_impersonation_of_the_kubeconfig_and_of_flags_is_sent(bad: Bad) -> None:
    def impersonate(config: Any) -> None:
        config["users"][0]["user"]["as"] = "narrow"

    environ = bad.kubeconfig(impersonate)
    for said in (bad.create(environ=environ), bad.create("--as", "narrow")):
        assert 'User "narrow" cannot get resource "serviceaccounts"' in said
    said = bad.create("--as", "nobody", "--as-group", "b", "--as-uid", "c", environ=environ)
    assert 'User "nobody" cannot get resource "serviceaccounts"' in said
    narrow = {"KUBECONFIG": bad.world.variables["WORLD_KUBECONFIG_NARROW"]}
    said = bad.create("--as", "world", "--cluster-name", bad.world.cluster, environ=narrow)
    assert "you may not impersonate users: " in said


@pytest.fixture
def nobody_listens() -> str:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return f"https://127.0.0.1:{server.getsockname()[1]}"


def test_a_refused_connection(bad: Bad, nobody_listens: str) -> None:
    said = bad.create(environ=bad.cluster(server=nobody_listens))
    assert f"the API server {nobody_listens} of context arn:aws:eks:" in said
    assert said.endswith("does not answer: connection refused; is the context right, is a tunnel missing?")


@pytest.mark.parametrize(
    ("cluster", "sentence"),
    [
        ({"server": "https://no-such-host.invalid"}, "its name cannot be resolved; is the context right"),
        ({"server": "https://u:SECRET@host"}, "has a server that is no http(s) URL; write it as https://"),
        ({"server": ""}, "has no server; write the entry again"),
        ({"certificate-authority-data": "U0VDUkVU"}, "holds no certificate; write the entry again"),
        ({"certificate-authority-data": "SECRET!"}, "has a certificate-authority-data that is not base64"),
        ({"tls-server-name": "other.example"}, "is for another host name"),
        ({"proxy-url": "socks9://SECRET"}, "the proxy on the way to the API server cannot be used"),
        ({"insecure-skip-tls-verify": True}, "has both a certificate authority and insecure-skip-tls-verify"),
    ],
)
def test_a_server_that_cannot_be_used(bad: Bad, cluster: Any, sentence: str) -> None:
    bad.secrets += ["SECRET", "U0VDUkVU"]
    assert sentence in bad.create(environ=bad.cluster(**cluster))


def test_the_wrong_ca(bad: Bad, tmp_path: Path) -> None:
    other = base64.b64encode(make_pki(tmp_path / "pki").ca.read_bytes()).decode()
    said = bad.create(environ=bad.cluster(**{"certificate-authority-data": other}))
    assert "is not signed by the certificate authority that it is checked against" in said
    assert "was the cluster made anew? Write the entry again with aws eks update-kubeconfig" in said


def test_a_server_that_is_none(bad: Bad) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"https://127.0.0.1:{server.getsockname()[1]}"
        said = bad.create("--timeout=2s", environ=bad.cluster(server=url))
    assert bad.seconds < 5
    assert "gave up" in said or "did not answer" in said


@pytest.mark.parametrize("script", ["echo 'no login' >&2; exit 3", f"echo {SECRET}", "read answer; exit 1"])
def test_a_failing_plugin_on_a_terminal_is_one_sentence_too(bad: Bad, script: str) -> None:
    code, shown = on_a_terminal({**bad.world.environ, **bad.plugin(script)})
    assert code == 1
    assert shown.startswith("error: the credential plugin ")
    assert shown.count("\n") == 1
    assert SECRET not in shown


def on_a_terminal(environ: dict[str, str]) -> tuple[int, str]:
    """The exit code of a `create`, and what the terminal showed."""
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "kubectl_iamsa", "create", "app", "-p", "ReadOnlyAccess"]
    process = subprocess.Popen(words, env=environ, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    end = time.monotonic() + 30
    try:
        while time.monotonic() < end and (chunk := os.read(ours, 4096)):
            shown += chunk
    except OSError:  # Linux's word for the end of a terminal
        pass
    finally:
        os.close(ours)
    return process.wait(10), shown.decode().replace("\r\n", "\n")


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
