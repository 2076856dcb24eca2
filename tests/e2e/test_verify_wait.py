"""`verify --wait` and `create --wait` while IAM shows changes late. The rest is in unit/runs/test_wait."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest
from e2e.shop import ROLE_ARN, Shop
from e2e.verification import ASSUME
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

DENIED = {"error": "AccessDenied"}


@pytest.fixture
def late(shop: Shop, control: Control) -> Iterator[Shop]:
    """The shop in a world whose IAM shows every change, and STS every role, three seconds late."""
    control.settings(lag=3.0)
    yield shop
    control.settings(lag=0.0)


def assumptions(control: Control) -> int:
    return sum(call["action"] == ASSUME for call in control.calls())


class TestVerify:
    def test_a_new_role_is_waited_for(self, late: Shop, control: Control) -> None:
        late.make_service_account({ROLE_ARN: late.make_role(trust=[late.statement()])})
        words = ("verify", "shop", "-n", late.namespace)
        late.iamsa(*words, code=1)
        control.clear_calls()
        found = json.loads(late.iamsa(*words, "--wait", "-o", "json").stdout)["status"]["verification"]
        assert found["verdict"] == "yes"
        assert found["attempts"] == assumptions(control) > 1

    def test_the_timeout_of_the_run_ends_it_too(self, made: Shop, control: Control) -> None:
        control.fault("aws", ASSUME, DENIED, times=None)
        began = time.monotonic()
        words = ("verify", "shop", "-n", made.namespace, "--wait=60s", "--timeout=5s")
        assert "(AccessDenied)" in made.iamsa(*words, code=1).stdout
        assert time.monotonic() - began < 20

    def test_ctrl_c_ends_it_at_once(self, made: Shop, control: Control) -> None:
        control.fault("aws", ASSUME, DENIED, times=None)
        argv = ["kubectl", "iamsa", "verify", "shop", "-n", made.namespace, "--wait=60s"]
        pipe = subprocess.PIPE
        running = subprocess.Popen(argv, env=made.world.environ, stdout=pipe, stderr=pipe, text=True)
        end = time.monotonic() + 30
        while not assumptions(control):
            assert time.monotonic() < end
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        stdout, stderr = running.communicate(timeout=5)
        assert (running.returncode, stdout, stderr) == (130, "", "interrupted\n")


class TestCreate:
    def test_a_late_iam_is_waited_for(self, late: Shop) -> None:
        late.create("--wait=60s")
        late.iamsa("verify", "shop", "-n", late.namespace)

    def test_where_it_is_in_vain_all_is_done_and_the_run_fails(self, shop: Shop, control: Control) -> None:
        control.fault("aws", ASSUME, DENIED, times=None)
        done = shop.create("--wait=2s", code=1)
        assert done.stdout.splitlines()[-1] == shop.role_arn
        (error,) = done.stderr.splitlines()
        assert error.startswith(
            f"error: serviceaccount {shop.namespace}/shop cannot assume {shop.role_arn}: "
        )
        assert error.endswith(f"to find out why, run: kubectl iamsa doctor shop -n {shop.namespace}")
        control.clear_faults()
        assert "unchanged" in shop.create("--wait").stdout

    def test_who_may_not_make_tokens_has_a_role_all_the_same(self, shop: Shop) -> None:
        shop.ok("delete", "rolebinding", "iamsa-verify", "-n", shop.namespace)
        done = shop.create("--wait", code=1)
        assert done.stdout.splitlines()[-1] == shop.role_arn
        assert "docs/permissions/rbac-verify.yaml" in done.stderr
