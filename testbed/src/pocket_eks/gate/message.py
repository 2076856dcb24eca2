"""Requests and answers as the gate handles them: values that depend on no framework."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl

Headers = list[tuple[bytes, bytes]]
Upstream = Literal["aws", "kube"]


@dataclass(frozen=True)
class Request:
    """One call with its complete body. Header names are in lower case; `target` is the raw path and query.

    `source` is the address of the client, or "" if the server does not know it.
    """

    method: str
    path: str
    target: bytes
    headers: Headers
    body: bytes
    source: str = ""

    def header(self, name: str) -> str:
        """Return the value of a header, or ""."""
        wanted = name.encode()
        return next((value.decode("latin-1") for key, value in self.headers if key == wanted), "")

    @property
    def query(self) -> dict[str, str]:
        """Return the query string. Of a repeated parameter, only the last value is kept."""
        raw = self.target.partition(b"?")[2].decode("latin-1")
        return dict(parse_qsl(raw, keep_blank_values=True))


@dataclass(frozen=True)
class Named:
    """A call's name, `action`, as the log and the faults use it, and whether it changes anything.

    `service` and `region` come from the SigV4 credential scope, and are empty for Kubernetes and for unsigned
    calls. `params` are the parameters of the AWS query protocol.
    """

    action: str
    write: bool
    service: str = ""
    region: str = ""
    params: dict[str, str] = field(default_factory=dict)


@dataclass
class Answer:
    """An answer to the client: a complete body, or a stream that must be closed with `close`."""

    status: int
    headers: Headers
    body: bytes = b""
    stream: AsyncIterator[bytes] | None = None
    close: Callable[[], Awaitable[None]] | None = None


def with_body(answer: Answer, body: bytes) -> Answer:
    """Return the answer with another complete body."""
    headers = [(key, value) for key, value in answer.headers if key.lower() != b"content-length"]
    return Answer(answer.status, [*headers, (b"content-length", str(len(body)).encode())], body)


def plain(status: int, text: str) -> Answer:
    """Return an answer of text, like that of a load balancer or a proxy."""
    return Answer(status, [(b"content-type", b"text/plain; charset=utf-8")], text.encode())


def request_of(scope: dict[str, Any], body: bytes) -> Request:
    """Return the request of an ASGI scope and its body."""
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
