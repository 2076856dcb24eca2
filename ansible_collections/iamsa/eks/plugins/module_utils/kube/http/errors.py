# SPDX-License-Identifier: GPL-3.0-or-later

"""Turns what goes wrong between here and the API server into one sentence."""

from __future__ import annotations

import json
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import Denied, IamsaError, NotFound, RemoteError, ResourceRef, TimedOut
from ...model.permissions import rbac_remedy
from ...wording.text import RUN_AGAIN, Either, Option, Sentence
from ..config.text import one_line, printable
from .request import Request
from .transport import Answer

_CANNOT = re.compile(r'cannot (?P<verb>\S+) (?:resource|path) "(?P<what>[^"]+)"')
# OpenSSL's numbers: X509_V_ERR_CERT_NOT_YET_VALID, …_HAS_EXPIRED, …_HOSTNAME_MISMATCH, …_IP_ADDRESS_MISMATCH.
_DATES, _NAMES = (9, 10), (62, 64)


@dataclass(frozen=True)
class Peer:
    """Whom we talk to; `title` says how we came to know it: `context dev`."""

    server: str
    title: str
    whoami: str = "kubectl auth whoami"
    proxy: str = ""

    @property
    def host(self) -> str:
        return f"the API server {printable(self.server)} of {self.title}"

    @property
    def way(self) -> str:
        """The host, for sentences about the way to it."""
        return f"{self.host} (through {printable(self.proxy)})" if self.proxy else self.host


def status_message(answer: Answer) -> str:
    """The message of the Status object that came back, on one line."""
    return one_line(str(_status(answer).get("message") or ""))


def causes(answer: Answer) -> list[Mapping[str, Any]]:
    """What the Status names as causes, each with `reason`, `message` and `field`."""
    details = _status(answer).get("details") or {}
    return [cause for cause in details.get("causes") or () if isinstance(cause, dict)]


def refusal(answer: Answer, request: Request, peer: Peer) -> IamsaError:
    """The error for an answer that is not a success."""
    message = status_message(answer)
    if answer.status == 401:
        return RemoteError(
            f"{peer.host} does not accept the credentials (401 Unauthorized)",
            code="Unauthorized",
            remedy=f"log in again, and see with `{peer.whoami}` whom it takes you for",
        )
    if answer.status == 403:
        return _forbidden(answer, request, message, peer)
    if answer.status == 404:
        details = _status(answer).get("details") or {}
        if details.get("kind") == "namespaces" or request.verb == "create":
            return NotFound(
                f"namespace {request.namespace or request.name} does not exist",
                remedy="create it, or add " + Option("create_namespace"),
                resource=ResourceRef("namespace", request.namespace or request.name),
            )
        return NotFound(f"{request.target.words} does not exist", resource=request.target)
    if "admission webhook" in message:
        return _refused_by_webhook(request, message)
    code = str(_status(answer).get("reason") or answer.status)
    said = message if message and answer.status < 500 else f"{peer.host} answered {answer.status} {message}"
    return RemoteError(
        f"could not {request.attempt}: {said.strip()}",
        code=code,
        resource=request.target,
        uncertain=answer.status >= 500,
    )


def _forbidden(answer: Answer, request: Request, message: str, peer: Peer) -> IamsaError:
    if message.startswith("admission webhook"):
        return _refused_by_webhook(request, message)
    if any(cause.get("reason") == "NamespaceTerminating" for cause in causes(answer)):
        return RemoteError(
            f"namespace {request.namespace} is being deleted",
            code="NamespaceTerminating",
            remedy="wait until it is gone, or choose another with " + Option("namespace", brief=True),
            resource=ResourceRef("namespace", request.namespace),
        )
    denied = _CANNOT.search(message)
    if not denied and "is forbidden" in message and "User " not in message:
        return RemoteError(
            f"could not {request.attempt}: {message}", code="Forbidden", resource=request.target
        )
    if 'User "system:anonymous"' in message:
        return RemoteError(
            f"{peer.host} takes you for nobody: it was sent no credentials",
            code="Anonymous",
            remedy="choose a "
            + Either(Option("user"), Option("context"), last=" or ")
            + " that logs in, or run aws eks update-kubeconfig",
            resource=request.target,
        )
    if denied and denied["verb"] == "impersonate":
        action = f"impersonate {denied['what']}"
        remedy: Sentence = "ask for a role that allows it, or leave out " + Option("as")
    else:
        action, remedy = request.action, rbac_remedy(request.verb, request.resource)
    problem = f"you may not {action}: {message or 'forbidden'}"
    return Denied(problem, action=action, remedy=remedy, resource=request.target)


def _refused_by_webhook(request: Request, message: str) -> IamsaError:
    return RemoteError(
        f"could not {request.attempt}: {message}", code="AdmissionDenied", resource=request.target
    )


def unreachable(error: BaseException, peer: Peer, seconds: float) -> IamsaError:
    """The error for a request that got no answer."""
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _untrusted(cause, peer)
        if isinstance(cause, ssl.SSLError):
            reason = _word(cause.reason)
            remedy = "is the server's address right?"
            if "alert" in reason and ("certificate" in reason or "unknown ca" in reason):
                # Said by the server, of ours.
                remedy = "log in again, or check the client certificate of the kubeconfig's user"
            return _no_answer(peer, f"no TLS connection ({reason})", remedy, "TLS")
        if isinstance(cause, socket.gaierror):
            return _no_answer(
                peer, "its name cannot be resolved", "is the context right, is the VPN up?", "DNS"
            )
        if isinstance(cause, ConnectionRefusedError):
            return _no_answer(
                peer, "connection refused", "is the context right, is a tunnel missing?", "Refused"
            )
        if isinstance(cause, TimeoutError) or "Timeout" in type(cause).__name__:
            return TimedOut(
                f"{peer.way} did not answer within {seconds:.3g} s",
                remedy="is the endpoint private, is the VPN up? "
                + Option("request_timeout")
                + " waits longer",
            )
    refused = next(filter(None, map(_said_by_proxy, _chain(error))), "")
    return _refused_by_proxy(peer, refused) if refused else _broken(peer, error)


def _refused_by_proxy(peer: Peer, answer: str) -> IamsaError:
    remedy = "check proxy-url in the kubeconfig, or HTTPS_PROXY"
    return _no_answer(peer, f"the proxy refuses: {answer}", remedy, "Proxy")


def _broken(peer: Peer, error: BaseException) -> IamsaError:
    causes = [cause for cause in _chain(error) if isinstance(cause, OSError) and cause.strerror]
    reason = _word(causes[-1].strerror) if causes else _word(type(error).__name__)
    return _no_answer(peer, f"the connection broke ({reason})", RUN_AGAIN, "Connection")


def _said_by_proxy(error: BaseException) -> str:
    """PySocks's words, and those of http.client for an answer to CONNECT that is no success."""
    if type(error).__module__ == "socks":
        return _word(getattr(error, "msg", error))
    found = re.search(r"Tunnel connection failed: (.*)", str(error)) if isinstance(error, OSError) else None
    return _word(found[1]) if found else ""


def connection_broke(error: BaseException) -> bool:
    """Whether a connection that stood was lost, so that a read may simply be sent again."""
    broken = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
    return any(
        isinstance(cause, broken) or type(cause).__name__ in ("RemoteDisconnected", "IncompleteRead")
        for cause in _chain(error)
    )


def _untrusted(error: ssl.SSLCertVerificationError, peer: Peer) -> IamsaError:
    problem = "is not signed by the certificate authority that it is checked against"
    remedy: Sentence = "was the cluster made anew? Write the entry again with aws eks update-kubeconfig"
    if error.verify_code in _DATES:
        problem, remedy = "is not valid today", "check this machine's clock, then the server's certificate"
    elif error.verify_code in _NAMES:
        problem, remedy = "is for another host name", "give the right one with " + Option("tls_server_name")
    return RemoteError(
        f"the certificate of {peer.host} {problem} ({_word(error.verify_message)})", code="TLS", remedy=remedy
    )


def _no_answer(peer: Peer, problem: str, remedy: Sentence, code: str) -> IamsaError:
    return RemoteError(
        f"{peer.way} does not answer: {problem}", code=code, remedy=remedy, uncertain=code == "Connection"
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and all that led to it, wherever a library keeps it."""
    seen: list[BaseException] = []
    queue: list[Any] = [error]
    while queue:
        current = queue.pop(0)
        if isinstance(current, BaseException) and not any(current is known for known in seen):
            seen.append(current)
            queue += [current.__cause__, current.__context__, getattr(current, "reason", None), *current.args]
    yield from seen


def _status(answer: Answer) -> Mapping[str, Any]:
    try:
        status = json.loads(answer.body)
    except ValueError:
        return {}
    return status if isinstance(status, dict) else {}


def _word(text: object) -> str:
    return one_line(str(text or "unknown").lower().replace("_", " "), 200).rstrip(".")
