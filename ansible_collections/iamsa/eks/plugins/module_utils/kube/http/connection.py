# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection to one API server, which limits each request in time and retries it where that is safe."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...deadline import Deadline
from ...errors import IamsaError, RemoteError, TimedOut
from ..config.credentials import NOBODY, Credentials
from ..config.impersonation import Impersonation, impersonation_headers
from ..config.login import Login, Logins
from ..config.options import ConnectionOptions
from .endpoint import Endpoint, Transports, open_transports
from .errors import refusal
from .proxy import choose_proxy
from .request import ISSUER, Request
from .transport import Answer
from .unreachable import connection_broke, unreachable

CONNECT_SECONDS, READ_SECONDS = 5.0, 30.0
READ_ATTEMPTS = 5
_INSTANT = 0.2


class Connection:
    """Sends requests to one API server. Thread-safe.

    `verified_ca` are the CA certificates (DER) that the server's certificate is verified against; empty if it
    is not verified, or verified against the system's CAs. `namespace` is the default namespace.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        transports: Transports,
        credentials: Credentials,
        options: ConnectionOptions,
        deadline: Deadline,
        *,
        namespace: str,
        impersonation: Impersonation,
        environ: Mapping[str, str],
    ) -> None:
        self.peer = endpoint.peer
        self.server = endpoint.peer.server
        self.verified_ca = frozenset() if endpoint.insecure else endpoint.ca
        self.namespace = namespace
        self._endpoint, self._options, self._environ = endpoint, options, environ
        self._transports = transports
        self._logins = Logins(credentials.fetch)
        self._headers = [("User-Agent", options.user_agent)]
        if self.server.startswith("https:"):
            self._headers += impersonation_headers(impersonation)
        self._request_timeout = options.request_timeout
        self._deadline = deadline

    def is_signed_by(self, ca: frozenset[bytes]) -> bool:
        """Return whether the server's certificate is trusted by these CA certificates (DER) alone.

        Opens a separate connection, without credentials.

        Raises:
            RemoteError: the server cannot be reached.
            TimedOut: the server does not respond in time.
        """
        narrowed = open_connection(
            replace(self._endpoint, ca=ca, insecure=False),
            NOBODY,
            self._options,
            self._deadline,
            namespace=self.namespace,
            impersonation=Impersonation(),
            environ=self._environ,
        )
        try:
            # Any answer proves that the TLS handshake succeeded.
            narrowed.send(ISSUER)
        except RemoteError as error:
            if error.code != "TLS":
                raise
            return False
        return True

    def ask(self, request: Request, *, none_on: tuple[int, ...] = ()) -> dict[str, Any] | None:
        """Send a request; return the object of a successful answer, or None for the statuses of `none_on`.

        Raises:
            IamsaError: see `send` and `decode`.
        """
        answer = self.send(request)
        return None if answer.status in none_on else self.decode(answer, request)

    def decode(self, answer: Answer, request: Request) -> dict[str, Any]:
        """Return the object of a successful answer.

        Raises:
            Denied: RBAC denies the request.
            NotFound: the object, or the namespace to create it in, does not exist.
            RemoteError: any other failure; code NotKubernetes if the answer is not a JSON object.
        """
        if not answer.ok:
            raise refusal(answer, request, self.peer)
        try:
            document = json.loads(answer.body)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise RemoteError(
                f"{self.peer.host} returned a response that is not a Kubernetes object",
                code="NotKubernetes",
                remedy="check its address, and whether a proxy or a login page answers instead",
            )
        return document

    def send(self, request: Request) -> Answer:
        """Return the answer with any status, after safe retries.

        A write is repeated only if the server rejected it unprocessed: 401 or 429.

        Raises:
            RemoteError: the server cannot be reached, or the credential plugin failed.
            InvalidFile: the token or the client certificate is not valid.
            TimedOut: the server does not respond in time, or the run has used up its time.
        """
        for attempt in range(1, READ_ATTEMPTS + 1):
            try:
                answer = self._send_authorized(request)
            except _Broken as broken:
                if not request.changes_nothing or attempt == READ_ATTEMPTS:
                    raise broken.error from None
                wait = _backoff(attempt)
            else:
                if attempt == READ_ATTEMPTS or not _may_try_again(answer, request):
                    return answer
                wait = max(_backoff(attempt), _retry_after(answer))
                if wait >= self._deadline.remaining:
                    return answer
            self._deadline.sleep(wait, f"waiting for {self.peer.host}")
        raise AssertionError("the last attempt returns or raises")

    def _send_authorized(self, request: Request) -> Answer:
        login = self._logins.current()
        answer = self._send_once(request, login)
        if answer.status == 401 and login is not None:
            fresh = self._logins.current(rejected=login)
            if fresh != login:
                answer = self._send_once(request, fresh)
        return answer

    def _send_once(self, request: Request, login: Login | None) -> Answer:
        from urllib3.exceptions import HTTPError  # noqa: PLC0415

        self._deadline.check(f"calling {self.peer.host}")
        connect_limit, read_limit = CONNECT_SECONDS, READ_SECONDS
        if self._request_timeout:
            connect_limit = read_limit = self._request_timeout
        connect_limit = min(connect_limit, self._deadline.remaining or 0.1)
        read_limit = min(read_limit, self._deadline.remaining or 0.1)
        header = login.header if login else None
        headers = [*self._headers, *([("Authorization", header)] if header else [])]
        transport = self._transports.of(login)
        self._deadline.calling(f"{self.peer.host} has not answered {request.method} {request.path}")
        try:
            answer = transport.send(request, headers, timeout=(connect_limit, read_limit))
            self._deadline.answered()
            return answer
        except (HTTPError, OSError) as error:
            self._deadline.answered()
            translated = unreachable(error, self.peer, read_limit)
            if isinstance(translated, TimedOut) and self._deadline.remaining < _INSTANT:
                # The run's deadline expired, so increasing the request timeout would not help.
                self._deadline.sleep(_INSTANT, f"waiting for {self.peer.host}")
            if connection_broke(error):
                raise _Broken(translated) from error
            raise translated from error


def open_connection(
    endpoint: Endpoint,
    credentials: Credentials,
    options: ConnectionOptions,
    deadline: Deadline,
    *,
    namespace: str,
    impersonation: Impersonation,
    environ: Mapping[str, str],
) -> Connection:
    """Return a connection through the proxy that the endpoint or `environ` names; nothing is sent yet.

    Raises:
        InvalidFile: a certificate, a key, the tls-server-name or the proxy is not valid.
    """
    proxy = choose_proxy(endpoint.peer.server, endpoint.proxy_url, environ)
    return Connection(
        replace(
            endpoint,
            peer=replace(endpoint.peer, proxy=proxy.url if proxy else "", credentials=credentials.words),
        ),
        open_transports(endpoint, proxy, credentials.client_pair),
        credentials,
        options,
        deadline,
        namespace=namespace,
        impersonation=impersonation,
        environ=environ,
    )


class _Broken(Exception):
    """The connection was lost; `error` is the error for the user if retries fail."""

    def __init__(self, error: IamsaError) -> None:
        super().__init__(str(error))
        self.error = error


def _may_try_again(answer: Answer, request: Request) -> bool:
    return answer.status == 429 or (request.changes_nothing and answer.status in (500, 502, 503, 504))


def _backoff(attempt: int) -> float:
    return min(4.0, 0.2 * 2.0**attempt) * random.uniform(0.5, 1.0)


def _retry_after(answer: Answer) -> float:
    text = answer.headers.get("Retry-After", "")
    return float(text) if text.isdecimal() else 0.0
