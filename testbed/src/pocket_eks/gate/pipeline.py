"""The steps of one call through the gate: name it, break it if a fault says so, answer it, log it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from pocket_eks.gate.calls import NO_ANSWER, Call, CallLog
from pocket_eks.gate.client import Client, ClientGone, Receive, Scope, Send
from pocket_eks.gate.faults import Effect, Faults
from pocket_eks.gate.holds import Holds
from pocket_eks.gate.message import Answer, Named, Request, Upstream, plain, request_of
from pocket_eks.gate.settings import Settings


class Dropped(Exception):
    """The call ends without an answer, because of a fault or because the upstream died."""


@dataclass
class World:
    """The objects that all parts of the gate share."""

    settings: Settings
    log: CallLog = field(default_factory=CallLog)
    faults: Faults = field(default_factory=Faults)
    holds: Holds = field(default_factory=Holds)


@dataclass(frozen=True)
class Side:
    """One of the two upstreams: how its calls are named, answered and refused.

    `answer` gets a function to call right before something is sent to the upstream. It raises Dropped when
    the upstream dies. `refuse` formats an error code, with a message or a default one.
    """

    upstream: Upstream
    name: Callable[[Request], Named]
    answer: Callable[[Request, Named, Callable[[], None]], Awaitable[Answer]]
    refuse: Callable[[Named, str, str | None], Answer]


class Pipeline:
    """The ASGI application of one side."""

    def __init__(self, side: Side, world: World) -> None:
        self._side = side
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call. An internal error of the gate is logged as 500, and uvicorn reports it."""
        log = self._world.log
        call = log.arrive(self._side.upstream, scope["method"], scope["path"])
        client = Client(receive, send)
        try:
            request = request_of(dict(scope), await client.body())
            named = self._side.name(request)
            log.name(call, request, named)
            answer = await self._treat(client, call, request, named)
        except ClientGone:
            log.finish(call, NO_ANSWER)
            return
        except Dropped:
            log.finish(call, NO_ANSWER)
            await client.abort()
            return
        except Exception:
            log.finish(call, 500)
            raise
        # Logged before it is sent, so that a client that has the answer finds the call in the log.
        log.finish(call, answer.status)
        try:
            await client.answer(answer)
        except ClientGone:
            return
        except Dropped:
            await client.abort()

    async def _treat(self, client: Client, call: Call, request: Request, named: Named) -> Answer:
        effect = self._world.faults.take(self._side.upstream, named.action) or Effect()
        pause = self._world.settings.latency + (effect.delay or 0.0)
        if pause:
            await client.until_gone(asyncio.sleep(pause))
        if effect.hang or effect.hold == "before":
            await client.until_gone(self._world.holds.stand(call, "hang" if effect.hang else "before"))
        if effect.drop == "before":
            raise Dropped
        if effect.error is not None:
            return self._side.refuse(named, effect.error, effect.message)
        if effect.status is not None:
            return plain(effect.status, "")

        def reached() -> None:
            call.reached = True

        # Not canceled when the client disconnects: a server that has a request completes it.
        answer = await self._side.answer(request, named, reached)
        try:
            if effect.hold == "after":
                await client.until_gone(self._world.holds.stand(call, "after"))
            if effect.drop == "after":
                raise Dropped
        except (ClientGone, Dropped):
            if answer.close is not None:
                await answer.close()
            raise
        return answer
