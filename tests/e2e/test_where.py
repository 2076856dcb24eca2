"""Where to work: a kubeconfig, the cluster's name alone, a user with few rights; and kubectl's own flags.

The third way in, from inside a pod, reads /var/run/secrets/kubernetes.io: the adapters' tests show it.
"""

from __future__ import annotations

import json
import os
import pty
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from e2e.shop import ROLE_ARN, S3, Json, Shop
from testbed.control import Control
from testbed.world import World

Writes = Callable[[], "list[str]"]
# A certificate authority that vouches for nothing in this world, as DescribeCluster shows one.
OTHER_CA = (
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJkekNDQVIyZ0F3SUJBZ0lVWVBxM0l3VzM5NEhQWHJPUm1EazNrWlVQ"
    "ZEVvd0NnWUlLb1pJemowRUF3SXcKRURFT01Bd0dBMVVFQXd3RmIzUm9aWEl3SUJjTk1qWXhNVEkxTURReE56TXhXaGdQTWpF"
    "eU5qRXhNREV3TkRFMwpNekZhTUJBeERqQU1CZ05WQkFNTUJXOTBhR1Z5TUZrd0V3WUhLb1pJemowQ0FRWUlLb1pJemowREFR"
    "Y0RRZ0FFCk1jZG9CdkpwM1RoZ0xJclZIVnh0N2RFT1FFdG5DcC9PUlR1b3pzK3k5dlVlSEEzQzA5SHJRUitsbWIrTGJBNVcK"
    "REZPUjF0Ums3eEVzM2ZYL2g2RVF3S05UTUZFd0hRWURWUjBPQkJZRUZJOWZ3azlpY2pnVTRUM2dPRXBsTGtQUwpOZER4TUI4"
    "R0ExVWRJd1FZTUJhQUZJOWZ3azlpY2pnVTRUM2dPRXBsTGtQU05kRHhNQThHQTFVZEV3RUIvd1FGCk1BTUJBZjh3Q2dZSUtv"
    "Wkl6ajBFQXdJRFNBQXdSUUlnVGJ1WTZZZEhHamtLK0dxSDlTNFlCT014WlFZKzhVYjQKQnBzdGgwdzNmNzhDSVFEMFpPY2o3"
    "ZStzTmNRMDk1allGbEZybTdmMFo5N3ZpWHV4YkF5aG5TaVBxQT09Ci0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K"
)


@pytest.fixture
def kubeconfig(world: World) -> Json:
    """The world's kubeconfig, to be changed and written elsewhere."""
    found: Json = json.loads(Path(world.variables["KUBECONFIG"]).read_text())
    return found


@pytest.fixture
def with_config(world: World, tmp_path: Path) -> Callable[[Json], dict[str, str]]:
    """`with_config(kubeconfig)`: the world's environment with that one in place of its own."""

    def write(config: Json) -> dict[str, str]:
        file = tmp_path / "config"
        file.write_text(json.dumps(config))
        return {**world.environ, "KUBECONFIG": str(file)}

    return write


def alone(world: World, home: Path) -> dict[str, str]:
    """An environment with AWS credentials, and nothing that tells of a cluster."""
    kept = {key: value for key, value in world.environ.items() if key != "KUBECONFIG"}
    return {**kept, "HOME": str(home)}


def test_name_and_region_are_enough_without_any_kubeconfig(shop: Shop, world: World, tmp_path: Path) -> None:
    environ = alone(world, tmp_path)
    done = shop.create("--cluster-name", world.cluster, "--region", world.region, environ=environ)
    assert done.stdout.splitlines()[-1] == shop.role_arn
    assert shop.annotations()[ROLE_ARN] == shop.role_arn
    again = shop.create(f"--cluster-name={world.cluster}", f"--region={world.region}", environ=environ)
    assert again.stdout.splitlines()[0] == "serviceaccount/shop unchanged"
    assert list(tmp_path.iterdir()) == []  # nothing is left in the home directory


def test_with_nothing_to_go_by_the_sentence_says_what_to_give(
    shop: Shop, world: World, tmp_path: Path, control: Control
) -> None:
    done = shop.create(code=1, environ=alone(world, tmp_path))
    assert "--cluster-name" in done.stderr
    assert done.stderr.count("\n") == 1
    assert control.calls() == []


def test_a_cluster_that_is_not_there(shop: Shop, world: World, tmp_path: Path, writes: Writes) -> None:
    environ = alone(world, tmp_path)
    done = shop.create("--cluster-name", "nope", "--region", world.region, code=1, environ=environ)
    assert "there is no EKS cluster nope in us-east-1" in done.stderr
    elsewhere = shop.create("--cluster-name", world.cluster, "--region", "eu-west-1", code=1, environ=environ)
    assert "eu-west-1" in elsewhere.stderr
    assert writes() == []


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"status": "CREATING"}, "is CREATING"),
        ({"status": "DELETING"}, "is DELETING"),
        ({"identity": None}, "has no OIDC issuer"),
    ],
)
def test_a_cluster_that_cannot_be_worked_with(
    shop: Shop, control: Control, writes: Writes, members: Json, words: str
) -> None:
    control.settings(cluster=members)
    assert words in shop.create(code=1).stderr
    assert writes() == []


def test_a_cluster_that_is_updating_can(shop: Shop, control: Control) -> None:
    control.settings(cluster={"status": "UPDATING"})
    shop.create()


def test_the_two_sides_must_be_one_cluster(shop: Shop, control: Control, writes: Writes) -> None:
    control.settings(clusters={"other": {"certificateAuthority": {"data": OTHER_CA}}})
    done = shop.create("--cluster-name", "other", code=1)
    assert "is not the EKS cluster arn:aws:eks:us-east-1:123456789012:cluster/other" in done.stderr
    assert "--context" in done.stderr
    assert writes() == []


def test_a_tunnel_with_another_certificate_is_the_same_cluster_by_its_issuer(
    shop: Shop, control: Control
) -> None:
    control.settings(cluster={"certificateAuthority": {"data": OTHER_CA}})
    shop.create()


def test_a_context_of_another_account(
    shop: Shop,
    kubeconfig: Json,
    with_config: Callable[[Json], dict[str, str]],
    writes: Writes,
) -> None:
    arn = "arn:aws:eks:us-east-1:999988887777:cluster/demo"
    for group in ("clusters", "contexts", "users"):
        kubeconfig[group][0]["name"] = arn
    kubeconfig["contexts"][0]["context"].update(cluster=arn, user=arn)
    kubeconfig["current-context"] = arn
    done = shop.create(code=1, environ=with_config(kubeconfig))
    assert "999988887777" in done.stderr
    assert "123456789012" in done.stderr
    assert "--profile" in done.stderr
    assert writes() == []


def test_the_context_s_namespace_is_the_default_one(
    shop: Shop, kubeconfig: Json, with_config: Callable[[Json], dict[str, str]]
) -> None:
    kubeconfig["contexts"][0]["context"]["namespace"] = shop.namespace
    done = shop.iamsa("create", "shop", "-p", S3, environ=with_config(kubeconfig))
    assert done.stdout.splitlines()[-1] == shop.role_arn


# A user with rights in one namespace


@pytest.fixture
def narrow(world: World) -> dict[str, str]:
    """The environment of a user who may work in the namespace `narrow` alone."""
    return {**world.environ, "KUBECONFIG": world.variables["WORLD_KUBECONFIG_NARROW"]}


def test_rights_in_one_namespace_are_enough(shop: Shop, narrow: dict[str, str], world: World) -> None:
    mine = replace(shop, namespace="narrow", name=shop.namespace)
    words = ("--cluster-name", world.cluster, "--region", world.region)
    assert mine.create(*words, environ=narrow).stdout.splitlines()[-1] == mine.role_arn
    again = mine.create(*words, environ=narrow)
    assert again.stdout.splitlines()[0] == f"serviceaccount/{mine.name} unchanged"
    assert again.stderr == ""


def test_another_namespace_is_refused_before_aws_is_touched(
    shop: Shop, narrow: dict[str, str], world: World, writes: Writes
) -> None:
    done = shop.create("--cluster-name", world.cluster, code=1, environ=narrow)
    assert "serviceaccounts" in done.stderr
    assert shop.namespace in done.stderr
    assert done.stderr.count("\n") == 1
    assert writes() == []


def test_who_may_not_list_pods_is_told_that_some_may_need_a_restart(shop: Shop, control: Control) -> None:
    control.fault("kube", "kube:list:pods", {"error": "Forbidden"})
    done = shop.create()
    assert done.stdout.splitlines()[-1] == shop.role_arn
    assert done.stderr == (
        f"note: pods could not be listed; those that run under {shop.namespace}/shop need a restart\n"
    )


def test_impersonation_reaches_the_api_server(shop: Shop, writes: Writes) -> None:
    done = shop.create("--as", "narrow", code=1)
    assert "serviceaccounts" in done.stderr
    assert writes() == []
    shop.create("--as", "somebody", "--as-group", "system:masters")


# kubectl's flags, which are taken before the verb as well


def test_every_shared_flag_works_before_the_verb(shop: Shop, world: World, tmp_path: Path) -> None:
    config = Path(world.variables["KUBECONFIG"])
    copy = tmp_path / "copy"
    copy.write_text(config.read_text())
    nothing = alone(world, tmp_path)
    before = [
        *("-n", shop.namespace, "--kubeconfig", str(copy), "--context", world.cluster_arn),
        *("--cluster", world.cluster_arn, "--user", world.cluster_arn, "--request-timeout=20s"),
        *("--cluster-name", world.cluster, "--region", world.region),
        *("--as", "somebody", "--as-group", "system:masters"),
    ]
    done = shop.iamsa(*before, "create", "shop", "-p", S3, environ=nothing)
    assert done.stdout.splitlines()[-1] == shop.role_arn


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--kubeconfig", "/no/such/file"), "/no/such/file"),
        (("--context", "nope"), "nope"),
        (("--cluster", "nope"), "nope"),
        (("--user", "nope"), "nope"),
        (("--server", "https://127.0.0.1:1"), "127.0.0.1:1"),
        (("--token", "wrong"), "credentials"),
        (("--profile", "nope"), "nope"),
        (("--cluster-name", "nope"), "nope"),
        (("--region", "eu-west-1"), "eu-west-1"),
        (("--as", "nobody"), "nobody"),
        (("--certificate-authority", "/no/such/ca"), "/no/such/ca"),
        (("--tls-server-name", "wrong.example"), "wrong.example"),
    ],
)
def test_a_shared_flag_before_the_verb_is_heard(
    shop: Shop, writes: Writes, words: tuple[str, ...], named: str
) -> None:
    create = ("create", "shop", "-p", S3, "-n", shop.namespace)
    done = subprocess.run(
        ["kubectl", "iamsa", *words, *create],
        env=shop.world.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (1, 2)
    assert named in done.stderr
    assert (done.stderr.count("\n"), done.stdout) == (1, "")
    assert writes() == []


# The kubeconfig's exec plugin


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo no session >&2; exit 3", "no session"),
        ("echo a secret", "printed something that is not JSON"),
        ("exec sleep 60", "2 s"),
    ],
)
@pytest.mark.parametrize("terminal", [False, True])
def test_an_exec_plugin_that_fails_is_told_in_one_sentence(
    shop: Shop,
    kubeconfig: Json,
    with_config: Callable[[Json], dict[str, str]],
    tmp_path: Path,
    script: str,
    words: str,
    terminal: bool,
) -> None:
    plugin = tmp_path / "get-token"
    plugin.write_text(f"#!/bin/sh\n{script}\n")
    plugin.chmod(0o755)
    kubeconfig["users"][0]["user"]["exec"]["command"] = str(plugin)
    line = ["kubectl", "iamsa", "create", "shop", "-p", S3, "-n", shop.namespace, "--timeout=2s"]
    ours, theirs = pty.openpty()
    pipe: Any = subprocess.PIPE
    done = subprocess.run(
        line,
        env=with_config(kubeconfig),
        stdin=theirs if terminal else subprocess.DEVNULL,
        stdout=pipe,
        stderr=pipe,
        text=True,
        timeout=20,
        check=False,
    )
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert words in done.stderr
    assert "secret" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_exec_plugin_that_is_not_there(
    shop: Shop, kubeconfig: Json, with_config: Callable[[Json], dict[str, str]]
) -> None:
    kubeconfig["users"][0]["user"]["exec"]["command"] = "no-such-plugin"
    done = shop.create(code=1, environ=with_config(kubeconfig))
    assert "no-such-plugin" in done.stderr
    assert done.stderr.count("\n") == 1


def test_no_aws_credentials(shop: Shop, world: World, writes: Writes) -> None:
    environ = {key: value for key, value in world.environ.items() if "AWS_ACCESS" not in key}
    environ.pop("AWS_SECRET_ACCESS_KEY")
    done = shop.create(code=1, environ=environ)
    assert "no AWS credentials were found" in done.stderr
    assert done.stderr.count("\n") == 1
    assert writes() == []
