"""IAM's reads as AWS gives them: of some seconds ago, when the settings have a lag.

IAM is eventually consistent (IAM User Guide: "Changes that I make are not always immediately visible"). Here
that has a measure: a write is seen by nobody until it is `lag` seconds old, and then by everybody.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from pocket_eks.gate.message import Answer, Request
from pocket_eks.gate.present import Present
from pocket_eks.gate.proxy import nobody
from pocket_eks.gate.replica import Replica
from pocket_eks.gate.settings import Settings


class Past:
    """The first emulator for a lag of 0, else the second one, brought up to date right before each read."""

    def __init__(self, settings: Settings, present: Present, replica: Replica) -> None:
        self._settings = settings
        self._present = present
        self._replica = replica
        self._lock = asyncio.Lock()

    async def whole(self, request: Request, reached: Callable[[], None] = nobody) -> Answer:
        """The answer to a read as of its arrival, less the lag."""
        lag = self._settings.lag
        if not lag and b"OpenIDConnectProvider" in request.body:
            # Another list of audiences takes the emulator two calls, with no provider between them.
            async with self._present.alone():
                return await self._present.whole(request, reached)
        if not lag:
            return await self._present.whole(request, reached)
        horizon = time.monotonic() - lag
        # Locked until the answer, so that no later read advances the second emulator before it.
        async with self._lock:
            await self._replica.advance(self._present.journal, horizon)
            return await self._replica.whole(request, reached)

    async def catch_up(self) -> None:
        """Do beforehand what takes long: the start, and all that has been written; raises Problem."""
        if self._settings.lag:
            horizon = time.monotonic() - self._settings.lag
            async with self._lock:
                await self._replica.advance(self._present.journal, horizon)
