# SPDX-License-Identifier: GPL-3.0-or-later

"""Proxies on the way to AWS: botocore takes those of HTTP alone."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..errors import RemoteError


def refuse_socks(endpoint_url: str) -> None:
    """Raise RemoteError if the environment has a SOCKS proxy for this endpoint.

    botocore would look for a host named like the scheme, and give up after every retry.
    """
    from botocore.utils import get_environ_proxies  # noqa: PLC0415

    endpoint = urlsplit(endpoint_url)
    proxy = get_environ_proxies(endpoint_url).get(endpoint.scheme) or ""
    scheme, _separator, rest = proxy.partition("://")
    if rest and scheme.lower().startswith("socks"):
        variable = f"{endpoint.scheme.upper()}_PROXY"
        raise RemoteError(
            f"AWS cannot be called through the proxy {scheme}://{rest.rpartition('@')[2]} of {variable}:"
            " AWS's library for Python has no SOCKS",
            code="SocksProxy",
            remedy=f"add {endpoint.hostname} to NO_PROXY, or use an HTTP proxy; for the API server alone, set"
            " proxy-url in the kubeconfig",
            resource=variable,
        )
