# SPDX-License-Identifier: GPL-3.0-or-later

"""The credentials of a request to the API server, and when to fetch new ones."""

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
    """The value of the Authorization header, a client certificate with its key, or both.

    `source` names the credential plugin that returned them in errors. `expires` is None if not known.
    """

    header: str | None = field(default=None, repr=False)
    client_pair: ClientPair | None = field(default=None, repr=False)
    source: str = ""
    expires: datetime | None = field(default=None, compare=False)

    @property
    def has_expired(self) -> bool:
        """Whether `expires` has passed, by this machine's clock."""
        return self.expires is not None and self.expires <= datetime.now(timezone.utc)


class Logins:
    """Caches the login between requests. Thread-safe."""

    def __init__(self, fetch: Callable[[], Login] | None) -> None:
        self._fetch = fetch
        self._kept: Login | None = None
        self._lock = threading.Lock()

    def current(self, *, rejected: Login | None = None) -> Login | None:
        """Return the login; fetch a new one if the cached one has expired or equals `rejected`."""
        with self._lock:
            kept = self._kept
            if self._fetch and (kept is None or kept == rejected or kept.has_expired):
                self._kept = self._fetch()
            return self._kept


def bearer(token: str) -> Login:
    """Return a login with a bearer token.

    Raises:
        InvalidFile: the token is not valid in a header; the error does not show it.
    """
    return Login(bearer_header(token))


def bearer_header(token: str) -> str:
    """Return the value of the Authorization header; see `bearer` for the error."""
    stripped = token.strip()
    if not stripped or not stripped.isascii() or not stripped.isprintable():
        raise InvalidFile("the token for the API server is empty or contains invalid characters")
    return f"Bearer {stripped}"
