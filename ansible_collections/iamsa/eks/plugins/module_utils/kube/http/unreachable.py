# SPDX-License-Identifier: GPL-3.0-or-later

"""Convert requests to the API server that got no answer to errors of errors.py."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from typing import Any

from ...errors import IamsaError, RemoteError, TimedOut
from ...wording.text import RUN_AGAIN, Option, Sentence
from ..config.text import one_line, printable
from .peer import Peer

# OpenSSL's numbers: X509_V_ERR_CERT_NOT_YET_VALID, …_HAS_EXPIRED, …_HOSTNAME_MISMATCH, …_IP_ADDRESS_MISMATCH.
_DATES, _NAMES = (9, 10), (62, 64)
_CHECK_PROXY = "check proxy-url in the kubeconfig, or HTTPS_PROXY"
# urllib3's, and PySocks's.
_PROXY_ERRORS = ("ProxyError", "ProxyConnectionError")
# By the cause: the problem, the remedy and the code.
_UNREACHED: dict[type[OSError], tuple[str, str, str]] = {
    socket.gaierror: (
        "host name could not be resolved",
        "check the context and your VPN connection",
        "DNS",
    ),
    ConnectionRefusedError: (
        "connection refused",
        "check the context, and that the tunnel is open if you use one",
        "Refused",
    ),
}


def unreachable(error: BaseException, peer: Peer, seconds: float) -> IamsaError:
    """Return the error for a request that got no answer within `seconds`."""
    # Neither library connects to the server before the proxy has answered.
    is_proxys = bool(peer.proxy) and any(type(one).__name__ in _PROXY_ERRORS for one in _chain(error))
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _untrusted_proxy(cause, peer) if is_proxys else _untrusted(cause, peer)
        if isinstance(cause, ssl.SSLError):
            return _failed_handshake(cause, peer)
        found = next((one for kind, one in _UNREACHED.items() if isinstance(cause, kind)), None)
        if found:
            problem, remedy, code = found
            return _no_proxy(peer, problem, code) if is_proxys else _no_answer(peer, problem, remedy, code)
        if isinstance(cause, TimeoutError) or "Timeout" in type(cause).__name__:
            return TimedOut(
                f"{peer.way} did not respond within {seconds:.3g} s",
                remedy="check your VPN connection if the endpoint is private, or increase "
                + Option("request_timeout"),
            )
    refused = next(filter(None, map(_said_by_proxy, _chain(error))), "")
    return _refused_by_proxy(peer, refused) if refused else _broken(peer, error)


def _failed_handshake(error: ssl.SSLError, peer: Peer) -> IamsaError:
    reason = _word(error.reason)
    remedy = "check the server's address"
    if "alert" in reason and ("certificate" in reason or "unknown ca" in reason):
        # The server sent the alert, about our client certificate.
        remedy = "log in again, or check the client certificate of the kubeconfig's user"
    return _no_answer(peer, f"TLS handshake failed ({reason})", remedy, "TLS")


def _no_proxy(peer: Peer, problem: str, code: str) -> IamsaError:
    return RemoteError(
        f"could not connect to the proxy {printable(peer.proxy)} of {peer.host}: {problem}",
        code=code,
        remedy=_CHECK_PROXY,
    )


def _untrusted_proxy(error: ssl.SSLCertVerificationError, peer: Peer) -> IamsaError:
    reason = _word(error.verify_message)
    return RemoteError(
        f"the certificate of the proxy {printable(peer.proxy)} is not trusted ({reason})",
        code="TLS",
        remedy=_CHECK_PROXY,
    )


def _refused_by_proxy(peer: Peer, answer: str) -> IamsaError:
    return _no_answer(peer, f"the proxy refused the connection: {answer}", _CHECK_PROXY, "Proxy")


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
    whose = peer.host
    if peer.proxy.startswith("https:") and not _tells_proxies():
        whose = f"the proxy {printable(peer.proxy)} or of {whose}"
    return RemoteError(
        f"the certificate of {whose} {problem} ({_word(error.verify_message)})", code="TLS", remedy=remedy
    )


def _tells_proxies() -> bool:
    """Whether the errors of this urllib3 say that the certificate is the proxy's: since 2.0."""
    from importlib.metadata import version  # noqa: PLC0415

    return not version("urllib3").startswith("1.")


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


def _word(text: object) -> str:
    return one_line(str(text or "unknown").lower().replace("_", " "), 200).rstrip(".")
