"""`kubectl iamsa describe`: the chain from a ServiceAccount to its permissions."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from e2e.shop import MARKER, ROLE_ARN, S3, Shop, aws_managed, trusting_account
from pocket_eks.control import Control

Describe = Callable[..., "list[str]"]


@pytest.fixture
def describe(shop: Shop) -> Describe:
    """`describe()`: the lines of the tree, without its branches."""

    def run(*words: str) -> list[str]:
        done = shop.iamsa("describe", "shop", "-n", shop.namespace, *words)
        assert done.stderr == ""
        return [line.lstrip("│├└─ ") for line in done.stdout.splitlines()]

    return run


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
    done = made.iamsa("describe", "shop", "-n", made.namespace)
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
        "│  ├─ last used: not in the last 400 days",
        "│  ├─ Trust policy",
        f"│  │  └─ ours: Allow sts:AssumeRoleWithWebIdentity to provider {issuer} as {made.namespace}/shop",
        "│  └─ Policies",
        f"│     └─ managed {S3}: {aws_managed(S3)}",
        f"└─ OIDC provider {issuer}",
        "   └─ audiences: sts.amazonaws.com",
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


def test_yaml_says_the_same_as_json(made: Shop) -> None:
    assert document(made, "yaml") == document(made)


def test_each_statement_is_told_apart(made: Shop, describe: Describe) -> None:
    made.set_trust(made.statement(), trusting_account(made.world.account))
    marks = [line.partition(":")[0] for line in describe() if line.startswith(("ours:", "unmanaged:"))]
    assert marks == ["ours", "unmanaged"]


def test_a_foreign_role_says_whose_it_is(shop: Shop, describe: Describe) -> None:
    arn = shop.make_role(trust=[shop.statement()], tags={"terraform": "yes"})
    shop.make_service_account({ROLE_ARN: arn})
    lines = describe()
    assert "owner: the role is managed by Terraform, as its tags say" in lines
    assert lines[0].endswith(", not created by iamsa")


def test_a_role_of_another_account_is_not_read(shop: Shop, describe: Describe) -> None:
    shop.make_service_account({ROLE_ARN: "arn:aws:iam::999999999999:role/theirs"})
    assert describe()[2:] == [
        "Role arn:aws:iam::999999999999:role/theirs",
        "is in another AWS account, and is not read",
    ]


def test_neither_service_account_nor_role_is_an_error(shop: Shop) -> None:
    done = shop.iamsa("describe", "shop", "-n", shop.namespace, code=1)
    assert done.stdout == ""
    assert done.stderr.startswith(f"error: serviceaccount {shop.namespace}/shop does not exist; ")


def test_a_condition_that_no_token_tells_is_named(made: Shop, describe: Describe) -> None:
    statement = made.statement()
    statement["Condition"]["IpAddress"] = {"aws:SourceIp": "10.0.0.0/8"}
    made.set_trust(statement)
    assert "allowed only under conditions on aws:SourceIp" in describe()


def test_control_characters_are_escaped(shop: Shop) -> None:
    shop.make_service_account({ROLE_ARN: "\x1b[31mred\nnext"})
    done = shop.iamsa("describe", "shop", "-n", shop.namespace)
    assert f"├─ {ROLE_ARN}: \\x1b[31mred\\nnext" in done.stdout.splitlines()


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

    def test_nothing_is_coloured_in_a_pipe(self, made: Shop) -> None:
        made.set_trust(trusting_account(made.world.account))
        assert "\x1b" not in made.iamsa("describe", "shop", "-n", made.namespace).stdout

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
