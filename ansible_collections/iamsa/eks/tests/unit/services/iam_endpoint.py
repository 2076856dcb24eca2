# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An IAM and an STS on this machine that know one OIDC provider, for a module's `endpoint_url`.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

CALLER = "arn:aws:iam::123456789012:user/tester"


@dataclass
class IamEndpoint:
    """`audiences` and `tags` are those of the provider, or `audiences` is None where there is none.

    `calls` are the actions that were asked for, in their order; those in `denied` are refused.
    """

    url: str
    audiences: list[str] | None = None
    tags: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    denied: set[str] = field(default_factory=set)

    @property
    def writes(self) -> list[str]:
        return [action for action in self.calls if not action.startswith("Get")]

    def answer(self, asked: Mapping[str, str]) -> tuple[int, str]:
        """HTTP status and body."""
        action = asked["Action"]
        self.calls.append(action)
        if action in self.denied:
            return _error(403, "AccessDenied", f"User: {CALLER} is not authorized to perform: iam:{action}")
        if action == "GetCallerIdentity":
            return _result(action, f"<Arn>{CALLER}</Arn><Account>123456789012</Account>")
        if action == "CreateOpenIDConnectProvider":
            self.audiences, self.tags = _members(asked, "ClientIDList.member.%d"), _tags(asked)
            return _result(action, "")
        if self.audiences is None:
            return _error(404, "NoSuchEntity", "OpenIDConnect Provider not found")
        if action == "AddClientIDToOpenIDConnectProvider":
            self.audiences.append(asked["ClientID"])
        elif action == "TagOpenIDConnectProvider":
            self.tags |= _tags(asked)
        elif action == "DeleteOpenIDConnectProvider":
            self.audiences = None
        elif action != "GetOpenIDConnectProvider":
            return _error(400, "InvalidAction", f"Could not find operation {action}")
        return _result(action, self._provider())

    def _provider(self) -> str:
        members = "".join(f"<member>{escape(audience)}</member>" for audience in self.audiences or ())
        tags = "".join(
            f"<member><Key>{escape(key)}</Key><Value>{escape(value)}</Value></member>"
            for key, value in self.tags.items()
        )
        return f"<ClientIDList>{members}</ClientIDList><Tags>{tags}</Tags>"


@contextmanager
def iam_endpoint() -> Iterator[IamEndpoint]:
    """One that is gone afterwards."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, body = endpoint.answer(dict(parse_qsl(form)))
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        endpoint = IamEndpoint(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield endpoint
        finally:
            server.shutdown()
            thread.join()


def _members(asked: Mapping[str, str], name: str) -> list[str]:
    """The query protocol numbers the members of a list from 1."""
    names = [name % index for index in range(1, len(asked) + 1)]
    return [asked[one] for one in names if one in asked]


def _tags(asked: Mapping[str, str]) -> dict[str, str]:
    keys, values = (_members(asked, f"Tags.member.%d.{part}") for part in ("Key", "Value"))
    return dict(zip(keys, values, strict=True))


def _result(action: str, body: str) -> tuple[int, str]:
    return 200, f"<{action}Response><{action}Result>{body}</{action}Result></{action}Response>"


def _error(status: int, code: str, message: str) -> tuple[int, str]:
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    return status, f"<ErrorResponse>{error}</ErrorResponse>"
