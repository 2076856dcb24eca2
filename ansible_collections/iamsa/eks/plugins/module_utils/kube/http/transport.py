# SPDX-License-Identifier: GPL-3.0-or-later

"""Single HTTP requests to the API server, without retries, redirects or interpretation of the answer.

urllib3, which the kubernetes library and botocore use too, pools the connections. The kubernetes library is
not used: its calls differ between the supported versions, it keeps one value of a header that needs several,
and its import takes 100 ms, a third of a whole run that changes nothing.
"""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from ...concurrency import CONNECTIONS
from ...errors import MissingLibrary
from .proxy import Proxy
from .request import Request


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; `status` 200-299 is success."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


class Transport:
    """A pool of connections to one server. Thread-safe."""

    def __init__(
        self, server: str, context: ssl.SSLContext, *, tls_server_name: str = "", proxy: Proxy | None = None
    ) -> None:
        self._server = server
        self._pool = _pool(context, tls_server_name, proxy)

    def send(
        self, request: Request, headers: Iterable[tuple[str, str]], *, timeout: tuple[float, float]
    ) -> Answer:
        """Return the server's answer with any status; `timeout` are connect and read timeouts in seconds.

        Raises:
            urllib3.exceptions.HTTPError, OSError: there is no answer.
        """
        import urllib3  # noqa: PLC0415
        from urllib3._collections import HTTPHeaderDict  # noqa: PLC0415  (1.26 has no public name for it)

        fields = HTTPHeaderDict({"Accept": "application/json"})
        for name, value in headers:
            fields.add(name, value)
        body = None
        if request.body is not None:
            body = json.dumps(request.body).encode()
            fields["Content-Type"] = request.content_type or "application/json"
        query = f"?{urlencode(request.query)}" if request.query else ""
        # In urllib3 1.26, request() joins several values of a header into one.
        response = self._pool.request_encode_url(
            request.method,
            f"{self._server}{request.path}{query}",
            body=body,
            headers=fields,
            timeout=urllib3.Timeout(connect=timeout[0], read=timeout[1]),
            retries=False,
            redirect=False,
        )
        return Answer(response.status, response.headers, response.data)


def _pool(context: ssl.SSLContext, tls_server_name: str, proxy: Proxy | None) -> Any:
    import urllib3  # noqa: PLC0415

    settings: dict[str, Any] = {
        "maxsize": CONNECTIONS,
        "ssl_context": context,
        "cert_reqs": context.verify_mode,
        **({"server_hostname": tls_server_name} if tls_server_name else {}),
    }
    if proxy is None:
        return _quiet(urllib3.PoolManager(**settings), context)
    if proxy.is_socks:
        return _quiet(_socks_pool(proxy, settings), context)
    headers = {}
    if proxy.username:
        login = base64.b64encode(f"{proxy.username}:{proxy.password}".encode()).decode()
        headers["Proxy-Authorization"] = f"Basic {login}"
    return _quiet(urllib3.ProxyManager(proxy.url, proxy_headers=headers, **settings), context)


def _socks_pool(proxy: Proxy, settings: dict[str, Any]) -> Any:
    try:
        import socks  # noqa: F401, PLC0415
    except ImportError as error:
        raise MissingLibrary("PySocks", f"the API server is reached through {proxy.url}") from error
    from urllib3.contrib.socks import SOCKSProxyManager  # noqa: PLC0415

    # With both schemes, kubectl lets the proxy resolve the server's name.
    url = f"socks5h{proxy.url[len(proxy.scheme) :]}"
    return SOCKSProxyManager(url, proxy.username or None, proxy.password or None, **settings)


def _quiet(pool: Any, context: ssl.SSLContext) -> Any:
    """Disable the warning about unverified requests, which the user has requested."""
    if context.verify_mode is ssl.CERT_NONE:
        import urllib3  # noqa: PLC0415

        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    return pool
