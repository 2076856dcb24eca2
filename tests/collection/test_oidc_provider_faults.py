"""The OIDC provider where calls meet faults, answers are lost, and IAM shows its changes late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from collection.conftest import Task
from collection.oidc import AUDIENCE, Issuer, issuer, least, under
from pocket_eks.control import Control

__all__ = ["issuer", "least", "under"]

pytestmark = pytest.mark.usefixtures("least")

EXACTLY: dict[str, Any] = {
    "audiences": [AUDIENCE],
    "purge_audiences": True,
    "tags": {"a": "b"},
    "purge_tags": True,
}


@pytest.fixture
def late(control: Control) -> Iterator[None]:
    """An IAM that answers as of three seconds ago."""
    control.settings(lag=3.0)
    yield
    control.settings(lag=0.0)


@pytest.mark.parametrize("effect", [{"drop": "after"}, {"error": "ConcurrentModification"}], ids=str)
def test_every_write_survives_it(
    task: Task, issuer: Issuer, control: Control, effect: dict[str, str]
) -> None:
    for verb in ("Create", "AddClientIDTo", "RemoveClientIDFrom", "Tag", "Untag", "Delete"):
        control.fault("aws", f"iam:{verb}OpenIDConnectProvider", effect)
    assert task("iam_oidc_provider", issuer_url=issuer.url, audiences=["old"], tags={"x": "y"})["changed"]
    done = task("iam_oidc_provider", issuer_url=issuer.url, **EXACTLY)
    assert done["oidc_provider"] == issuer.found()
    assert done["oidc_provider"] == issuer.document([AUDIENCE], {"a": "b"})
    assert task("iam_oidc_provider", issuer_url=issuer.url, state="absent")["changed"]
    assert issuer.found() is None


def test_a_run_that_fails_midway_tells_what_it_did_and_the_next_completes_it(
    task: Task, issuer: Issuer, control: Control
) -> None:
    issuer.register("old", x="y")
    control.fault("aws", "iam:TagOpenIDConnectProvider", {"error": "LimitExceeded"})
    failed = task("iam_oidc_provider", issuer_url=issuer.url, _fails=True, **EXACTLY)
    assert (failed["changed"], failed["error"]["kind"]) == (True, "remote_error")
    assert [(step["verb"], step["part"]) for step in failed["steps"]] == [
        ("add", "audience"),
        ("remove", "audience"),
        ("remove", "tags"),
    ]
    completed = task("iam_oidc_provider", issuer_url=issuer.url, **EXACTLY)
    assert [(step["verb"], step["part"]) for step in completed["steps"]] == [("set", "tags")]
    assert completed["oidc_provider"] == issuer.found()


@pytest.mark.usefixtures("late")
def test_what_runs_next_finds_what_was_written(task: Task, issuer: Issuer) -> None:
    assert task("iam_oidc_provider", issuer_url=issuer.url, tags={"x": "y"})["changed"]
    assert not task("iam_oidc_provider", issuer_url=issuer.url, tags={"x": "y"})["changed"]
    assert task("iam_oidc_provider", issuer_url=issuer.url, state="absent")["changed"]
    assert not task("iam_oidc_provider", issuer_url=issuer.url, state="absent")["changed"]
