"""How a credential plugin is run, and what is said about one that fails. The plugins are real scripts."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, TimedOut
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.context import ContextEntry, select
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.exec_plugin import run_plugin
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.kubeconfig import parse
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.login import Login
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.options import ConnectionOptions

V1, V1BETA1 = "client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"
SECRET = "k8s-aws-v1.s3cr3t"
LOGIN = f"Bearer {SECRET}"
NOTHING = "returned neither a token nor a client certificate"
PAST = "2020-01-01T00:00:00Z"


def credential(version: str = V1BETA1, **status: Any) -> str:
    return json.dumps({"kind": "ExecCredential", "apiVersion": version, "status": status})


class Plugin:
    """A script beside a kubeconfig that names it."""

    def __init__(self, folder: Path, script: str, **section: Any) -> None:
        path = folder / "plugin"
        path.write_text(f"#!/bin/sh\n{dedent(script)}\n")
        path.chmod(0o755)
        self.config = folder / "config"
        self.section = {"apiVersion": V1BETA1, "command": str(path), **section}

    def write(self) -> Path:
        cluster = {
            "server": "https://api.example",
            "certificate-authority-data": "UEVN",
            "extensions": [{"name": "client.authentication.k8s.io/exec", "extension": {"key": "value"}}],
        }
        document = {
            "current-context": "dev",
            "contexts": [{"name": "dev", "context": {"cluster": "dev", "user": "me"}}],
            "clusters": [{"name": "dev", "cluster": cluster}],
            "users": [{"name": "me", "user": {"exec": self.section}}],
        }
        self.config.write_text(yaml.safe_dump(document))
        return self.config

    def run(self, seconds: float = 30) -> Login:
        return run(self.write(), seconds)


def run(config: Path, seconds: float = 30) -> Login:
    entry: ContextEntry = select(parse(config.read_text(), config), ConnectionOptions(), Deadline(5))
    assert entry.exec_section
    return run_plugin(entry, entry.exec_section, dict(os.environ), Deadline(seconds))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_a_client_certificate_is_taken_beside_the_token(folder: Path) -> None:
    printed = credential(token=SECRET, clientCertificateData="cert", clientKeyData="key")
    login = Plugin(folder, f"echo '{printed}'").run()
    assert (login.header, login.client_pair) == (f"Bearer {SECRET}", (b"cert", b"key"))


def test_a_client_certificate_alone_is_taken(folder: Path) -> None:
    login = Plugin(folder, f"echo '{credential(clientCertificateData='cert', clientKeyData='key')}'").run()
    assert (login.header, login.client_pair) == (None, (b"cert", b"key"))


@pytest.mark.parametrize("version", [V1, V1BETA1])
def test_the_token_is_taken_from_what_it_prints(version: str, folder: Path) -> None:
    plugin = Plugin(folder, f"echo '{credential(version, token=SECRET)}'", apiVersion=version)
    assert plugin.run().header == LOGIN


def test_it_gets_its_arguments_one_by_one_and_no_shell_sees_them(folder: Path) -> None:
    script = f"""[ "$#" = 2 ] && [ "$2" = '$(exit 9); b' ] && echo '{credential(token=SECRET)}'"""
    assert Plugin(folder, script, args=["a", "$(exit 9); b"]).run().header == LOGIN


def test_its_environment_is_ours_with_the_kubeconfigs_on_top(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OURS", "1")
    monkeypatch.setenv("AWS_PROFILE", "ours")
    script = f"""[ "$OURS$AWS_PROFILE" = 1theirs ] && echo '{credential(token=SECRET)}'"""
    assert Plugin(folder, script, env=[{"name": "AWS_PROFILE", "value": "theirs"}]).run().header == LOGIN


def test_a_relative_command_starts_from_the_kubeconfigs_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    plugin = Plugin(folder, f"echo '{credential(token=SECRET)}'", command="./plugin")
    assert plugin.run().header == LOGIN


@pytest.mark.parametrize("command", ["./plugin", "sub/../plugin", "./aws"])
def test_a_relative_command_is_found_beside_a_kubeconfig_of_the_current_folder(
    command: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name alone, as in KUBECONFIG=config, has no folder in it."""
    (folder / "sub").mkdir()
    plugin = Plugin(folder, f"echo '{credential(token=SECRET)}'", command=command)
    (folder / "aws").symlink_to("plugin")
    plugin.write()
    stranger = folder / "path" / "aws"
    stranger.parent.mkdir()
    stranger.write_text("#!/bin/sh\nexit 9\n")
    stranger.chmod(0o755)
    monkeypatch.setenv("PATH", f"{stranger.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(folder)
    assert run(Path("config")).header == LOGIN


def test_a_bare_command_is_looked_up_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    plugin = Plugin(folder, f"echo '{credential(token=SECRET)}'", command="plugin")
    assert plugin.run().header == LOGIN


class TestExecInfo:
    def info(self, folder: Path, **section: Any) -> dict[str, Any]:
        script = f"""printf %s "$KUBERNETES_EXEC_INFO" > '{folder}/info'; echo '{credential(token=SECRET)}'"""
        Plugin(folder, script, **section).run()
        info: dict[str, Any] = json.loads((folder / "info").read_text())
        return info

    def test_it_says_that_nobody_can_be_asked(self, folder: Path) -> None:
        expected = {"kind": "ExecCredential", "apiVersion": V1BETA1, "spec": {"interactive": False}}
        assert self.info(folder) == expected

    def test_it_describes_the_cluster_on_request(self, folder: Path) -> None:
        assert self.info(folder, provideClusterInfo=True)["spec"]["cluster"] == {
            "server": "https://api.example",
            "certificate-authority-data": "UEVN",
            "config": {"key": "value"},
        }


@pytest.mark.parametrize(
    "form", ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.123456789Z", "%Y-%m-%dT%H:%M:%S+00:00"]
)
def test_the_tokens_end_is_known(form: str, folder: Path) -> None:
    later = (datetime.now(timezone.utc) + timedelta(minutes=14)).strftime(form)
    token = Plugin(folder, f"echo '{credential(token=SECRET, expirationTimestamp=later)}'").run()
    assert token.expires
    assert not token.has_expired


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        pytest.param(
            "echo 'Unable to locate credentials' >&2; exit 255",
            "failed with exit code 255: Unable to locate credentials",
            id="fails",
        ),
        pytest.param("exit 3", "failed with exit code 3 and printed nothing to stderr", id="fails silently"),
        pytest.param(
            f"echo {SECRET}; exit 3",
            "failed with exit code 3 and printed nothing to stderr",
            id="fails after a token",
        ),
        pytest.param(
            "printf 'a\\n\\nb\\033[31mred\\033[0m\\007\\nlast\\n' >&2; exit 1",
            r": bred\x07 last",
            id="fails in colour",
        ),
        pytest.param("kill -9 $$", "failed with signal SIGKILL", id="is killed"),
        pytest.param(
            f"yes {SECRET}", "printed more output than a credential can have", id="prints without an end"
        ),
        pytest.param(
            "yes '' | head -c 9000000 >&2; echo last >&2; exit 1",
            "failed with exit code 1: last",
            id="complains without an end",
        ),
        pytest.param("true", "printed output that is not JSON", id="nothing"),
        pytest.param(f"echo {SECRET}", "printed output that is not JSON", id="rubbish"),
        pytest.param("printf '\\377\\376'", "printed output that is not JSON", id="bytes"),
        pytest.param("echo '[]'", "not an ExecCredential", id="a list"),
        pytest.param(f"""echo '{{"token": "{SECRET}"}}'""", "not an ExecCredential", id="another object"),
        pytest.param(
            f"echo '{credential(V1, token=SECRET)}'", f"apiVersion other than {V1BETA1}", id="wrong version"
        ),
        pytest.param(f"echo '{credential()}'", NOTHING, id="no token"),
        pytest.param(
            f"echo '{credential(token='')}'",
            NOTHING,
            id="empty token",
        ),
        pytest.param(
            f"echo '{json.dumps({'kind': 'ExecCredential', 'apiVersion': V1BETA1})}'",
            NOTHING,
            id="no status",
        ),
        pytest.param(
            f"""printf %s '{credential(token=f"{SECRET}{chr(10)}x")}'""",
            "returned a token with invalid characters",
            id="token of two lines",
        ),
        pytest.param(
            f"echo '{credential(clientCertificateData='c')}'",
            "returned a client certificate without its key",
            id="a certificate without a key",
        ),
        pytest.param(
            f"echo '{credential(clientKeyData=SECRET, token='t')}'",
            "returned a client key without its certificate",
            id="a key without a certificate",
        ),
        pytest.param(
            f"echo '{credential(clientCertificateData=['c'], clientKeyData=SECRET)}'",
            "that is not PEM",
            id="a certificate of another type",
        ),
        pytest.param(
            f"printf %s '{credential(clientCertificateData=chr(0xD800), clientKeyData=SECRET)}'",
            "that is not PEM",
            id="a certificate that is no text",
        ),
        pytest.param(
            f"echo '{credential(token=SECRET, expirationTimestamp='soon')}'",
            "expirationTimestamp that is not an RFC 3339 time",
            id="no time",
        ),
    ],
)
def test_one_that_fails_is_one_sentence_without_its_output(script: str, problem: str, folder: Path) -> None:
    with pytest.raises(IamsaError) as caught:
        Plugin(folder, script).run()
    sentence = str(caught.value)
    assert f"the credential plugin {folder}/plugin of user me" in sentence
    assert problem in sentence
    assert SECRET not in sentence
    assert sentence.isprintable()


def test_one_that_has_expired_is_used_as_by_kubectl(folder: Path) -> None:
    """The clock of this machine may be wrong; the server decides."""
    login = Plugin(folder, f"echo '{credential(token=SECRET, expirationTimestamp=PAST)}'").run()
    assert login.header == LOGIN
    assert login.has_expired


def test_a_variable_that_is_null_is_empty(folder: Path) -> None:
    script = f"""[ "${{EMPTY-unset}}" = "" ] && echo '{credential(token=SECRET)}'"""
    plugin = Plugin(folder, script, env=[{"name": "EMPTY", "value": None}])
    assert plugin.run().header == LOGIN


def test_words_in_the_command_are_said_to_belong_into_args(folder: Path) -> None:
    plugin = Plugin(folder, "", command="aws eks get-token", installHint="Install it.")
    with pytest.raises(IamsaError, match="list the other words in args") as caught:
        plugin.run()
    assert "command contains spaces" in str(caught.value)


def test_what_the_plugin_printed_ends_without_a_full_stop(folder: Path) -> None:
    with pytest.raises(IamsaError, match="exit code 3: log in; run it manually"):
        Plugin(folder, "echo 'log in.' >&2; exit 3").run()


def test_none_is_started_when_the_time_is_up(folder: Path) -> None:
    """And nothing is said of it as if it had had its time."""
    plugin = Plugin(folder, f"touch '{folder}/started'")
    with pytest.raises(TimedOut) as caught:
        plugin.run(seconds=0)
    assert "returned no credential" not in caught.value.problem
    assert not (folder / "started").exists()


def test_one_that_is_not_there_is_named_with_its_install_hint(folder: Path) -> None:
    plugin = Plugin(folder, "", command="no-such-plugin", installHint="Install it from here.\nThen there.")
    with pytest.raises(
        IamsaError, match=r"no-such-plugin of user me was not found .*; Install it from here\.$"
    ):
        plugin.run()


def test_one_that_is_not_executable_is_named(folder: Path) -> None:
    plugin = Plugin(folder, "")
    (folder / "plugin").chmod(0o644)
    with pytest.raises(IamsaError, match="was not found or is not executable; install it"):
        plugin.run()


def test_one_that_is_no_program_is_named(folder: Path) -> None:
    plugin = Plugin(folder, "")
    (folder / "plugin").write_bytes(b"\x7fELF rubbish")
    with pytest.raises(IamsaError, match="could not be started: exec format error"):
        plugin.run()


class TestHanging:
    def test_it_ends_with_the_deadline(self, folder: Path) -> None:
        begun = time.monotonic()
        with pytest.raises(TimedOut, match=r"returned no credential within 0\.3 s"):
            Plugin(folder, "sleep 60").run(seconds=0.3)
        assert time.monotonic() - begun < 5

    def test_what_it_has_started_ends_with_it(self, folder: Path) -> None:
        script = f"sleep 60 & echo $! > '{folder}/child'; wait"
        with pytest.raises(TimedOut):
            Plugin(folder, script).run(seconds=0.5)
        assert is_gone(int((folder / "child").read_text()))

    def test_a_child_that_holds_its_output_does_not_keep_us(self, folder: Path) -> None:
        begun = time.monotonic()
        with pytest.raises(TimedOut):
            Plugin(folder, f"sleep 60 & echo '{credential(token=SECRET)}'").run(seconds=0.5)
        assert time.monotonic() - begun < 5


def is_gone(pid: int) -> bool:
    for _ in range(50):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        state = Path(f"/proc/{pid}/stat")
        if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


ASKS = "read answer || echo 'nobody to ask' >&2; exec 2>/dev/null; (: < /dev/tty) && exit 8; exit 7"
CHILD = """
import sys, pathlib
sys.path[:0] = {path!r}
from unit.kube.test_exec_plugin import run
try:
    print("TOKEN", run(pathlib.Path({config!r}), 10).header == {secret!r})
except Exception as error:
    print("ERROR", type(error).__name__, error)
"""


class TestOnATerminal:
    """The kubernetes library's own runner fails with AttributeError there."""

    def output(self, plugin: Plugin) -> str:
        code = CHILD.format(path=sys.path, config=str(plugin.write()), secret=f"Bearer {SECRET}")
        ours, theirs = pty.openpty()
        child = subprocess.Popen(
            [sys.executable, "-c", code], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        text = b""
        while chunk := _read(ours):
            text += chunk
        os.close(ours)
        child.wait(10)
        return text.decode()

    def test_a_token_is_taken(self, folder: Path) -> None:
        assert self.output(Plugin(folder, f"echo '{credential(token=SECRET)}'")).strip() == "TOKEN True"

    def test_one_that_fails_is_the_same_sentence(self, folder: Path) -> None:
        output = self.output(Plugin(folder, "echo 'please log in' >&2; exit 1"))
        assert output.startswith("ERROR RemoteError the credential plugin")
        assert "failed with exit code 1: please log in" in output

    def test_it_cannot_ask_on_the_terminal(self, folder: Path) -> None:
        assert "failed with exit code 7: nobody to ask" in self.output(Plugin(folder, ASKS))


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:
        return b""
