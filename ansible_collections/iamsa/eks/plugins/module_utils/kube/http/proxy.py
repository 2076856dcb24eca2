# SPDX-License-Identifier: GPL-3.0-or-later

"""Which proxy to take to the API server, by kubectl's rules: the kubeconfig's own, else the environment's.

Source: https://pkg.go.dev/golang.org/x/net/http/httpproxy, by which kubectl reads HTTPS_PROXY and NO_PROXY;
ALL_PROXY is none of its variables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from ...errors import InvalidFile
from ..config.options import is_host
from .no_proxy import is_excepted

SOCKS = ("socks5", "socks5h")
_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


@dataclass(frozen=True)
class Proxy:
    """The proxy to go through; `scheme` is one of http, https, socks5 and socks5h."""

    scheme: str
    host: str
    port: int
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def url(self) -> str:
        """Without the user and the password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def is_socks(self) -> bool:
        return self.scheme in SOCKS


def choose_proxy(server: str, configured: str, environ: Mapping[str, str]) -> Proxy | None:
    """`configured` is the kubeconfig's proxy-url, to which NO_PROXY does not apply.

    Raises:
        InvalidFile: it is no proxy that kubectl would take.
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
    """The proxy that a URL names; `what` says where the URL stands, which is not shown.

    Raises:
        InvalidFile: it is no URL of a proxy.
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
        remedy="write it as http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT",
        resource=what,
    )
