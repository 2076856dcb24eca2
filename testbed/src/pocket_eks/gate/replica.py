"""The second emulator: the state of IAM some seconds ago, created by repeating the writes."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx

from pocket_eks.emulators import register_provider
from pocket_eks.gate.config import Config
from pocket_eks.gate.made_values import MadeValues
from pocket_eks.gate.message import Answer, Request, with_body
from pocket_eks.gate.present import Entry
from pocket_eks.gate.problem import Problem
from pocket_eks.gate.proxy import Proxy
from pocket_eks.gate.wording import well_formed
from pocket_eks.ports import HOST, answers

LEASH = Path(__file__).parents[1] / "leash.py"
PATIENCE = 60.0
"""Seconds that the emulator may take to come up."""


class Replica:
    """An emulator that is started when it is needed, and ends with this process, even if it is killed."""

    def __init__(self, client: httpx.AsyncClient, config: Config) -> None:
        self._config = config
        self._url = f"http://{HOST}:{config.replica.port}"
        self._proxy = Proxy(client, self._url)
        self._process: Process | None = None
        self._values = MadeValues()
        self._is_up = False
        self._done = 0
        self._latest = float("-inf")

    async def advance(self, journal: Sequence[Entry], horizon: float) -> None:
        """Repeat writes until `horizon`, a time on the clock of the entries. Raises Problem.

        It cannot go back: for a horizon before its last write, the emulator is restarted.
        """
        if not self._is_up or self._latest > horizon:
            await self._start()
        while self._done < len(journal) and journal[self._done].at <= horizon:
            await self._repeat(journal[self._done])

    async def whole(self, request: Request, reached: Callable[[], None]) -> Answer:
        """Return the answer to a read, with the generated values of the first emulator."""
        answer = well_formed(await self._proxy.whole(self._values.for_second(request), reached))
        return with_body(answer, self._values.from_second(answer.body))

    async def _repeat(self, entry: Entry) -> None:
        answer = well_formed(await self._proxy.whole(self._values.for_second(entry.request)))
        if answer.status >= 300:
            told = answer.body.decode("utf-8", "replace")
            raise Problem(f"The second emulator rejects a call that the first one accepted: {told}.", 500)
        self._values.learn(entry.answer, answer.body)
        self._done += 1
        self._latest = entry.at

    async def _start(self) -> None:
        self._is_up = False
        await self._stop()
        environ = os.environ | self._config.replica.env
        with open(self._config.replica.log, "ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-IS", str(LEASH), *self._config.replica.argv),
                stdin=PIPE,
                stdout=log,
                stderr=log,
                env=environ,
            )
        await self._until_it_answers(self._process)
        # The initial state of the account, which the first emulator had before the first call.
        await asyncio.to_thread(register_provider, self._url, self._config.issuer, self._config.region)
        self._values, self._done, self._latest = MadeValues(), 0, float("-inf")
        self._is_up = True

    async def _stop(self) -> None:
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            await self._process.wait()

    async def _until_it_answers(self, process: Process) -> None:
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while not answers(self._config.replica.port):
            if process.returncode is not None:
                lines = Path(self._config.replica.log).read_text(errors="replace").split("\n")
                last = next(filter(None, reversed(lines)), "it said nothing")
                raise Problem(f"The second emulator ended with code {process.returncode}: {last}.", 500)
            if asyncio.get_running_loop().time() > deadline:
                raise Problem(f"The second emulator is not up after {PATIENCE:.0f} seconds.", 500)
            await asyncio.sleep(0.02)
