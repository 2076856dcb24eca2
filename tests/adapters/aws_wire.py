# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWS sends over the wire, and what goes wrong there: botocore's own retries and parsers are at work."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSResponse, HTTPHeaders
from botocore.exceptions import BotoCoreError

# An answer as status and body, or what the connection breaks with.
Reply = tuple[int, str] | BotoCoreError


@dataclass
class Wire:
    """`replies` go out in turn, the last of them for ever; `sent` counts the requests."""

    replies: list[Reply]
    sent: int = field(default=0, init=False)

    def __call__(self, request: Any, **_: object) -> AWSResponse:
        self.sent += 1
        reply = self.replies[min(self.sent, len(self.replies)) - 1]
        if isinstance(reply, BotoCoreError):
            raise reply
        status, text = reply
        return AWSResponse(request.url, status, HTTPHeaders(), _Body(text))


class _Body:
    def __init__(self, text: str) -> None:
        self._text = text

    def stream(self, **_: object) -> list[bytes]:
        return [self._text.encode()]


@contextmanager
def answering(client: Any, *replies: Reply) -> Iterator[Wire]:
    """The client's requests are answered so while the block lasts; none leaves the process."""
    wire = Wire(list(replies))
    client.meta.events.register_last("before-send", wire)
    try:
        yield wire
    finally:
        client.meta.events.unregister("before-send", wire)


def result(operation: str, inner: str) -> Reply:
    """A success of IAM."""
    return 200, f"<{operation}Response><{operation}Result>{inner}</{operation}Result></{operation}Response>"


def failure(service: str, status: int, code: str) -> Reply:
    """An error as IAM (XML) or EKS (JSON) words it."""
    if service == "eks":
        return status, json.dumps({"__type": code, "message": "words of AWS"})
    return (
        status,
        f"<ErrorResponse><Error><Code>{code}</Code><Message>words of AWS</Message></Error></ErrorResponse>",
    )
