"""Credential plugins and users that cannot log in, on a terminal too: one sentence, no write, no secret."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from e2e.bad import EXEC_VERSION, Bad
from pocket_eks.control import Control
from pocket_eks.world import World


@pytest.fixture
def bad(world: World, control: Control, tmp_path: Path) -> Bad:
    return Bad(world, control, tmp_path)


SECRET = "c2VjcmV0LXRva2Vu"
GOOD = f'{{"kind": "ExecCredential", "apiVersion": "{EXEC_VERSION}", "status": {{"token": "{SECRET}"}}}}'
WRONG_PLUGINS = [
    ("echo 'no login' >&2; exit 3", "failed with exit code 3: no login; run it manually"),
    (f"echo {SECRET}; exit 1", "failed with exit code 1 and printed nothing to stderr; run it manually"),
    ("kill -9 $$", "failed with signal SIGKILL and printed nothing to stderr; run it manually"),
    ("printf 'a\\033[31mb\\nc\\n' >&2; exit 1", "failed with exit code 1: ab c; run it manually"),
    (f"echo {SECRET}", "printed output that is not JSON; run it manually"),
    ("true", "printed output that is not JSON; run it manually"),
    (f"echo '[\"{SECRET}\"]'", "printed output that is not an ExecCredential; run"),
    (f"echo '{GOOD}' | sed s/v1beta1/v1/", "returned an apiVersion other than"),
    (
        f"echo '{GOOD}' | sed s/token/tokn/",
        "returned neither a token nor a client certificate; run it manually",
    ),
    (f"echo '{GOOD}' | sed 's/{SECRET}/{SECRET}\\\\n/'", "returned a token with invalid characters"),
    ("head -c 3000000 /dev/zero", "printed output that is not JSON; run it manually"),
    (f"echo '{GOOD}'", "rejected the credentials (401 Unauthorized); log in again"),
    (
        f'echo \'{GOOD}\' | sed \'s/{{"token/{{"expirationTimestamp": "2020-01-01T00:00:00Z", "token/\'',
        "rejected the credentials (401 Unauthorized); log in again",
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
    assert said.endswith(" was not found or is not executable; Install it.")


def test_a_credential_plugin_that_hangs_is_given_up_within_the_time_limit(bad: Bad) -> None:
    said = bad.create("--timeout=2s", environ=bad.plugin("sleep 60"))
    assert bad.seconds < 9
    assert re.search(
        r"returned no credential within \S+ s; run the command manually|timed out after 2 s .*; run", said
    )


@pytest.mark.parametrize(
    ("user", "sentence"),
    [
        ({"token": "nonsense-SECRET"}, "rejected the credentials (401 Unauthorized); log in again"),
        ({}, "treats you as anonymous: no credentials were sent; choose a --user"),
        (
            {"username": "ann", "password": "SECRET"},
            "treats you as anonymous: it did not use a user name and a password of the kubeconfig's user;"
            " use a token or a client certificate",
        ),
        ({"tokenFile": "nowhere"}, "no such file or directory; specify a readable file"),
        ({"token": 5}, "has a field token that is not a string; put it in quotes"),
        (
            {"exec": {"command": "x", "apiVersion": "v0"}},
            "has an apiVersion that is not supported; use client",
        ),
        ({"exec": "SECRET"}, "has a field exec that is not a mapping"),
        ({"auth-provider": {"name": "SECRET"}}, "uses an auth-provider, which Kubernetes no longer supports"),
        ({"client-certificate-data": "SECRET"}, "has a client-certificate-data that is not base64"),
        ({"client-certificate-data": "U0VDUkVU"}, "has a client certificate without a client key"),
        (
            {"client-certificate-data": "U0VDUkVU", "client-key-data": "U0VDUkVU"},
            "cannot be used together; check that both are PEM",
        ),
        ({"as-groups": ["a"], "token": "x"}, "cannot be impersonated without a user; add --as USER"),
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
    assert "you are not allowed to impersonate users: " in said


@pytest.mark.parametrize("script", ["echo 'no login' >&2; exit 3", f"echo {SECRET}", "read answer; exit 1"])
def test_a_failing_plugin_on_a_terminal_is_an_error_and_a_hint(bad: Bad, script: str) -> None:
    code, shown = on_a_terminal({**bad.world.environ, **bad.plugin(script)})
    assert code == 1
    assert shown.startswith("error: the credential plugin ")
    assert [line.partition(": ")[0] for line in shown.splitlines()] == ["error", "hint"]
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
