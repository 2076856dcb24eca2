"""A client of a world's control API: the call log, faults and settings."""

from __future__ import annotations

import json
import time
import urllib.request
from typing import Any, cast

Json = dict[str, Any]


RESET = (
    *("policy", "service_control_policy", "resource_control_policy", "endpoint_policy", "resource_policy"),
    *("permissions_boundary", "session_policy", "cluster", "clusters", "quotas", "unregistered_providers"),
    "webhook_cache",
)
"""Settings for which null restores the state of a new world."""


class Control:
    """A client. `url` is WORLD_CONTROL.

    Every method raises OSError if the world has ended, and urllib.error.HTTPError if the request is invalid.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def calls(self) -> list[Json]:
        """Return the calls that reached the gate, oldest first: upstream, action, write, status and more."""
        return cast(list[Json], self._ask("GET", "/calls"))

    def clear_calls(self) -> None:
        self._ask("DELETE", "/calls")

    def fault(
        self, upstream: str, action: str, effect: Json, *, times: int | None = 1, skip: int = 0
    ) -> None:
        """Break the next `times` calls after the first `skip` calls.

        `action` can have wildcards: iam:Attach*.
        Effects: {"error": CODE}, {"status": N}, {"drop": "before"|"after"}, {"delay": SECONDS},
        {"hang": True}, {"hold": "before"|"after"}.
        """
        fault = {"upstream": upstream, "action": action, "effect": effect, "times": times, "skip": skip}
        self._ask("POST", "/faults", fault)

    def clear_faults(self) -> None:
        self._ask("DELETE", "/faults")

    def settings(self, **changed: float | str | Json | None) -> None:
        """Change some of the settings.

        - lag: the age of IAM's answers, in seconds. Setting it takes about a second, plus the time to repeat
          all earlier IAM writes of the world.
        - latency: the delay of each call, in seconds.
        - policy: an IAM policy document, or None.
        - service_control_policy, resource_control_policy, endpoint_policy, resource_policy,
          permissions_boundary, session_policy: likewise; each must allow a call, too.
        - cluster: members that DescribeCluster returns instead.
        - clusters: more clusters, by name.
        - quotas: quotas of the account, by IAM's name for them.
        - unregistered_providers: whether trust policies may name them: "accepted" or "refused".
        - webhook_cache: "fresh", or "frozen" for a webhook that uses the ServiceAccounts as they are now.
        """
        self._ask("POST", "/settings", changed, seconds=300)

    def held(self) -> list[Json]:
        """Return the calls that are held until they are released."""
        return cast(list[Json], self._ask("GET", "/held"))

    def wait_for_held(self, count: int = 1, seconds: float = 30) -> list[Json]:
        """Return the held calls as soon as there are `count` of them. Raises TimeoutError after a while."""
        end = time.monotonic() + seconds
        while len(held := self.held()) < count:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(held)} calls are held, not {count}")
            time.sleep(0.02)
        return held

    def release(self) -> None:
        self._ask("POST", "/held/release")

    def reset(self) -> None:
        """Reset to the state of a new world: no calls, no faults, no held calls, no delays and no policy."""
        self.clear_faults()
        self.release()
        self.settings(lag=0.0, latency=0.0, **dict.fromkeys(RESET))
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
