# SPDX-License-Identifier: GPL-3.0-or-later

"""Proxies for calls to AWS: botocore supports HTTP proxies only."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..errors import RemoteError


def refuse_socks(endpoint_url: str) -> None:
    """Raise RemoteError if the environment sets a SOCKS proxy for this endpoint.

    botocore would try to resolve the scheme as a host name, and fail only after all retries.
    """
    from botocore.utils import get_environ_proxies  # noqa: PLC0415

    endpoint = urlsplit(endpoint_url)
    proxy = get_environ_proxies(endpoint_url).get(endpoint.scheme) or ""
    scheme, _separator, rest = proxy.partition("://")
    if rest and scheme.lower().startswith("socks"):
        variable = f"{endpoint.scheme.upper()}_PROXY"
        raise RemoteError(
            f"AWS cannot be called through the proxy {scheme}://{rest.rpartition('@')[2]} set by {variable}:"
            " the AWS SDK for Python does not support SOCKS",
            code="SocksProxy",
            remedy=f"add {endpoint.hostname} to NO_PROXY, or use an HTTP proxy; to use the proxy for the API"
            " server only, set proxy-url in the kubeconfig",
            resource=variable,
        )
