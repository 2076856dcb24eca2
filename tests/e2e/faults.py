"""Each fault of AWS and of Kubernetes, and what a command that meets it must do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from e2e.shop import Json, Shop
from e2e.trials import Files, Scenario, Write, start, state, writes_of
from testbed.control import Control


@dataclass(frozen=True)
class Fault:
    """What happens to a call, and how often. `survived`: the command must succeed in spite of it."""

    upstream: str
    effect: Json
    times: int = 1
    survived: bool = False
    flags: tuple[str, ...] = ()


QUICK = ("--request-timeout=2s",)
FAULTS = {
    "denied": Fault("aws", {"error": "AccessDenied"}),
    "lost answer": Fault("aws", {"drop": "after"}, survived=True),
    "lost call": Fault("aws", {"drop": "before"}, survived=True),
    "throttled": Fault("aws", {"error": "Throttling"}, times=5, survived=True),
    "failure": Fault("aws", {"status": 500}, survived=True),
    "hang": Fault("aws", {"hang": True}, survived=True, flags=QUICK),
    "concurrent": Fault("aws", {"error": "ConcurrentModification"}, times=3),
    "not there": Fault("aws", {"error": "NoSuchEntity"}),
    "exists": Fault("aws", {"error": "EntityAlreadyExists"}),
    "over a limit": Fault("aws", {"error": "LimitExceeded"}),
    "forbidden": Fault("kube", {"error": "Forbidden"}),
    "put off": Fault("kube", {"error": "TooManyRequests"}, survived=True),
    "conflict": Fault("kube", {"error": "Conflict"}),
    "broken": Fault("kube", {"status": 500}),
    "answer lost": Fault("kube", {"drop": "after"}),
    "call lost": Fault("kube", {"drop": "before"}),
    "silence": Fault("kube", {"hang": True}, flags=QUICK),
}
# What every write meets in each run of the tests; each of the others is met by one.
ALWAYS = ("denied", "lost answer", "forbidden", "answer lost")
DENIALS = ("denied", "forbidden")


def calls_of(calls: list[Json]) -> list[Write]:
    """All calls in a log, each with how often its action was called before it."""
    return list(writes_of([{**call, "write": True} for call in calls]))


def chosen(name: str, calls: Iterable[Write]) -> list[Write]:
    """The calls that meet this fault in each run of the tests: all, or one, another one for each fault."""
    own = [call for call in calls if call.upstream == FAULTS[name].upstream]
    return own if name in ALWAYS else own[list(FAULTS).index(name) % len(own) :][:1]


def undisturbed(
    scenario: Scenario, new_shop: Callable[[], Shop], control: Control, files: Files
) -> tuple[object, list[Json]]:
    """What the command leaves behind where nothing goes wrong, and its calls."""
    shop = new_shop()
    scenario.prepare(shop, files)
    control.clear_calls()
    shop.iamsa(*scenario.words(shop, files))
    return state(shop), control.calls()


def check_that_it_converges(
    scenario: Scenario,
    shop: Shop,
    control: Control,
    files: Files,
    call: Write,
    name: str,
    wanted: object,
) -> int:
    """The command meets the fault at that call; its exit code. Then it runs again, and then once more."""
    fault, about = FAULTS[name], f"{name} at {call}"
    scenario.prepare(shop, files)
    argv = [*scenario.words(shop, files), "--timeout=60s", *fault.flags]
    control.fault(call.upstream, call.action, fault.effect, times=fault.times, skip=call.skip)
    run = start(shop, argv)
    _, stderr = run.communicate(timeout=90)
    control.clear_faults()
    assert "Traceback" not in stderr, f"{about}: {stderr}"
    assert run.returncode in (0, 1), f"{about}: {stderr}"
    if run.returncode:
        sentence = stderr.splitlines()[-1]
        assert sentence.startswith("error: "), f"{about}: {stderr}"
        assert not fault.survived, f"{about}: {sentence}"
        if name in DENIALS:
            assert denied_action(call) in sentence, f"{about}: {sentence}"

    shop.iamsa(*argv, *scenario.again)
    assert state(shop) == wanted, about
    control.clear_calls()
    shop.iamsa(*argv, *scenario.again)
    assert list(writes_of(control.calls())) == [], about
    return run.returncode


def denied_action(call: Write) -> str:
    """How the refused action is spelled in the sentence."""
    if call.upstream == "aws":
        return call.action
    _, verb, resource = call.action.split(":")
    return f"{verb} {resource}"
