# SPDX-License-Identifier: GPL-3.0-or-later

"""kubectl's connection flags, as one value, and what can be told of them before anything is asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...errors import InvalidValue
from ...wording.text import Option, Sentence


@dataclass(frozen=True)
class ConnectionOptions:
    """What the user says about the connection; what is left out, the kubeconfig tells."""

    kubeconfig: str | None = None
    context: str | None = None
    cluster: str | None = None
    user: str | None = None
    server: str | None = None
    token: str | None = field(default=None, repr=False)
    certificate_authority: str | None = None
    client_certificate: str | None = None
    client_key: str | None = None
    tls_server_name: str | None = None
    insecure_skip_tls_verify: bool = False
    as_user: str | None = None
    as_groups: tuple[str, ...] = ()
    as_uid: str | None = None
    namespace: str | None = None
    request_timeout: float | None = None
    user_agent: str = "kubectl-iamsa"


SERVER, TOKEN = Option("server"), Option("token")


def check_server(value: str, field: Sentence = SERVER) -> str:
    """An address of an API server, with or without `https://`."""
    if not is_address(value if "://" in value else f"https://{value}"):
        # It may hold a password: then it is not shown.
        shown = "…" if "@" in value else value[:80]
        raise InvalidValue(field, shown, "is no http(s) URL", remedy="write it as https://HOST[:PORT]")
    return value


def check_token(value: str, field: Sentence = TOKEN) -> str:
    """A bearer token; what is wrong with one is told without showing it."""
    if not value.strip() or not value.isascii() or not value.strip().isprintable() or " " in value.strip():
        raise InvalidValue(
            field,
            "…",
            "is empty or has characters that no token has",
            remedy="give the token as it was issued",
        )
    return value


def is_host(name: str) -> bool:
    """Whether it has the form of a host's name or address."""
    try:
        return bool(name) and name.isprintable() and bool(name.encode("idna"))
    except UnicodeError:
        return False


def is_address(url: str) -> bool:
    """Whether it is http(s)://HOST[:PORT][/PATH] and nothing more."""
    from urllib.parse import urlsplit  # noqa: PLC0415

    if len(url) > 2048 or not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        well_formed = parts.scheme in ("http", "https") and is_host(parts.hostname or "") and parts.port != 0
    except ValueError:
        return False
    return well_formed and not (parts.username or parts.password or parts.query or parts.fragment)
