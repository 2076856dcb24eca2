# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which proxy to take to the API server, by kubectl's rules: the kubeconfig's own, else the environment's."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from .transport import Proxy


def choose_proxy(server: str, configured: str, environ: Mapping[str, str]) -> Proxy | None:
    """`configured` is the kubeconfig's proxy-url, to which NO_PROXY does not apply."""
    if configured:
        return Proxy(configured)
    url = urlsplit(server)
    host = (url.hostname or "").lower()
    if host == "localhost" or host.startswith("127.") or host == "::1":
        return None
    name = f"{url.scheme}_proxy"
    proxy = environ.get(name.upper()) or environ.get(name)
    if not proxy:
        return None
    return Proxy(
        proxy if "://" in proxy else f"http://{proxy}",
        exceptions=environ.get("NO_PROXY") or environ.get("no_proxy") or "",
    )
