# SPDX-License-Identifier: GPL-3.0-or-later

"""Convert failed requests to the API server to errors of errors.py.

Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
"""

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
    """The API server as errors name it; `title` says where its address comes from, such as `context dev`.

    `whoami` is the command that shows the identity of the caller, `proxy` the URL of the proxy or "".
    """

    server: str
    title: str
    whoami: str = "kubectl auth whoami"
    proxy: str = ""

    @property
    def host(self) -> str:
        """The API server, as errors name it."""
        return f"the API server {printable(self.server)} of {self.title}"

    @property
    def way(self) -> str:
        """The host and the proxy, for errors about the connection."""
        return f"{self.host} (through {printable(self.proxy)})" if self.proxy else self.host


def status_message(answer: Answer) -> str:
    """Return the message of the answer's Status object, on one line; "" if it has none."""
    return one_line(str(_status(answer).get("message") or ""))


def causes(answer: Answer) -> list[Mapping[str, Any]]:
    """Return the causes of the answer's Status object, each with `reason`, `message` and `field`."""
    details = _status(answer).get("details") or {}
    return [cause for cause in details.get("causes") or () if isinstance(cause, dict)]


def refusal(answer: Answer, request: Request, peer: Peer) -> IamsaError:
    """Return the error for an answer that is not a success."""
    message = status_message(answer)
    if answer.status == 401:
        return RemoteError(
            f"{peer.host} rejected the credentials (401 Unauthorized)",
            code="Unauthorized",
            remedy=f"log in again, and check your identity with `{peer.whoami}`",
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
    said = message if message and answer.status < 500 else f"{peer.host} returned {answer.status} {message}"
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
            remedy="wait until it is deleted, or choose another namespace with "
            + Option("namespace", brief=True),
            resource=ResourceRef("namespace", request.namespace),
        )
    denied = _CANNOT.search(message)
    if not denied and "is forbidden" in message and "User " not in message:
        return RemoteError(
            f"could not {request.attempt}: {message}", code="Forbidden", resource=request.target
        )
    if 'User "system:anonymous"' in message:
        return RemoteError(
            f"{peer.host} treats you as anonymous: no credentials were sent",
            code="Anonymous",
            remedy="choose a "
            + Either(Option("user"), Option("context"), last=" or ")
            + " that has credentials, or run aws eks update-kubeconfig",
            resource=request.target,
        )
    if denied and denied["verb"] == "impersonate":
        action = f"impersonate {denied['what']}"
        remedy: Sentence = "ask for a role that allows it, or omit " + Option("as")
    else:
        action, remedy = request.action, rbac_remedy(request.verb, request.resource)
    problem = f"you are not allowed to {action}: {message or 'forbidden'}"
    return Denied(problem, action=action, remedy=remedy, resource=request.target)


def _refused_by_webhook(request: Request, message: str) -> IamsaError:
    return RemoteError(
        f"could not {request.attempt}: {message}", code="AdmissionDenied", resource=request.target
    )


def unreachable(error: BaseException, peer: Peer, seconds: float) -> IamsaError:
    """Return the error for a request that got no answer within `seconds`."""
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _untrusted(cause, peer)
        if isinstance(cause, ssl.SSLError):
            reason = _word(cause.reason)
            remedy = "check the server's address"
            if "alert" in reason and ("certificate" in reason or "unknown ca" in reason):
                # The server sent the alert, about our client certificate.
                remedy = "log in again, or check the client certificate of the kubeconfig's user"
            return _no_answer(peer, f"TLS handshake failed ({reason})", remedy, "TLS")
        if isinstance(cause, socket.gaierror):
            return _no_answer(
                peer, "host name could not be resolved", "check the context and your VPN connection", "DNS"
            )
        if isinstance(cause, ConnectionRefusedError):
            return _no_answer(
                peer,
                "connection refused",
                "check the context, and that the tunnel is open if you use one",
                "Refused",
            )
        if isinstance(cause, TimeoutError) or "Timeout" in type(cause).__name__:
            return TimedOut(
                f"{peer.way} did not respond within {seconds:.3g} s",
                remedy="check your VPN connection if the endpoint is private, or increase "
                + Option("request_timeout"),
            )
    refused = next(filter(None, map(_said_by_proxy, _chain(error))), "")
    return _refused_by_proxy(peer, refused) if refused else _broken(peer, error)


def _refused_by_proxy(peer: Peer, answer: str) -> IamsaError:
    remedy = "check proxy-url in the kubeconfig, or HTTPS_PROXY"
    return _no_answer(peer, f"the proxy refused the connection: {answer}", remedy, "Proxy")


def _broken(peer: Peer, error: BaseException) -> IamsaError:
    causes = [cause for cause in _chain(error) if isinstance(cause, OSError) and cause.strerror]
    reason = _word(causes[-1].strerror) if causes else _word(type(error).__name__)
    return RemoteError(
        f"the connection to {peer.way} was lost ({reason})",
        code="Connection",
        remedy=RUN_AGAIN,
        uncertain=True,
    )


def _said_by_proxy(error: BaseException) -> str:
    """Return the message of PySocks, or http.client's for a failed CONNECT, or ""."""
    if type(error).__module__ == "socks":
        return _word(getattr(error, "msg", error))
    found = re.search(r"Tunnel connection failed: (.*)", str(error)) if isinstance(error, OSError) else None
    return _word(found[1]) if found else ""


def connection_broke(error: BaseException) -> bool:
    """Return whether an established connection was lost, so that a read can be repeated."""
    broken = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
    return any(
        isinstance(cause, broken) or type(cause).__name__ in ("RemoteDisconnected", "IncompleteRead")
        for cause in _chain(error)
    )


def _untrusted(error: ssl.SSLCertVerificationError, peer: Peer) -> IamsaError:
    problem = "is not signed by the expected certificate authority"
    remedy: Sentence = "if the cluster was recreated, run aws eks update-kubeconfig again"
    if error.verify_code in _DATES:
        problem, remedy = (
            "has expired or is not valid yet",
            "check this machine's clock, then the server's certificate",
        )
    elif error.verify_code in _NAMES:
        problem, remedy = "is for another host name", "set the expected one with " + Option("tls_server_name")
    return RemoteError(
        f"the certificate of {peer.host} {problem} ({_word(error.verify_message)})", code="TLS", remedy=remedy
    )


def _no_answer(peer: Peer, problem: str, remedy: Sentence, code: str) -> IamsaError:
    return RemoteError(f"could not connect to {peer.way}: {problem}", code=code, remedy=remedy)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and everything that caused it: libraries keep causes in several attributes."""
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
