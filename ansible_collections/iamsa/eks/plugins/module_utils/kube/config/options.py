# SPDX-License-Identifier: GPL-3.0-or-later

"""kubectl's connection flags as one record, and the validation of single values."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...errors import InvalidValue
from ...wording.text import Option, Sentence


@dataclass(frozen=True)
class ConnectionOptions:
    """The connection options; the kubeconfig supplies what is None. `request_timeout` is in seconds.

    `as_user_extra` are pairs of the form KEY=VALUE; a key can be repeated.
    """

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
    as_user_extra: tuple[str, ...] = ()
    namespace: str | None = None
    request_timeout: float | None = None
    user_agent: str = "kubectl-iamsa"


SERVER, TOKEN = Option("server"), Option("token")


def check_server(value: str, field: Sentence = SERVER) -> str:
    """Return the address of an API server, with or without `https://`, if it is valid.

    Raises:
        InvalidValue: it is not the URL of an API server; a URL with a user or password is not shown.
    """
    if not is_address(value if "://" in value else f"https://{value}"):
        shown = "…" if "@" in value else value[:80]
        raise InvalidValue(
            field, shown, "must be an http or https URL", remedy="use the form https://HOST[:PORT]"
        )
    return value


def check_extra(value: str, field: Sentence) -> str:
    """Return an extra field to impersonate, in the form KEY=VALUE.

    Raises:
        InvalidValue: it has no key, or no equals sign.
    """
    key, separator, _text = value.partition("=")
    if not key or not separator:
        raise InvalidValue(field, value, "must have the form KEY=VALUE", remedy="use the form KEY=VALUE")
    return value


def check_token(value: str, field: Sentence = TOKEN) -> str:
    """Return a bearer token if it is valid.

    Raises:
        InvalidValue: it is not; the error does not show it.
    """
    if not value.strip() or not value.isascii() or not value.strip().isprintable() or " " in value.strip():
        raise InvalidValue(
            field,
            "…",
            "must be printable ASCII without spaces",
            remedy="specify the token exactly as it was issued",
        )
    return value


def is_host(name: str) -> bool:
    """Return whether it has the form of a host name or an IP address."""
    try:
        return bool(name) and name.isprintable() and bool(name.encode("idna"))
    except UnicodeError:
        return False


def is_address(url: str) -> bool:
    """Return whether it has the form http(s)://HOST[:PORT][/PATH], without user, query and fragment."""
    from urllib.parse import urlsplit  # noqa: PLC0415

    if len(url) > 2048 or not url.isascii() or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        well_formed = parts.scheme in ("http", "https") and is_host(parts.hostname or "") and parts.port != 0
    except ValueError:
        return False
    return well_formed and not (parts.username or parts.password or parts.query or parts.fragment)
