# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoint of a connection, and its transports."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from ...errors import InvalidFile
from ...wording.text import Option
from ..config.login import ClientPair, Login
from ..config.options import is_host
from .peer import Peer
from .proxy import Proxy
from .tls import tls_context
from .transport import Transport


@dataclass(frozen=True)
class Endpoint:
    """The server, and how it is reached and verified; `ca` is DER, empty for the system's CAs."""

    peer: Peer
    ca: frozenset[bytes]
    insecure: bool = False
    tls_server_name: str = ""
    proxy_url: str = ""


class Transports:
    """The transports of one endpoint. Thread-safe.

    A client certificate belongs to a TLS connection, so a new certificate requires a new transport.
    """

    def __init__(
        self, endpoint: Endpoint, proxy: Proxy | None, client_pair: ClientPair | None, first: Transport
    ) -> None:
        self._endpoint = endpoint
        self._proxy = proxy
        self._own_pair = client_pair
        self._lock = threading.Lock()
        self._pair = client_pair
        self._latest = first

    def of(self, login: Login | None) -> Transport:
        """Return the transport for a login; the client certificate for all requests takes precedence."""
        pair = self._own_pair or (login.client_pair if login else None)
        with self._lock:
            if pair != self._pair and login:
                whose = login.source or self._endpoint.peer.title
                self._latest = _transport(self._endpoint, self._proxy, pair, whose)
                self._pair = pair
            return self._latest


def open_transports(endpoint: Endpoint, proxy: Proxy | None, client_pair: ClientPair | None) -> Transports:
    """Return transports with TLS configured; nothing is sent yet.

    Raises:
        InvalidFile: a certificate, a key or the tls-server-name is not valid.
    """
    first = _transport(endpoint, proxy, client_pair, endpoint.peer.title)
    return Transports(endpoint, proxy, client_pair, first)


def _transport(endpoint: Endpoint, proxy: Proxy | None, pair: ClientPair | None, whose: str) -> Transport:
    server = endpoint.peer.server
    if endpoint.tls_server_name and not is_host(endpoint.tls_server_name):
        raise InvalidFile(
            f"the tls-server-name of {endpoint.peer.title} is not a valid host name",
            remedy="set a valid one with " + Option("tls_server_name"),
        )
    context = tls_context(
        endpoint.ca,
        insecure=endpoint.insecure,
        client_pair=pair,
        whose=whose,
        host=endpoint.tls_server_name or urlsplit(server).hostname or "",
    )
    return Transport(server, context, tls_server_name=endpoint.tls_server_name, proxy=proxy)
