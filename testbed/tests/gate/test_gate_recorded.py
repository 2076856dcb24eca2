"""The gate answers as AWS is recorded to, on each emulator."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from gate.bench import Bench, refusal
from gate.recorded import REFUSALS, Refusal
from gate.recorded_behavior import BEHAVIORS, Behavior
from gate.stage import Stage


@pytest.fixture
def stage(bench: Bench) -> Iterator[Stage]:
    made = Stage(bench)
    yield made
    made.clear()


@pytest.mark.parametrize("fact", REFUSALS, ids=lambda fact: fact.id)
def test_a_refusal(stage: Stage, fact: Refusal) -> None:
    code, status, message = refusal(lambda: fact.cause(stage))
    assert (status, code) == (fact.status, fact.code), message
    pattern = "".join(
        re.escape(part) if number % 2 == 0 else ".+?"
        for number, part in enumerate(re.split(r"(?<![pNLZ])(\{\w+\})", fact.message))
    )
    # boto3 gives None for an empty message.
    assert re.fullmatch(pattern, message or ""), message


@pytest.mark.parametrize("fact", BEHAVIORS, ids=lambda fact: fact.id)
def test_a_behavior(stage: Stage, fact: Behavior) -> None:
    assert fact.seen(stage) == fact.expected
