"""`verify --wait` and `create --wait`: until AWS lets a new role be assumed."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest
from e2e.shop import ROLE_ARN, S3, Shop
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

    def test_it_ends_in_time_with_the_last_reason(self, made: Shop, control: Control) -> None:
        control.fault("aws", ASSUME, DENIED, times=None)
        began = time.monotonic()
        done = made.iamsa("verify", "shop", "-n", made.namespace, "--wait=2s", code=1)
        assert time.monotonic() - began < 20
        assert "the role's trust policy does not let it in (AccessDenied)" in done.stdout
        assert 2 < assumptions(control) < 15

    def test_the_timeout_of_the_run_ends_it_too(self, made: Shop, control: Control) -> None:
        control.fault("aws", ASSUME, DENIED, times=None)
        began = time.monotonic()
        words = ("verify", "shop", "-n", made.namespace, "--wait=60s", "--timeout=5s")
        assert "(AccessDenied)" in made.iamsa(*words, code=1).stdout
        assert time.monotonic() - began < 20

    @pytest.mark.parametrize("annotations", [{}, {ROLE_ARN: "my-role"}], ids=["none", "malformed"])
    def test_what_no_waiting_mends_ends_at_once(self, shop: Shop, annotations: dict[str, str]) -> None:
        shop.make_service_account(annotations)
        began = time.monotonic()
        shop.iamsa("verify", "shop", "-n", shop.namespace, "--wait=60s", code=1)
        assert time.monotonic() - began < 20

    def test_a_missing_service_account_ends_it_at_once(self, shop: Shop) -> None:
        began = time.monotonic()
        shop.iamsa("verify", "shop", "-n", shop.namespace, "--wait=60s", code=1)
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
    def test_what_is_done_then_works(self, shop: Shop, control: Control) -> None:
        control.fault("aws", ASSUME, DENIED, times=3)
        done = shop.create("--wait")
        assert done.stdout.splitlines()[-1] == shop.role_arn
        assert done.stderr == ""
        assert assumptions(control) == 4

    def test_it_comes_after_the_last_step(self, shop: Shop, control: Control) -> None:
        shop.create("--wait=30s")
        actions = [(call["action"], call["write"]) for call in control.calls()]
        last_write = max(place for place, (_, write) in enumerate(actions) if write)
        assert actions.index((ASSUME, False)) > last_write
        assert [action for action, _ in actions].count("eks:DescribeCluster") == 1

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

    @pytest.mark.parametrize(
        ("words", "verdict"), [((), None), (("--wait",), "yes"), (("--wait", "--dry-run"), None)]
    )
    def test_its_document_says_whether_it_was_verified(
        self, shop: Shop, words: tuple[str, ...], verdict: str | None
    ) -> None:
        status = json.loads(shop.create("-o", "json", *words).stdout)["status"]
        assert status.get("verification", {}).get("verdict") == verdict

    def test_its_document_says_so_where_it_was_in_vain(self, shop: Shop, control: Control) -> None:
        control.fault("aws", ASSUME, DENIED, times=None)
        status = json.loads(shop.create("-o", "json", "--wait=1s", code=1).stdout)["status"]
        assert status["verification"]["verdict"] == "no"

    def test_a_dry_run_proves_nothing(self, shop: Shop, control: Control) -> None:
        shop.create("--wait", "--dry-run=server")
        assert assumptions(control) == 0


def test_an_update_waits_too(made: Shop, control: Control, writes: Callable[[], list[str]]) -> None:
    made.iamsa("update", "shop", "-p", S3, "-n", made.namespace, "--wait")
    assert (assumptions(control), writes()) == (1, [])
