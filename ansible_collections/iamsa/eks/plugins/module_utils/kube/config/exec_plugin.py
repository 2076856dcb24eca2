# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the credential plugin of a kubeconfig and read the token or the client certificate from its output.

The plugin has no terminal: it runs in a session of its own with an empty stdin, so that it behaves the same
in a shell, in CI and in Ansible. Its stdout is a credential and is never shown.
Source: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import shutil
import signal
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ...deadline import Deadline
from ...errors import IamsaError, RemoteError, TimedOut
from ...local.programs import TooMuchOutput, output_of
from .context import ContextEntry
from .exec_section import ExecSection
from .login import ClientPair, Login, bearer_header
from .text import one_line

LIMIT_SECONDS = 60.0
_NOTHING = "returned neither a token nor a client certificate"


def run_plugin(
    entry: ContextEntry, section: ExecSection, environ: Mapping[str, str], deadline: Deadline
) -> Login:
    """Run the plugin and return its login.

    Raises:
        RemoteError: with code ExecPlugin, if it cannot be started, fails, or prints no valid credential.
        TimedOut: it did not end within 60 seconds, or the run has used up its time.
    """
    failure = _Failure(section)
    deadline.check(f"waiting for {failure.who}")
    environment = {**environ, **section.env, "KUBERNETES_EXEC_INFO": exec_info(entry, section)}
    program = shutil.which(section.command, path=environ.get("PATH"))
    if program is None:
        if len(section.argv[0].split()) > 1:
            raise failure(
                "was not found: its command contains spaces",
                remedy="set command to the program alone, and list the other words in args",
            )
        raise failure("was not found or is not executable", remedy=_install_hint(section))
    limit = deadline.part(1.0, LIMIT_SECONDS)
    try:
        code, stdout, stderr = output_of([program, *section.argv[1:]], environment, failure.who, limit)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise failure(f"could not be started: {reason}", remedy=_install_hint(section)) from None
    except TooMuchOutput:
        raise failure("printed more output than a credential can have") from None
    except TimedOut:
        raise TimedOut(
            f"{failure.who} returned no credential within {limit.seconds:.3g} s",
            remedy="run the command manually: it may be waiting for you to log in",
            resource=section.owner,
        ) from None
    if code:
        raise failure(f"failed with {_status(code)}{_last_words(stderr)}")
    return read_credential(stdout, section)


def exec_info(entry: ContextEntry, section: ExecSection) -> str:
    """Return the JSON of KUBERNETES_EXEC_INFO as kubectl sets it."""
    spec: dict[str, Any] = {"interactive": False}
    if section.provide_cluster_info:
        cluster = {
            "server": entry.server,
            "tls-server-name": entry.tls_server_name,
            "insecure-skip-tls-verify": entry.insecure,
            "certificate-authority-data": base64.b64encode(entry.ca_pem).decode(),
            "proxy-url": entry.proxy_url,
            "config": entry.exec_cluster_config,
        }
        spec["cluster"] = {key: value for key, value in cluster.items() if value}
    return json.dumps({"kind": "ExecCredential", "apiVersion": section.api_version, "spec": spec})


def read_credential(stdout: bytes, section: ExecSection) -> Login:
    """Return the token, the client certificate, or both, from the plugin's output.

    Raises:
        RemoteError: with code ExecPlugin, if the output is not a valid ExecCredential.
    """
    failure = _Failure(section)
    try:
        credential = json.loads(stdout)
    except (ValueError, RecursionError):
        raise failure("printed output that is not JSON") from None
    if not isinstance(credential, dict) or credential.get("kind") != "ExecCredential":
        raise failure("printed output that is not an ExecCredential")
    if credential.get("apiVersion") != section.api_version:
        raise failure(
            f"returned an apiVersion other than {section.api_version}",
            remedy="recreate the kubeconfig entry with the tool that wrote it",
        )
    status = credential.get("status")
    if not isinstance(status, dict):
        raise failure(_NOTHING)
    token, pair = _token(status, failure), _client_pair(status, failure)
    if not token and not pair:
        raise failure(_NOTHING)
    header = bearer_header(token) if token else None
    # One that has expired is sent too, as by kubectl: this machine's clock may be wrong.
    return Login(header, pair, source=failure.who, expires=_expiry(status, failure))


def _token(status: Mapping[str, Any], failure: _Failure) -> str:
    token = status.get("token") or ""
    if not isinstance(token, str) or not token.isascii() or (token and not token.isprintable()):
        raise failure("returned a token with invalid characters")
    return token


def _client_pair(status: Mapping[str, Any], failure: _Failure) -> ClientPair | None:
    """Return the PEM unchecked: OpenSSL validates it later."""
    certificate, key = status.get("clientCertificateData") or "", status.get("clientKeyData") or ""
    if not all(isinstance(text, str) and text.isascii() for text in (certificate, key)):
        raise failure("returned a client certificate or key that is not PEM")
    if bool(certificate) != bool(key):
        has, lacks = ("certificate", "key") if certificate else ("key", "certificate")
        raise failure(f"returned a client {has} without its {lacks}")
    return (certificate.encode(), key.encode()) if certificate else None


def _expiry(status: Mapping[str, Any], failure: _Failure) -> datetime | None:
    text = status.get("expirationTimestamp")
    if text is None:
        return None
    try:
        # Python 3.10 parses neither a Z nor the nanoseconds that Go writes.
        seconds = re.sub(r"\.\d+", "", str(text)).replace("Z", "+00:00")
        expires = datetime.fromisoformat(seconds)
    except ValueError:
        raise failure("returned an expirationTimestamp that is not an RFC 3339 time") from None
    return expires if expires.tzinfo else expires.replace(tzinfo=timezone.utc)


class _Failure:
    """Builds the errors of one plugin: `failure("printed output that is not JSON")`."""

    def __init__(self, section: ExecSection) -> None:
        self.who = f"the credential plugin {one_line(section.argv[0])} of {section.owner}"

    def __call__(self, problem: str, *, remedy: str = "run it manually to see why") -> IamsaError:
        return RemoteError(f"{self.who} {problem}", code="ExecPlugin", remedy=remedy)


def _install_hint(section: ExecSection) -> str:
    hint = section.install_hint.strip().splitlines()
    return one_line(hint[0], 200) if hint else "install it, or add it to PATH"


def _last_words(stderr: bytes) -> str:
    lines = [line for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    return (
        f": {one_line(' '.join(lines[-2:]), 300).rstrip('.;:, ')}"
        if lines
        else " and printed nothing to stderr"
    )


def _status(code: int) -> str:
    if code > 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return f"signal {signal.Signals(-code).name}"
    return f"signal {-code}"
