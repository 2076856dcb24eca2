"""Faults: which calls to break, how often, and in which way."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from pocket_eks.gate.message import Upstream
from pocket_eks.gate.problem import Problem, count, only_keys, seconds

Point = Literal["before", "after"]
EFFECTS = ("error", "status", "drop", "delay", "hang", "hold")


@dataclass(frozen=True)
class Effect:
    """An effect. Exactly one of the fields is set, except `message`, which is set with `error`.

    `error` is an error code of AWS or a reason of Kubernetes, and `status` an HTTP status, returned instead
    of the
    upstream's answer. `drop` and `hold` name the point relative to the upstream's call. `delay` is in seconds
    and
    before the call. `hang` never answers.
    """

    error: str | None = None
    message: str | None = None
    status: int | None = None
    drop: Point | None = None
    delay: float | None = None
    hang: bool = False
    hold: Point | None = None


@dataclass
class Fault:
    """Breaks the next `times` calls after the first `skip` calls whose action matches the glob.

    If `times` is None, it breaks all calls until the faults are deleted.
    """

    upstream: Upstream
    action: str
    times: int | None
    skip: int
    effect: Effect

    def public(self) -> dict[str, Any]:
        """Return the fault as the control API shows it, with the remaining counts."""
        effect = {key: value for key, value in asdict(self.effect).items() if value not in (None, False)}
        return {
            "upstream": self.upstream,
            "action": self.action,
            "times": self.times,
            "skip": self.skip,
            "effect": effect,
        }


class Faults:
    """The current faults, in the order in which they were added. The first matching fault breaks a call."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, raw: Any) -> Fault:
        """Add a fault. Raises Problem if it is invalid."""
        fault = parse(raw)
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Remove all faults. Calls that are held or hang remain so."""
        self._faults.clear()

    def listed(self) -> list[dict[str, Any]]:
        """Return the faults that can still break a call."""
        return [fault.public() for fault in self._faults if fault.times != 0]

    def take(self, upstream: Upstream, action: str) -> Effect | None:
        """Return the effect for a new call, and count it. None for calls without a fault."""
        for fault in self._faults:
            if fault.upstream != upstream or fault.times == 0 or not fnmatchcase(action, fault.action):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            if fault.times is not None:
                fault.times -= 1
            return fault.effect
        return None


def parse(raw: Any) -> Fault:
    """Return the fault of a JSON object: upstream, effect, action ("*"), times (1), skip (0)."""
    given = only_keys("A fault", raw, ("upstream", "action", "times", "skip", "effect"))
    upstream = given.get("upstream")
    if upstream not in ("aws", "kube"):
        raise Problem(f'The upstream of a fault is "aws" or "kube"; got {upstream!r}.')
    action = given.get("action", "*")
    if not isinstance(action, str) or not action:
        raise Problem(f"The action of a fault is a glob such as iam:Attach*; got {action!r}.")
    times = given.get("times", 1)
    return Fault(
        upstream=upstream,
        action=action,
        times=None if times is None else count("The times of a fault", times, 1),
        skip=count("The skip of a fault", given.get("skip", 0), 0),
        effect=parse_effect(given.get("effect")),
    )


def parse_effect(raw: Any) -> Effect:
    """Return the effect of a JSON object with one of EFFECTS as its key."""
    given = only_keys("An effect", raw, (*EFFECTS, "message"))
    kinds = [key for key in given if key != "message"]
    if len(kinds) != 1:
        raise Problem(f"An effect has exactly one of the keys {', '.join(EFFECTS)}; got {sorted(given)}.")
    kind, value = kinds[0], given[kinds[0]]
    if "message" in given and (kind != "error" or not isinstance(given["message"], str)):
        raise Problem("A message is text and goes with an error.")
    if kind == "error":
        if not isinstance(value, str) or not value:
            raise Problem(f"An error is a code such as Throttling; got {value!r}.")
        return Effect(error=value, message=given.get("message"))
    if kind == "status":
        if isinstance(value, bool) or not isinstance(value, int) or not 200 <= value <= 599:
            raise Problem(f"A status is an HTTP status from 200 to 599; got {value!r}.")
        return Effect(status=value)
    if kind == "delay":
        return Effect(delay=seconds("A delay", value))
    if kind == "hang":
        if value is not True:
            raise Problem(f"hang can only be true; got {value!r}.")
        return Effect(hang=True)
    if value not in ("before", "after"):
        raise Problem(f'A {kind} is "before" or "after" the call reaches its server; got {value!r}.')
    return Effect(drop=value) if kind == "drop" else Effect(hold=value)
