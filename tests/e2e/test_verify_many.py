"""`kubectl iamsa verify` of many ServiceAccounts."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import Callable
from dataclasses import replace

import pytest
from e2e.shop import ROLE_ARN, Shop
from pocket_eks.control import Control

COUNT = 12


@pytest.fixture
def crowd(shop: Shop) -> Shop:
    """Twelve ServiceAccounts with one role that trusts all but the last of them, and one without."""
    service_accounts = [replace(shop, name=f"app-{number:02}") for number in range(COUNT)]
    statement = shop.statement()
    condition = statement["Condition"]["StringEquals"]
    (claim,) = [key for key in condition if key.endswith(":sub")]
    condition[claim] = [f"system:serviceaccount:{one.namespace}:{one.name}" for one in service_accounts[:-1]]
    arn = shop.make_role(trust=[statement])
    listed = [
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {
                "name": one.name,
                "annotations": {ROLE_ARN: arn},
                "labels": {"half": "first" if number < COUNT // 2 else "second"},
            },
        }
        for number, one in enumerate(service_accounts)
    ]
    made = json.dumps({"apiVersion": "v1", "kind": "List", "items": listed})
    shop.ok("create", "-f", "-", "-n", shop.namespace, stdin=made)
    replace(shop, name="plain").make_service_account()
    return shop


@pytest.mark.warm
class TestChosen:
    def test_all_of_the_namespace_that_name_a_role(
        self, crowd: Shop, control: Control, writes: Callable[[], list[str]]
    ) -> None:
        control.clear_calls()
        done = crowd.iamsa("verify", "--all", "-n", crowd.namespace, code=1)
        header, *rows = [line.split() for line in done.stdout.splitlines()]
        assert header == ["NAME", "ROLE", "VERIFIED", "REASON"]
        assert [row[0] for row in rows] == [f"app-{number:02}" for number in range(COUNT)]
        assert [row[2] for row in rows] == ["yes"] * (COUNT - 1) + ["no"]
        assert rows[-1][-1] == "(AccessDenied)"
        assert (done.stderr, writes()) == ("", [])
        actions = [call["action"] for call in control.calls()]
        assert actions.count("eks:DescribeCluster") == 1
        assert actions.count("sts:AssumeRoleWithWebIdentity") == COUNT

    def test_those_with_labels(self, crowd: Shop) -> None:
        words = ("verify", "-n", crowd.namespace, "-o", "name")
        done = crowd.iamsa(*words, "-l", "half=first")
        assert done.stdout.splitlines() == [f"serviceaccount/app-{number:02}" for number in range(COUNT // 2)]
        crowd.iamsa(*words, "--selector=half in (second)", code=1)

    def test_labels_that_no_server_understands(self, crowd: Shop) -> None:
        done = crowd.iamsa("verify", "-n", crowd.namespace, "-l", "a b=c", code=3)
        assert done.stderr.startswith("error: could not list serviceaccount")

    @pytest.mark.usefixtures("cluster_admin")
    def test_those_of_all_namespaces(self, crowd: Shop) -> None:
        done = crowd.iamsa("verify", "-A", "-o", "json", code=1)
        found = json.loads(done.stdout)
        assert found["kind"] == "ServiceAccountRoleList"
        own = [one for one in found["items"] if one["metadata"]["namespace"] == crowd.namespace]
        assert [one["status"]["verification"]["verdict"] for one in own] == ["yes"] * (COUNT - 1) + ["no"]
        assert crowd.iamsa("verify", "-A", code=1).stdout.split()[0] == "NAMESPACE"

    def test_who_may_not_list_them_is_told(self, crowd: Shop) -> None:
        assert "use -n NAMESPACE instead of -A" in crowd.iamsa("verify", "-A", code=3).stderr

    def test_where_there_is_none_nothing_is_wrong(self, shop: Shop) -> None:
        done = shop.iamsa("verify", "--all", "-n", shop.namespace)
        assert done.stdout == ""
        assert done.stderr == (f"No ServiceAccounts with a role found in {shop.namespace} namespace.\n")


@pytest.mark.warm
class TestCodes:
    def test_one_that_cannot_be_looked_at_does_not_keep_the_others_from_it(
        self, crowd: Shop, control: Control
    ) -> None:
        control.fault("kube", "kube:create:serviceaccounts/token", {"error": "Forbidden"})
        done = crowd.iamsa("verify", "-l", "half=first", "-n", crowd.namespace, code=3)
        verdicts = [line.split()[2] for line in done.stdout.splitlines()[1:]]
        assert sorted(verdicts) == ["unknown", *["yes"] * (COUNT // 2 - 1)]

    def test_a_no_outweighs_what_is_not_known(self, crowd: Shop, control: Control) -> None:
        control.fault("kube", "kube:create:serviceaccounts/token", {"error": "Forbidden"})
        crowd.iamsa("verify", "--all", "-n", crowd.namespace, code=1)


class TestProgress:
    def test_a_terminal_shows_how_far_it_is_and_keeps_the_table_alone(self, crowd: Shop) -> None:
        written, table = on_a_terminal(crowd)
        assert f"] {COUNT}/{COUNT} " in written
        assert written.endswith("\r\x1b[K")
        assert len(table.splitlines()) == COUNT + 1
        assert "\x1b" not in table

    def test_a_dumb_terminal_is_left_alone(self, crowd: Shop) -> None:
        written, _ = on_a_terminal(crowd, TERM="dumb")
        assert written == ""


def on_a_terminal(shop: Shop, **environ: str) -> tuple[str, str]:
    """What goes to stderr, which is a terminal, and what to stdout, which is none."""
    mine, its = pty.openpty()
    argv = ["kubectl", "iamsa", "verify", "--all", "-n", shop.namespace]
    environ = {**shop.world.environ, "TERM": "xterm", **environ}
    running = subprocess.Popen(argv, env=environ, stdout=subprocess.PIPE, stderr=its, text=True)
    os.close(its)
    written = b""
    try:
        while chunk := os.read(mine, 65536):
            written += chunk
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(mine)
    table, _ = running.communicate(timeout=60)
    return written.decode(), table
