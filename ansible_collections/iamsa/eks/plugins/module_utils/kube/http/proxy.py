# SPDX-License-Identifier: GPL-3.0-or-later

"""Choose the proxy to the API server by kubectl's rules: the kubeconfig's, or else the environment's.

kubectl reads HTTPS_PROXY and NO_PROXY, but not ALL_PROXY. Python's own support for NO_PROXY lacks networks
and loopback addresses.
Source: https://pkg.go.dev/golang.org/x/net/http/httpproxy
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Union
from urllib.parse import unquote, urlsplit

from ...errors import InvalidFile
from ..config.options import is_host

# Union[…], because ansible-test checks code outside of annotations against Python 3.8.
Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]  # noqa: UP007

SOCKS = ("socks5", "socks5h")
_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


@dataclass(frozen=True)
class Proxy:
    """A proxy; `scheme` is http, https, socks5 or socks5h."""

    scheme: str
    host: str
    port: int
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def url(self) -> str:
        """The URL without user and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def is_socks(self) -> bool:
        """Whether it is a SOCKS proxy."""
        return self.scheme in SOCKS


def choose_proxy(server: str, configured: str, environ: Mapping[str, str]) -> Proxy | None:
    """Return the proxy to the URL `server`, or None.

    `configured` is the kubeconfig's proxy-url, to which NO_PROXY does not apply.

    Raises:
        InvalidFile: it is not the URL of a proxy that kubectl supports.
    """
    if configured:
        return parse_proxy(configured, "the proxy-url of the kubeconfig's cluster")
    url = urlsplit(server)
    port = url.port or (443 if url.scheme == "https" else 80)
    name = f"{url.scheme}_proxy"
    for variable in (name.upper(), name):
        if environ.get(variable):
            exceptions = environ.get("NO_PROXY") or environ.get("no_proxy") or ""
            if is_excepted(url.hostname or "", port, exceptions):
                return None
            text = environ[variable]
            return parse_proxy(text if "://" in text else f"http://{text}", variable)
    return None


def parse_proxy(text: str, what: str) -> Proxy:
    """Parse the URL of a proxy; `what` names its origin in errors, which do not show the URL.

    Raises:
        InvalidFile: it is not the URL of a supported proxy.
    """
    try:
        url = urlsplit(text)
        if url.scheme in _PORTS and is_host(url.hostname or "") and text.isprintable():
            return Proxy(
                url.scheme,
                url.hostname or "",
                url.port or _PORTS[url.scheme],
                unquote(url.username or ""),
                unquote(url.password or ""),
            )
    except ValueError:
        pass
    raise InvalidFile(
        f"{what} is not the URL of a supported proxy",
        remedy="use the form http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT",
        resource=what,
    )


def is_excepted(host: str, port: int, exceptions: str) -> bool:
    """Return whether `host` is reached without a proxy: a loopback address, or listed in `exceptions`.

    `exceptions` is the value of NO_PROXY.
    """
    host = host.lower().rstrip(".")
    address = _address(host)
    if host == "localhost" or (address and address.is_loopback):
        return True
    entries = (entry.strip().lower() for entry in exceptions.split(","))
    return any(_names(entry, host, address, port) for entry in entries if entry)


def _names(entry: str, host: str, address: Address | None, port: int) -> bool:
    if entry == "*":
        return True
    if "/" in entry:
        return address is not None and _is_in(address, entry)
    name, only_port = _split(entry)
    if only_port not in ("", str(port)):
        return False
    named = _address(name)
    if named:
        return named == address
    # With a leading dot or `*.`, the entry does not match the domain itself.
    name = name.removeprefix("*")
    return bool(name) and (host == name or host.endswith(name if name.startswith(".") else f".{name}"))


def _split(entry: str) -> tuple[str, str]:
    """Return the host, without the brackets of an IPv6 address, and the port or ""."""
    if entry.startswith("["):
        host, _bracket, rest = entry[1:].partition("]")
        return host, rest.removeprefix(":")
    if entry.count(":") == 1:
        host, _colon, port = entry.partition(":")
        return host, port
    return entry, ""


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _is_in(address: Address, network: str) -> bool:
    try:
        return address in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
