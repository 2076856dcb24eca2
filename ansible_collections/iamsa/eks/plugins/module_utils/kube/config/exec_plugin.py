# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the credential plugin of a kubeconfig and takes the token or the client certificate from it.

The plugin gets no terminal: it runs in a session of its own with nothing on stdin, so that it behaves alike
in a shell, in CI and in Ansible. What it prints on stdout is a credential and is never shown.
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
_NOTHING = "gave neither a token nor a client certificate"


def run_plugin(
    entry: ContextEntry, section: ExecSection, environ: Mapping[str, str], deadline: Deadline
) -> Login:
    """The login that the plugin gives; every way of failing is one sentence."""
    failure = _Failure(section)
    deadline.check(f"waiting for {failure.who}")
    environment = {**environ, **section.env, "KUBERNETES_EXEC_INFO": exec_info(entry, section)}
    program = shutil.which(section.command, path=environ.get("PATH"))
    if program is None:
        raise failure("was not found or may not be executed", remedy=_install_hint(section))
    limit = deadline.part(1.0, LIMIT_SECONDS)
    try:
        code, stdout, stderr = output_of([program, *section.argv[1:]], environment, failure.who, limit)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise failure(f"cannot be started: {reason}", remedy=_install_hint(section)) from None
    except TooMuchOutput:
        raise failure("printed more than any credential has") from None
    except TimedOut:
        raise TimedOut(
            f"{failure.who} gave no credential within {limit.seconds:.3g} s",
            remedy="run the command by hand: it may be waiting for a login",
            resource=section.owner,
        ) from None
    if code:
        raise failure(f"failed with {_status(code)}{_last_words(stderr)}")
    return read_credential(stdout, section)


def exec_info(entry: ContextEntry, section: ExecSection) -> str:
    """KUBERNETES_EXEC_INFO as kubectl sets it."""
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
    """The token, the client certificate, or both, in what the plugin printed."""
    failure = _Failure(section)
    try:
        credential = json.loads(stdout)
    except (ValueError, RecursionError):
        raise failure("printed something that is not JSON") from None
    if not isinstance(credential, dict) or credential.get("kind") != "ExecCredential":
        raise failure("printed something that is no ExecCredential")
    if credential.get("apiVersion") != section.api_version:
        raise failure(
            f"answered in another apiVersion than {section.api_version}",
            remedy="write the kubeconfig again with the plugin's own tool",
        )
    status = credential.get("status")
    if not isinstance(status, dict):
        raise failure(_NOTHING)
    token, pair = _token(status, failure), _client_pair(status, failure)
    if not token and not pair:
        raise failure(_NOTHING)
    header = bearer_header(token) if token else None
    login = Login(header, pair, source=failure.who, expires=_expiry(status, failure))
    if login.has_expired:
        what = "token" if token else "client certificate"
        raise failure(
            f"gave a {what} that has already expired", remedy="check this machine's clock, then log in again"
        )
    return login


def _token(status: Mapping[str, Any], failure: _Failure) -> str:
    token = status.get("token") or ""
    if not isinstance(token, str) or not token.isascii() or (token and not token.isprintable()):
        raise failure("gave a token with characters that no token has")
    return token


def _client_pair(status: Mapping[str, Any], failure: _Failure) -> ClientPair | None:
    """PEM as it stands; what is wrong with it is found out by OpenSSL."""
    certificate, key = status.get("clientCertificateData") or "", status.get("clientKeyData") or ""
    if not all(isinstance(text, str) and text.isascii() for text in (certificate, key)):
        raise failure("gave a client certificate or key that is not PEM")
    if bool(certificate) != bool(key):
        has, lacks = ("certificate", "key") if certificate else ("key", "certificate")
        raise failure(f"gave a client {has} without its {lacks}")
    return (certificate.encode(), key.encode()) if certificate else None


def _expiry(status: Mapping[str, Any], failure: _Failure) -> datetime | None:
    text = status.get("expirationTimestamp")
    if text is None:
        return None
    try:
        # Python 3.10 reads neither a Z nor the nanoseconds that Go writes.
        seconds = re.sub(r"\.\d+", "", str(text)).replace("Z", "+00:00")
        expires = datetime.fromisoformat(seconds)
    except ValueError:
        raise failure("gave an expirationTimestamp that is no RFC 3339 time") from None
    return expires if expires.tzinfo else expires.replace(tzinfo=timezone.utc)


class _Failure:
    """Makes the errors of one plugin: `failure("printed rubbish")`."""

    def __init__(self, section: ExecSection) -> None:
        self.who = f"the credential plugin {one_line(section.argv[0])} of {section.owner}"

    def __call__(self, problem: str, *, remedy: str = "run it by hand to see why") -> IamsaError:
        return RemoteError(f"{self.who} {problem}", code="ExecPlugin", remedy=remedy)


def _install_hint(section: ExecSection) -> str:
    hint = section.install_hint.strip().splitlines()
    return one_line(hint[0], 200) if hint else "install it, or put it on PATH"


def _last_words(stderr: bytes) -> str:
    lines = [line for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    return f": {one_line(' '.join(lines[-2:]), 300)}" if lines else " and said nothing"


def _status(code: int) -> str:
    if code > 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return f"signal {signal.Signals(-code).name}"
    return f"signal {-code}"
