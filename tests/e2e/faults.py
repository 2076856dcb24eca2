"""Each fault of AWS and of Kubernetes: to whom it happens, and which calls outlive it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from e2e.shop import Json

Kind = Literal["read", "rehearsal", "write"]


@dataclass(frozen=True)
class Call:
    """One call of a run: to meet it, a fault has to let `skip` calls of its action pass."""

    upstream: str
    action: str
    skip: int
    kind: Kind

    def __str__(self) -> str:
        return f"{self.kind} {self.action}#{self.skip}"

    @property
    def denied(self) -> str:
        """How it is spelled where it is refused: `iam:GetRole`, `patch serviceaccounts`."""
        return self.action if self.upstream == "aws" else " ".join(self.action.split(":")[1:])

    @property
    def document(self) -> str:
        """Where docs/permissions are named as what allows it."""
        if self.upstream == "aws":
            return "docs/permissions/"
        own = "rbac-verify.yaml" if self.action.endswith("/token") else "rbac.yaml"
        return f"docs/permissions/{own}"


@dataclass(frozen=True)
class Fault:
    """What happens to a call, and how often.

    `survived`: the calls that it may not stop. `unknown`: a write that it stops may have been done.
    `lies`: it says of what is there that it is not, and who believes it may need a second run.
    """

    upstream: str
    effect: Json
    times: int = 1
    survived: tuple[Kind, ...] = ()
    unknown: bool = False
    lies: bool = False
    flags: tuple[str, ...] = ()


ANY: tuple[Kind, ...] = ("read", "rehearsal", "write")
HARMLESS: tuple[Kind, ...] = ("read", "rehearsal")
CHANGING: tuple[Kind, ...] = ("rehearsal", "write")
QUICK = ("--request-timeout=2s",)
FAULTS = {
    "denied": Fault("aws", {"error": "AccessDenied"}),
    "lost answer": Fault("aws", {"drop": "after"}, survived=ANY),
    "lost call": Fault("aws", {"drop": "before"}, survived=ANY),
    "throttled": Fault("aws", {"error": "Throttling"}, times=5, survived=ANY),
    "failure": Fault("aws", {"status": 500}, survived=ANY),
    "hang": Fault("aws", {"hang": True}, survived=ANY, flags=QUICK),
    "concurrent": Fault("aws", {"error": "ConcurrentModification"}, times=3, survived=("write",)),
    "not there": Fault("aws", {"error": "NoSuchEntity"}, lies=True),
    "exists": Fault("aws", {"error": "EntityAlreadyExists"}),
    "over a limit": Fault("aws", {"error": "LimitExceeded"}),
    "forbidden": Fault("kube", {"error": "Forbidden"}),
    "put off": Fault("kube", {"error": "TooManyRequests"}, survived=ANY),
    "conflict": Fault("kube", {"error": "Conflict"}, survived=CHANGING),
    "broken": Fault("kube", {"status": 500}, survived=HARMLESS, unknown=True),
    "answer lost": Fault("kube", {"drop": "after"}, survived=HARMLESS, unknown=True),
    "call lost": Fault("kube", {"drop": "before"}, survived=HARMLESS, unknown=True),
    "silence": Fault("kube", {"hang": True}, unknown=True, flags=QUICK),
}
DENIALS = ("denied", "forbidden")
# What every write meets in each run of the tests; the verbs share out the others, one write for each.
ALWAYS = ("denied", "lost answer", "forbidden", "answer lost")
VERBS = ("create", "update", "delete")


def share_of(verb: str) -> list[str]:
    """The faults that the verb's writes meet in each run of the tests."""
    others = [name for name in FAULTS if name not in ALWAYS]
    return [*ALWAYS, *others[VERBS.index(verb) :: len(VERBS)]]


def calls_in(log: list[Json]) -> Iterator[Call]:
    """All calls of a run, each with how often its action was called before it."""
    seen: Counter[str] = Counter()
    for call in log:
        action = call["action"]
        yield Call(call["upstream"], action, seen[action], _kind(call))
        seen[action] += 1


def _kind(call: Json) -> Kind:
    if call["write"]:
        return "write"
    asks = call["method"] == "GET" or call["action"].endswith("/token")
    return "read" if call["upstream"] == "aws" or asks else "rehearsal"


def meeting(name: str, calls: Iterable[Call]) -> list[Call]:
    """The calls that this fault can happen to."""
    return [call for call in calls if call.upstream == FAULTS[name].upstream]


def chosen(name: str, calls: Iterable[Call]) -> list[Call]:
    """The writes that meet this fault in each run of the tests: all, or one, another one for each fault."""
    own = [call for call in meeting(name, calls) if call.kind == "write"]
    return own if name in ALWAYS else own[list(FAULTS).index(name) % len(own) :][:1]
