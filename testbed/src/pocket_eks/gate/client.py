"""The client of an ASGI call: its request body, its disconnection, and the end of its connection."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeVar

from pocket_eks.gate.message import Answer

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
T = TypeVar("T")


class ClientGone(Exception):
    """The client closed its connection, or was killed, before it received the answer."""


class Client:
    """The client of one call. `body` must be called before `until_gone` and `answer`."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._gone: asyncio.Task[None] | None = None

    async def body(self) -> bytes:
        """Return the whole request body. Raises ClientGone if the client disconnects."""
        parts: list[bytes] = []
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            parts.append(message.get("body", b""))
            more = message.get("more_body", False)
        self._gone = asyncio.create_task(self._watch())
        return b"".join(parts)

    async def until_gone(self, work: Awaitable[T]) -> T:
        """Return the result of `work`. If the client disconnects first, cancel it and raise ClientGone.

        If both happen at the same time, the disconnection wins, so that a held call does not continue after
        its
        client was killed.
        """
        assert self._gone is not None
        task = asyncio.ensure_future(work)
        await asyncio.wait({task, self._gone}, return_when=asyncio.FIRST_COMPLETED)
        if self._gone.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise ClientGone
        return await task

    async def answer(self, answer: Answer) -> None:
        """Send an answer, streamed or not. Stops silently if the client disconnects."""
        try:
            await self._send(
                {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
            )
            if answer.stream is None:
                await self._send({"type": "http.response.body", "body": answer.body})
            else:
                await self.until_gone(self._pump(answer))
        finally:
            if answer.close is not None:
                await answer.close()

    async def abort(self) -> None:
        """Close the TCP connection without an answer, as a crashed server does."""
        # ASGI has no message for this. The transport belongs to the object behind uvicorn's send.
        self._send.__self__.transport.abort()  # type: ignore[attr-defined]
        if self._gone is not None:
            await self._gone

    async def _pump(self, answer: Answer) -> None:
        assert answer.stream is not None
        async for chunk in answer.stream:
            await self._send({"type": "http.response.body", "body": chunk, "more_body": True})
        await self._send({"type": "http.response.body", "body": b""})

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
