"""The call log: the calls that reached the gate, in order of arrival."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from pocket_eks.gate.message import Named, Request, Upstream

NO_ANSWER = 0
"""The status of a call whose connection died without an answer, whoever ended it."""


@dataclass
class Call:
    """A call. `at` is the Unix time of its arrival in seconds. `reached`: it was sent to the upstream."""

    number: int
    at: float
    upstream: Upstream
    method: str
    path: str
    user_agent: str
    action: str = ""
    write: bool = False
    status: int = NO_ANSWER
    reached: bool = False

    def public(self) -> dict[str, Any]:
        """Return the call as the control API shows it."""
        return {
            "upstream": self.upstream,
            "action": self.action,
            "method": self.method,
            "path": self.path,
            "write": self.write,
            "status": self.status,
            "at": self.at,
            "user_agent": self.user_agent,
            "reached": self.reached,
        }


class CallLog:
    """Numbers calls when they arrive, and lists them when they are answered or their connection is closed."""

    def __init__(self) -> None:
        self._next = 0
        self._first = 0
        self._done: list[Call] = []

    def arrive(self, upstream: Upstream, method: str, path: str) -> Call:
        """Number a call whose headers have arrived."""
        self._next += 1
        return Call(self._next, time.time(), upstream, method, path, "")

    def name(self, call: Call, request: Request, named: Named) -> None:
        """Add what is known after the body is read."""
        call.action = named.action
        call.write = named.write
        call.user_agent = request.header("user-agent")

    def finish(self, call: Call, status: int) -> None:
        """List a call, unless it arrived before the log was last cleared."""
        call.status = status
        if call.number > self._first:
            self._done.append(call)

    def listed(self) -> list[dict[str, Any]]:
        """Return the calls in order of arrival."""
        return [call.public() for call in sorted(self._done, key=lambda call: call.number)]

    def clear(self) -> None:
        """Remove all calls that have arrived, including calls in progress."""
        self._first = self._next
        self._done.clear()
