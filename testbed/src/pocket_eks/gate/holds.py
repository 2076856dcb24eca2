"""Calls that stand still: held by a fault until they are released, or hanging."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from pocket_eks.gate.calls import Call

Where = Literal["before", "after", "hang"]


class Holds:
    """The calls that stand still now. A call whose client goes away leaves by itself."""

    def __init__(self) -> None:
        self._standing: dict[int, tuple[Call, Where]] = {}
        self._release = asyncio.Event()

    async def stand(self, call: Call, where: Where) -> None:
        """Return when the calls are released; cancelled when the client goes away."""
        self._standing[call.number] = (call, where)
        try:
            await self._release.wait()
        finally:
            self._standing.pop(call.number, None)

    def release(self) -> int:
        """Let everything that stands still go on, hanging calls too; how many those were."""
        released = len(self._standing)
        self._standing.clear()
        self._release.set()
        self._release = asyncio.Event()
        return released

    def listed(self) -> list[dict[str, Any]]:
        """The calls in order of arrival, with `point`: before, after or hang."""
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
