"""IAM's reads with the lag of the settings: as of some seconds ago.

IAM is eventually consistent (IAM User Guide: "Changes that I make are not always immediately visible"). Here,
the delay is exact: a write is visible to nobody until it is `lag` seconds old, and then to everybody.
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
    """The first emulator if the lag is 0, else the second one, which is updated right before each read."""

    def __init__(self, settings: Settings, present: Present, replica: Replica) -> None:
        self._settings = settings
        self._present = present
        self._replica = replica
        self._lock = asyncio.Lock()

    async def whole(self, request: Request, reached: Callable[[], None] = nobody) -> Answer:
        """Return the answer to a read as of its arrival, minus the lag."""
        lag = self._settings.lag
        if not lag and b"OpenIDConnectProvider" in request.body:
            # Changing audiences takes the emulator two calls, and between them there is no provider.
            async with self._present.alone():
                return await self._present.whole(request, reached)
        if not lag:
            return await self._present.whole(request, reached)
        horizon = time.monotonic() - lag
        # Locked until the answer, so that no later read updates the second emulator before it.
        async with self._lock:
            await self._replica.advance(self._present.journal, horizon)
            return await self._replica.whole(request, reached)

    async def catch_up(self) -> None:
        """Do in advance what takes long: the start, and repeating all writes. Raises Problem."""
        if self._settings.lag:
            horizon = time.monotonic() - self._settings.lag
            async with self._lock:
                await self._replica.advance(self._present.journal, horizon)
