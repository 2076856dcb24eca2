"""A client of a world's control API: what was called, and what shall go wrong."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any, cast

Json = dict[str, Any]


class Control:
    """`url` is WORLD_CONTROL. Every method raises OSError if the world is gone, and
    urllib.error.HTTPError if it does not understand."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def calls(self) -> list[Json]:
        """What reached the gate, oldest first; each has upstream, action, write, status and more."""
        return cast(list[Json], self._ask("GET", "/calls"))

    def clear_calls(self) -> None:
        self._ask("DELETE", "/calls")

    def fault(
        self, upstream: str, action: str, effect: Json, *, times: int | None = 1, skip: int = 0
    ) -> None:
        """Break the next `times` calls after `skip` ones; `action` may hold wildcards, as iam:Attach*.

        Effects: {"error": CODE}, {"status": N}, {"drop": "before"|"after"}, {"delay": SECONDS},
        {"hang": True}, {"hold": "before"|"after"}.
        """
        fault = {"upstream": upstream, "action": action, "effect": effect, "times": times, "skip": skip}
        self._ask("POST", "/faults", fault)

    def clear_faults(self) -> None:
        self._ask("DELETE", "/faults")

    def settings(self, **changed: float | Json | None) -> None:
        """Set some of: lag, how old IAM's answers are, and latency, how long each call takes, in seconds;
        policy, an IAM policy document or None; cluster, members that DescribeCluster answers with; clusters,
        further clusters by name.

        A lag takes about a second, and as long as all earlier IAM writes of the world once more.
        """
        self._ask("POST", "/settings", changed, seconds=300)

    def held(self) -> list[Json]:
        """The calls that a hold has stopped, and that wait for release."""
        return cast(list[Json], self._ask("GET", "/held"))

    def wait_for_held(self, count: int = 1, seconds: float = 30) -> list[Json]:
        """The held calls, once there are `count` of them; TimeoutError if there never are."""
        end = time.monotonic() + seconds
        while len(held := self.held()) < count:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(held)} calls are held, not {count}")
            time.sleep(0.02)
        return held

    def release(self) -> None:
        self._ask("POST", "/held/release")

    def reset(self) -> None:
        """As in a fresh world: nothing called, nothing broken, nothing held, no delays and no policy."""
        self.clear_faults()
        self.release()
        self.settings(lag=0.0, latency=0.0, policy=None, cluster=None, clusters=None)
        self.clear_calls()

    def _ask(self, method: str, path: str, body: Json | None = None, *, seconds: float = 30) -> object:
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with self.opener.open(request, timeout=seconds) as response:
            text = response.read()
        return json.loads(text) if text else None
