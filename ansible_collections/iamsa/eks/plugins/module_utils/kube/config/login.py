# SPDX-License-Identifier: GPL-3.0-or-later

"""What a request tells the API server of who we are, and when that is to be found out again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone

from ...errors import InvalidFile

# A certificate and its key, both as PEM.
ClientPair = tuple[bytes, bytes]


@dataclass(frozen=True)
class Login:
    """The Authorization header's value, a client certificate with its key, or both; `source` gave them.

    It is known to end at `expires`, or None.
    """

    header: str | None = field(default=None, repr=False)
    client_pair: ClientPair | None = field(default=None, repr=False)
    source: str = ""
    expires: datetime | None = field(default=None, compare=False)

    @property
    def has_expired(self) -> bool:
        return self.expires is not None and self.expires <= datetime.now(timezone.utc)


class Logins:
    """Keeps the login between requests, safely for several threads."""

    def __init__(self, fetch: Callable[[], Login] | None) -> None:
        self._fetch = fetch
        self._kept: Login | None = None
        self._lock = threading.Lock()

    def current(self, *, rejected: Login | None = None) -> Login | None:
        """The login; a new one where the one that is kept has expired, or the server has rejected it."""
        with self._lock:
            kept = self._kept
            if self._fetch and (kept is None or kept == rejected or kept.has_expired):
                self._kept = self._fetch()
            return self._kept


def bearer(token: str) -> Login:
    """By a token; one that cannot be a header is an error that does not show it."""
    return Login(bearer_header(token))


def bearer_header(token: str) -> str:
    stripped = token.strip()
    if not stripped or not stripped.isascii() or not stripped.isprintable():
        raise InvalidFile("the token for the API server is empty or has characters that no token has")
    return f"Bearer {stripped}"
