# SPDX-License-Identifier: GPL-3.0-or-later

"""One HTTP exchange with the API server; nothing is retried, redirected or judged here.

urllib3, which the kubernetes library and botocore stand on, keeps the connections. The calls of the
kubernetes library differ between the versions that we support, keep one value of a header that needs several,
and load hundreds of generated classes: its import takes 100 ms, a third of a whole run that changes nothing.
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
    """A pool of connections to one server, for any number of threads."""

    def __init__(
        self, server: str, context: ssl.SSLContext, *, tls_server_name: str = "", proxy: Proxy | None = None
    ) -> None:
        self._server = server
        self._pool = _pool(context, tls_server_name, proxy)

    def send(
        self, request: Request, headers: Iterable[tuple[str, str]], *, timeout: tuple[float, float]
    ) -> Answer:
        """The server's answer, whatever its status; what keeps it from answering is raised as it comes."""
        import urllib3  # noqa: PLC0415
        from urllib3._collections import HTTPHeaderDict  # noqa: PLC0415  (1.26 has it nowhere else)

        fields = HTTPHeaderDict({"Accept": "application/json"})
        for name, value in headers:
            fields.add(name, value)
        body = None
        if request.body is not None:
            body = json.dumps(request.body).encode()
            fields["Content-Type"] = request.content_type or "application/json"
        query = f"?{urlencode(request.query)}" if request.query else ""
        # 1.26's request() joins the values of a header that needs several into one.
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

    # kubectl has the proxy resolve the server's name, by either scheme.
    url = f"socks5h{proxy.url[len(proxy.scheme) :]}"
    return SOCKSProxyManager(url, proxy.username or None, proxy.password or None, **settings)


def _quiet(pool: Any, context: ssl.SSLContext) -> Any:
    """Without a warning with every unchecked request: the user has asked for it."""
    if context.verify_mode is ssl.CERT_NONE:
        import urllib3  # noqa: PLC0415

        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    return pool
