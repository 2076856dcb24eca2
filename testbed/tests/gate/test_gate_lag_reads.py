"""Every kind of IAM read under a lag: right after a change, and once the change is old enough."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from gate.bench import Bench
from gate.lag_account import Iam, empty, furnish
from gate.lag_cases import CASES, shown

LAG = 4.0
"""Seconds: longer than all changes and all reads of this file take."""


@pytest.fixture(scope="module")
def account(whole_bench: Bench) -> Iterator[Iam]:
    """What the cases change, made long enough ago to be seen with LAG."""
    whole_bench.control.reset()
    iam = whole_bench.aws("iam")
    whole_bench.control.settings(lag=LAG)
    furnish(iam)
    time.sleep(LAG)
    yield iam
    whole_bench.control.reset()
    empty(iam)


@pytest.fixture(scope="module")
def seen(whole_bench: Bench, account: Iam) -> dict[str, tuple[Any, Any]]:
    """By case, what `look` showed right after the change, and what it shows when the change is old enough."""
    started = time.monotonic()
    for case in CASES.values():
        case.change(account)
    at_first = {name: shown(case, account) for name, case in CASES.items()}
    assert time.monotonic() - started < LAG, "the changes and reads took longer than the lag"
    whole_bench.control.settings(lag=0.001)
    return {name: (at_first[name], shown(case, account)) for name, case in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_not_seen_at_once(seen: dict[str, tuple[Any, Any]], name: str) -> None:
    assert seen[name][0] == CASES[name].before


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_seen_when_it_is_old_enough(seen: dict[str, tuple[Any, Any]], name: str) -> None:
    assert seen[name][1] == CASES[name].after
