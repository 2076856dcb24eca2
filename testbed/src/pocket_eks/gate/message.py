"""Requests and answers as the gate handles them: values, free of any framework."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl

Headers = list[tuple[bytes, bytes]]
Upstream = Literal["aws", "kube"]


@dataclass(frozen=True)
class Request:
    """One call with its whole body. Header names are lower case; `target` is path and query, raw.

    `source` is the address that the call came from, "" where the server does not say.
    """

    method: str
    path: str
    target: bytes
    headers: Headers
    body: bytes
    source: str = ""

    def header(self, name: str) -> str:
        """The value of a header, or the empty string."""
        wanted = name.encode()
        return next((value.decode("latin-1") for key, value in self.headers if key == wanted), "")

    @property
    def query(self) -> dict[str, str]:
        """The query string; of a repeated parameter the last one."""
        raw = self.target.partition(b"?")[2].decode("latin-1")
        return dict(parse_qsl(raw, keep_blank_values=True))


@dataclass(frozen=True)
class Named:
    """What a call is: `action` as the log and the faults know it, and whether it changes something.

    `service` and `region` come from the SigV4 credential scope and are empty for Kubernetes and for
    unsigned calls; `params` are the parameters of the AWS query protocol.
    """

    action: str
    write: bool
    service: str = ""
    region: str = ""
    params: dict[str, str] = field(default_factory=dict)


@dataclass
class Answer:
    """What the client gets: a body in one piece, or a stream that `close` must be called on."""

    status: int
    headers: Headers
    body: bytes = b""
    stream: AsyncIterator[bytes] | None = None
    close: Callable[[], Awaitable[None]] | None = None


def with_body(answer: Answer, body: bytes) -> Answer:
    """The answer with another body, in one piece."""
    headers = [(key, value) for key, value in answer.headers if key.lower() != b"content-length"]
    return Answer(answer.status, [*headers, (b"content-length", str(len(body)).encode())], body)


def plain(status: int, text: str) -> Answer:
    """An answer of text, as a load balancer or a proxy gives it."""
    return Answer(status, [(b"content-type", b"text/plain; charset=utf-8")], text.encode())


def request_of(scope: dict[str, Any], body: bytes) -> Request:
    """The request of an ASGI scope and its body."""
    raw: bytes = scope["raw_path"]
    query: bytes = scope["query_string"]
    return Request(
        method=scope["method"],
        path=scope["path"],
        target=raw + (b"?" + query if query else b""),
        headers=list(scope["headers"]),
        body=body,
        source=(scope.get("client") or ("",))[0],
    )
