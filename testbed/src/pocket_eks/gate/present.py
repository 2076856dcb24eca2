"""The emulator that receives the writes: the current state of IAM, and a journal of its changes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pocket_eks.gate.aws_calls import name
from pocket_eks.gate.message import Answer, Request
from pocket_eks.gate.proxy import Proxy, nobody
from pocket_eks.gate.wording import well_formed


@dataclass(frozen=True)
class Entry:
    """An accepted write. `at` is time.monotonic() in seconds; `answer` is the emulator's XML."""

    at: float
    request: Request
    answer: bytes


class Present:
    """The emulator of the world. `journal` holds every accepted IAM write, in order."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._lock = asyncio.Lock()
        self._open: list[tuple[Request, bytes]] = []
        self.journal: list[Entry] = []

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Run one change at a time.

        All changes of IAM in the block are one change: a read of an earlier state sees all of them or none.
        """
        async with self._lock:
            try:
                yield
            finally:
                now = time.monotonic()
                self.journal += [Entry(now, request, answer) for request, answer in self._open]
                self._open.clear()

    async def whole(self, request: Request, reached: Callable[[], None] = nobody) -> Answer:
        """Return the emulator's answer. A write must be sent inside `alone`, or no journal has it."""
        answer = well_formed(await self._proxy.whole(request, reached))
        named = name(request)
        if answer.status < 300 and named.service == "iam" and named.write:
            self._open.append((request, answer.body))
        return answer
