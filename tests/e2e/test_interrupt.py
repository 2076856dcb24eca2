"""A signal stops the run between two steps, and what is done and what is left is said."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest
from e2e.shop import S3, SQS, Shop
from e2e.trials import create, start, words
from pocket_eks.control import Control

Writes = Callable[[], "list[str]"]
STOPPING = "Stopping after the current step. Press Ctrl-C again to stop now."


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_the_step_under_way_is_finished_and_the_rest_is_left(
    shop: Shop, control: Control, number: signal.Signals, code: int
) -> None:
    control.fault("aws", "iam:AttachRolePolicy", {"hold": "before"})
    run = start(shop, create(shop))
    control.wait_for_held()
    run.send_signal(number)
    assert run.stderr
    assert run.stderr.readline() == f"{STOPPING}\n"
    control.release()
    stdout, stderr = run.communicate(timeout=20)
    assert run.returncode == code
    assert stdout.splitlines() == [
        f"role/{shop.role_name} created",
        f"role/{shop.role_name} policy {S3} attached",
    ]
    assert stderr.splitlines() == [
        "not done: serviceaccount/shop created",
        "run the same command again to continue",
        "interrupted",
    ]
    assert (shop.attached(), shop.service_account()) == ({S3}, None)
    assert shop.create().stdout.splitlines()[0] == "serviceaccount/shop created"


def test_a_second_signal_does_not_wait_for_the_step(shop: Shop, control: Control) -> None:
    control.fault("aws", "iam:AttachRolePolicy", {"hold": "before"})
    run = start(shop, create(shop))
    control.wait_for_held()
    assert run.stderr
    run.send_signal(signal.SIGINT)
    run.stderr.readline()
    run.send_signal(signal.SIGINT)
    stdout, stderr = run.communicate(timeout=10)
    assert run.returncode == 130
    assert stdout.splitlines() == [f"role/{shop.role_name} created"]
    assert stderr.splitlines() == [
        f"possibly done: role/{shop.role_name} policy {S3} attached",
        "not done: serviceaccount/shop created",
        "run the same command again to continue",
        "interrupted",
    ]
    control.release()
    shop.create()


def test_in_the_last_step_there_is_nothing_to_stop(shop: Shop, control: Control) -> None:
    control.fault("kube", "kube:create:serviceaccounts", {"hold": "before"}, skip=1)
    run = start(shop, create(shop))
    control.wait_for_held()
    run.send_signal(signal.SIGINT)
    assert run.stderr
    run.stderr.readline()
    control.release()
    stdout, _ = run.communicate(timeout=20)
    assert run.returncode == 0
    assert stdout.splitlines()[-1] == shop.role_arn


def test_while_reading_it_stops_at_once_and_says_only_that(
    shop: Shop, control: Control, writes: Writes
) -> None:
    control.fault("aws", "iam:GetRole", {"hold": "before"})
    run = start(shop, create(shop))
    control.wait_for_held()
    run.send_signal(signal.SIGINT)
    stdout, stderr = run.communicate(timeout=10)
    assert (run.returncode, stdout, stderr) == (130, "", "interrupted\n")
    assert writes() == []


def test_a_delete_that_is_stopped_is_completed(made: Shop, control: Control) -> None:
    made.create(policies=[S3, SQS])
    control.fault("aws", "iam:DetachRolePolicy", {"hold": "before"})
    run = start(made, words("delete", made))
    control.wait_for_held()
    run.send_signal(signal.SIGINT)
    assert run.stderr
    run.stderr.readline()
    control.release()
    stdout, stderr = run.communicate(timeout=20)
    assert run.returncode == 130
    assert len(stdout.splitlines()) == 2
    assert [line for line in stderr.splitlines() if line.startswith("not done: ")][1:] == [
        f"not done: role/{made.role_name} deleted",
        "not done: serviceaccount/shop deleted",
    ]
    made.iamsa(*words("delete", made))
    assert (made.role(), made.service_account()) == (None, None)


def test_what_is_ignored_stays_ignored(shop: Shop, control: Control) -> None:
    """As under nohup."""
    control.fault("aws", "iam:AttachRolePolicy", {"hold": "before"})
    earlier = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        run = start(shop, create(shop))
    finally:
        signal.signal(signal.SIGHUP, earlier)
    control.wait_for_held()
    run.send_signal(signal.SIGHUP)
    control.release()
    run.communicate(timeout=20)
    assert run.returncode == 0
