# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection to one API server: how a request is made over it, bounded and retried without harm."""

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
from .errors import connection_broke, refusal, unreachable
from .proxy import choose_proxy
from .request import ISSUER, Request
from .transport import Answer

CONNECT_SECONDS, READ_SECONDS = 5.0, 30.0
READ_ATTEMPTS = 5
_INSTANT = 0.2


class Connection:
    """Sends requests to one API server, each bounded in time.

    `verified_ca`: the certificates, as DER, that the server's own is checked against; empty where it is not
    checked, or against the system's CAs. `namespace`: the one that is meant where nothing else is said.
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
        """Whether the server's certificate is trusted by these authorities alone, given as DER.

        Found out by a connection of its own, on which nothing says who we are.
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
            # Any answer will do: TLS comes before it.
            narrowed.send(ISSUER)
        except RemoteError as error:
            if error.code != "TLS":
                raise
            return False
        return True

    def ask(self, request: Request, *, none_on: tuple[int, ...] = ()) -> dict[str, Any] | None:
        """The object that a successful answer holds, or None for these statuses."""
        answer = self.send(request)
        return None if answer.status in none_on else self.decode(answer, request)

    def decode(self, answer: Answer, request: Request) -> dict[str, Any]:
        """The object in a successful answer; any other answer is raised as one of our errors."""
        if not answer.ok:
            raise refusal(answer, request, self.peer)
        try:
            document = json.loads(answer.body)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise RemoteError(
                f"{self.peer.host} answered with something that no API server says",
                code="NotKubernetes",
                remedy="is its address right, or does a proxy or a login page stand in between?",
            )
        return document

    def send(self, request: Request) -> Answer:
        """The answer, whatever its status, after the retries that do no harm.

        A write goes out again only if the server has said that it did not look at it: 401, 429.
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

        self._deadline.check(f"talking to {self.peer.host}")
        connect_limit, read_limit = CONNECT_SECONDS, READ_SECONDS
        if self._request_timeout:
            connect_limit = read_limit = self._request_timeout
        connect_limit = min(connect_limit, self._deadline.remaining or 0.1)
        read_limit = min(read_limit, self._deadline.remaining or 0.1)
        header = login.header if login else None
        headers = [*self._headers, *([("Authorization", header)] if header else [])]
        transport = self._transports.of(login)
        try:
            return transport.send(request, headers, timeout=(connect_limit, read_limit))
        except (HTTPError, OSError) as error:
            translated = unreachable(error, self.peer, read_limit)
            if isinstance(translated, TimedOut) and self._deadline.remaining < _INSTANT:
                # The run's own limit was the shorter one: no longer request would have helped.
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
    """By the proxy that `environ` or the endpoint names; nothing is sent yet.

    Raises:
        InvalidFile: a certificate, a key or the proxy cannot be used.
    """
    proxy = choose_proxy(endpoint.peer.server, endpoint.proxy_url, environ)
    return Connection(
        replace(endpoint, peer=replace(endpoint.peer, proxy=proxy.url if proxy else "")),
        open_transports(endpoint, proxy, credentials.client_pair),
        credentials,
        options,
        deadline,
        namespace=namespace,
        impersonation=impersonation,
        environ=environ,
    )


class _Broken(Exception):
    """The connection was lost on the way; `error` is what to tell the user if nothing helps."""

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
