"""Every call of the verbs that only read against every fault: what they tell is right, or an error is."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from e2e.fault_trials import check_what_is_said
from e2e.faults import FAULTS, calls_in, meeting
from e2e.shop import S3, SQS, Shop
from e2e.trials import Files, bounded, words
from e2e.warm import Warm
from pocket_eks.control import Control

Argv = Callable[[Shop], "list[str]"]
READERS: dict[str, tuple[Argv, int]] = {
    "list": (lambda shop: ["list", "-n", shop.namespace], 1),
    "list of policies": (lambda shop: words("list", shop), 1),
    "describe": (lambda shop: words("describe", shop), 1),
    "verify": (lambda shop: words("verify", shop), 3),
    "diff": (lambda shop: words("diff", shop, "-p", SQS, "-p", S3), 3),
}
"""Each with the exit code of a failure."""

OPTIONAL = "eks:ListPodIdentityAssociations"
"""Where it is not read in good time, less is said: see e2e/test_associations.py."""


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("reader", READERS)
def test_every_call_that_meets_it(
    shop: Shop,
    control: Control,
    files: Files,
    warm_process: Warm,
    reader: str,
    fault: str,
    record_property: Callable[[str, Any], None],
) -> None:
    bounded(shop, files)
    argv, failed = READERS[reader]
    asked, met = [*argv(shop), "--timeout=60s"], FAULTS[fault]
    control.clear_calls()
    undisturbed = warm_process.run(asked, shop.world.environ)
    # What STS refuses is an answer of verify: see e2e/test_verify.py.
    refused = "error" in met.effect and "read" not in met.survived
    calls = [
        call
        for call in meeting(fault, calls_in(control.calls()))
        if not (refused and call.action.startswith("sts:"))
    ]
    for call in calls:
        control.fault(call.upstream, call.action, met.effect, times=met.times, skip=call.skip)
        done = warm_process.run([*asked, *met.flags], shop.world.environ)
        control.clear_faults()
        if done.returncode != undisturbed.returncode:
            check_what_is_said(done, met, call, fault, failed=failed)
        elif call.kind in met.survived and call.action != OPTIONAL:
            assert untimed(done.stdout) == untimed(undisturbed.stdout), call
    record_property("cases", len(calls))
    assert calls


def untimed(text: str) -> str:
    """Without the time that verify took."""
    return re.sub(r" in \d+\.\d\d s$", "", text, flags=re.MULTILINE)
