# SPDX-License-Identifier: GPL-3.0-or-later

"""The API server as errors name it."""

from __future__ import annotations

from dataclasses import dataclass

from ..config.text import printable


@dataclass(frozen=True)
class Peer:
    """The API server as errors name it; `title` says where its address comes from, such as `context dev`.

    `whoami` is the command that shows the identity of the caller, `proxy` the URL of the proxy or "".
    `credentials` describes what is sent, "" for nothing.
    """

    server: str
    title: str
    whoami: str = "kubectl auth whoami"
    proxy: str = ""
    credentials: str = ""

    @property
    def host(self) -> str:
        """The API server, as errors name it."""
        return f"the API server {printable(self.server)} of {self.title}"

    @property
    def way(self) -> str:
        """The host and the proxy, for errors about the connection."""
        return f"{self.host} (through {printable(self.proxy)})" if self.proxy else self.host
