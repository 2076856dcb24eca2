# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One HTTP exchange with the API server; nothing is retried, redirected or judged here.

urllib3, which the kubernetes library and botocore stand on, keeps the connections. The kubernetes library is
loaded only for the way through a proxy (SOCKS, exceptions): its import takes 100 ms, a third of a whole run
that changes nothing. Its own calls differ between the versions that we support, keep one value of a header
that needs several, and load hundreds of generated classes.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from ..concurrency import CONNECTIONS
from ..errors import InvalidFile
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


@dataclass(frozen=True)
class Proxy:
    """The proxy to go through; `exceptions` in the syntax of NO_PROXY."""

    url: str = field(repr=False)
    exceptions: str = ""


class Transport:
    """A pool of connections to one server, for any number of threads."""

    def __init__(
        self, server: str, context: ssl.SSLContext, *, tls_server_name: str = "", proxy: Proxy | None = None
    ) -> None:
        self._server = server
        self._pool = _pool(server, context, tls_server_name, proxy)

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
        response = self._pool.urlopen(
            request.method,
            f"{self._server}{request.path}{query}",
            body=body,
            headers=fields,
            timeout=urllib3.Timeout(connect=timeout[0], read=timeout[1]),
            retries=False,
            redirect=False,
        )
        return Answer(response.status, response.headers, response.data)


def _pool(server: str, context: ssl.SSLContext, tls_server_name: str, proxy: Proxy | None) -> Any:
    if proxy:
        return _proxied(server, context, tls_server_name, proxy)
    import urllib3  # noqa: PLC0415

    pool = urllib3.PoolManager(maxsize=CONNECTIONS, ssl_context=context, cert_reqs=context.verify_mode)
    if tls_server_name:
        pool.connection_pool_kw["server_hostname"] = tls_server_name
    return _quiet(pool, context)


def _proxied(server: str, context: ssl.SSLContext, tls_server_name: str, proxy: Proxy) -> Any:
    from kubernetes import client  # noqa: PLC0415

    configuration = client.Configuration(host=server)
    configuration.verify_ssl = context.verify_mode is not ssl.CERT_NONE
    configuration.tls_server_name = tls_server_name or None
    configuration.connection_pool_maxsize = CONNECTIONS
    configuration.proxy = proxy.url
    configuration.no_proxy = proxy.exceptions
    try:
        pool = client.ApiClient(configuration).rest_client.pool_manager
    except Exception as error:
        raise InvalidFile(
            f"the proxy on the way to the API server cannot be used ({type(error).__name__})",
            remedy="write it as http://HOST:PORT; for SOCKS install PySocks and a current kubernetes package",
        ) from None
    # Our context instead of the library's own: see tls.py. Its list of public CAs must not come on top.
    pool.connection_pool_kw.update(ssl_context=context, ca_certs=None)
    return _quiet(pool, context)


def _quiet(pool: Any, context: ssl.SSLContext) -> Any:
    """Without a warning with every unchecked request: the user has asked for it."""
    if context.verify_mode is ssl.CERT_NONE:
        import urllib3  # noqa: PLC0415

        urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    return pool
