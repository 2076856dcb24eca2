"""Calls that are held by a fault until they are released, or that hang."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from pocket_eks.gate.calls import Call

Where = Literal["before", "after", "hang"]


class Holds:
    """The calls that are held or hang. A call is removed when its client disconnects."""

    def __init__(self) -> None:
        self._standing: dict[int, tuple[Call, Where]] = {}
        self._release = asyncio.Event()

    async def stand(self, call: Call, where: Where) -> None:
        """Return when the calls are released. Canceled when the client disconnects."""
        self._standing[call.number] = (call, where)
        try:
            await self._release.wait()
        finally:
            self._standing.pop(call.number, None)

    def release(self) -> int:
        """Release all held and hanging calls, and return their number."""
        released = len(self._standing)
        self._standing.clear()
        self._release.set()
        self._release = asyncio.Event()
        return released

    def listed(self) -> list[dict[str, Any]]:
        """Return the calls in order of arrival, with `point`: before, after or hang."""
        standing = sorted(self._standing.items())
        return [
            {
                "upstream": call.upstream,
                "action": call.action,
                "method": call.method,
                "path": call.path,
                "write": call.write,
                "at": call.at,
                "user_agent": call.user_agent,
                "point": where,
            }
            for _, (call, where) in standing
        ]
