"""Forwards requests to an upstream, unchanged except for the headers of the connection."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable

import httpx

from pocket_eks.gate.message import Answer, Headers, Request, plain, with_body
from pocket_eks.gate.pipeline import Dropped

HOP_BY_HOP = frozenset(
    (
        b"connection",
        b"keep-alive",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"expect",
    )
)
"""RFC 9110, section 7.6.1, and Expect, which the gate has answered when it has the body."""


def pool(ca_path: str | None = None) -> httpx.AsyncClient:
    """Return a pool of upstream connections without limits, because a watch can last for hours."""
    verify: ssl.SSLContext | bool = ssl.create_default_context(cafile=ca_path) if ca_path else False
    return httpx.AsyncClient(
        verify=verify,
        trust_env=False,
        timeout=httpx.Timeout(None, connect=5),
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=64, keepalive_expiry=60),
    )


def nobody() -> None:
    """Is informed when a call of the gate's own is sent."""


class Proxy:
    """An upstream. `base` is its URL without a path."""

    def __init__(self, client: httpx.AsyncClient, base: str) -> None:
        self._client = client
        self._url = httpx.URL(base + "/")

    async def stream(self, request: Request, reached: Callable[[], None]) -> Answer:
        """Return the answer as soon as its headers are there. The body follows as it arrives."""
        response = await self._send(request, reached)
        if isinstance(response, Answer):
            return response
        return Answer(
            response.status_code,
            end_to_end(response.headers.raw),
            stream=self._raw(response),
            close=response.aclose,
        )

    async def whole(self, request: Request, reached: Callable[[], None] = nobody) -> Answer:
        """Return the answer with its complete body, still encoded."""
        answer = await self.stream(request, reached)
        if answer.stream is None:
            return answer
        try:
            body = b"".join([chunk async for chunk in answer.stream])
        finally:
            assert answer.close is not None
            await answer.close()
        return with_body(answer, body)

    async def _send(self, request: Request, reached: Callable[[], None]) -> httpx.Response | Answer:
        headers = [(name, value) for name, value in end_to_end(request.headers) if name != b"content-length"]
        # Pass the target as raw bytes: a URL object would normalize it, which would break the signature.
        outgoing = httpx.Request(
            request.method,
            self._url,
            headers=headers,
            content=request.body,
            extensions={"target": request.target, "timeout": self._client.timeout.as_dict()},
        )
        reached()
        try:
            return await self._client.send(outgoing, stream=True)
        except httpx.ConnectError as error:
            return plain(502, f"the upstream cannot be reached: {error}")
        except httpx.TransportError as error:
            raise Dropped from error

    async def _raw(self, response: httpx.Response) -> AsyncIterator[bytes]:
        try:
            async for chunk in response.aiter_raw():
                yield chunk
        except httpx.TransportError as error:
            raise Dropped from error


def end_to_end(headers: Headers) -> Headers:
    """Return the headers that are not for one connection."""
    return [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
