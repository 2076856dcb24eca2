"""`kubectl iamsa describe` in the world and on a terminal. The rest is in unit/runs."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from typing import Any

import pytest
import yaml
from e2e.shop import MARKER, ROLE_ARN, S3, Shop, aws_managed, trusting_account
from pocket_eks.control import Control


def document(shop: Shop, output: str = "json") -> dict[str, Any]:
    text = shop.iamsa("describe", "shop", "-n", shop.namespace, "-o", output).stdout
    found: dict[str, Any] = json.loads(text) if output == "json" else yaml.safe_load(text)
    return found


def on_a_terminal(shop: Shop, **environ: str) -> str:
    """What describe writes to a terminal of 80 columns."""
    mine, its = pty.openpty()
    argv = ["kubectl", "iamsa", "describe", "shop", "-n", shop.namespace]
    usual = {key: value for key, value in shop.world.environ.items() if key != "NO_COLOR"}
    running = subprocess.Popen(argv, env={**usual, "TERM": "xterm", **environ}, stdout=its)
    os.close(its)
    written = b""
    try:
        while chunk := os.read(mine, 65536):
            written += chunk
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(mine)
    assert running.wait(timeout=60) == 0
    return written.decode()


def test_the_chain_is_a_tree_of_whole_lines(made: Shop) -> None:
    done = made.iamsa("describe", "shop", "-n", made.namespace, "-v")
    created = made.iam.get_role(RoleName=made.role_name)["Role"]["CreateDate"].isoformat(timespec="seconds")
    issuer = made.world.issuer.removeprefix("https://")
    assert done.stdout.splitlines() == [
        f"ServiceAccount {made.namespace}/shop, created by iamsa",
        f"├─ {ROLE_ARN}: {made.role_arn}",
        f"├─ {MARKER}: {made.world.cluster_arn}/{made.namespace}/shop",
        f"├─ Role {made.role_name}",
        f"│  ├─ ARN: {made.role_arn}",
        "│  ├─ owner: iamsa, for this ServiceAccount",
        "│  ├─ tags",
        *(f"│  │  {branch} {key}: {value}" for branch, key, value in branches(tags_of(made))),
        "│  ├─ permissions boundary: none",
        "│  ├─ session length: 1h",
        f"│  ├─ last used: never (created {created})",
        "│  ├─ Trust policy",
        f"│  │  └─ ours: Allow sts:AssumeRoleWithWebIdentity to provider {issuer} as {made.namespace}/shop",
        "│  └─ Policies",
        f"│     └─ managed {S3}: {aws_managed(S3)}",
        f"└─ OIDC provider {issuer}",
        "   └─ audiences: sts.amazonaws.com",
        "No problems found",
    ]


def test_it_takes_six_aws_calls_and_one_to_kubernetes(made: Shop, control: Control) -> None:
    document(made)
    calls = [call["action"] for call in control.calls()]
    assert sorted(calls) == [
        "eks:DescribeCluster",
        "eks:ListPodIdentityAssociations",
        "iam:GetOpenIDConnectProvider",
        "iam:GetRole",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
        "kube:get:serviceaccounts",
    ]


def test_a_document_has_what_create_says_of_the_same_role(made: Shop) -> None:
    created = json.loads(made.create("-o", "json").stdout)
    described = document(made)
    for part in ("apiVersion", "kind", "metadata"):
        assert described[part] == created[part]
    assert created["spec"].items() <= described["spec"].items()
    found, known = described["status"], created["status"]
    for part in ("cluster", "owner", "audience", "oidcProvider", "policies", "podIdentityAssociations"):
        assert found[part] == known[part]
    assert known["role"].items() <= found["role"].items()
    assert known["serviceAccount"].items() <= found["serviceAccount"].items()
    assert (found["state"], found["trust"]["verdict"], found["problems"]) == ("ok", "allowed", [])


class TestColour:
    def test_what_is_broken_is_red_on_a_terminal(self, made: Shop) -> None:
        made.set_trust(trusting_account(made.world.account))
        assert "\x1b[31m✗ broken: the trust policy trusts" in on_a_terminal(made)

    @pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
    def test_nothing_is_coloured_where_that_is_not_wanted(self, made: Shop, environ: dict[str, str]) -> None:
        made.set_trust(trusting_account(made.world.account))
        written = on_a_terminal(made, **environ)
        assert "✗ broken: " in written
        assert "\x1b" not in written

    def test_a_terminal_without_unicode_gets_plain_branches(self, made: Shop) -> None:
        ascii_only = {**made.world.environ, "PYTHONIOENCODING": "ascii"}
        done = made.iamsa("describe", "shop", "-n", made.namespace, environ=ascii_only)
        assert f"|- {ROLE_ARN}: {made.role_arn}" in done.stdout.splitlines()


def branches(tags: dict[str, str]) -> list[tuple[str, str, str]]:
    *others, last = tags.items()
    return [*(("├─", *one) for one in others), ("└─", *last)]


def tags_of(shop: Shop) -> dict[str, str]:
    """As IAM shows them, with the times at which policies were recorded."""
    tags = shop.iam.get_role(RoleName=shop.role_name)["Role"]["Tags"]
    return {tag["Key"]: tag["Value"] for tag in tags}
