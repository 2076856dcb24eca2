"""Where to work: a kubeconfig, the cluster's name alone, a user with few rights; and kubectl's own flags.

What cannot be worked with is in unit/runs/test_bad_kubeconfig and in test_bad_cluster.
The third way in, from inside a pod, reads /var/run/secrets/kubernetes.io: the adapters' tests show it.
"""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from e2e.shop import ROLE_ARN, S3, Json, Shop
from pocket_eks.control import Control
from pocket_eks.world import World

pytestmark = pytest.mark.warm

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


def test_a_cluster_that_is_updating_can(shop: Shop, control: Control) -> None:
    control.settings(cluster={"status": "UPDATING"})
    shop.create()


@pytest.mark.usefixtures("cluster_admin")
def test_a_tunnel_with_another_certificate_is_the_same_cluster_by_its_issuer(
    shop: Shop, control: Control
) -> None:
    control.settings(cluster={"certificateAuthority": {"data": OTHER_CA}})
    shop.create()


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


@pytest.mark.parametrize(
    ("trusted", "named", "code"),
    [
        pytest.param(["world"], ["other", "world"], 0, id="the kubeconfig has one of two"),
        pytest.param(["other", "world"], ["world"], 0, id="the kubeconfig has more"),
        pytest.param(["other", "world"], ["other"], 1, id="in common is only another's"),
    ],
)
def test_while_the_clusters_ca_is_rotated_who_may_not_see_the_issuer_goes_on(
    shop: Shop,
    narrow: dict[str, str],
    world: World,
    control: Control,
    with_config: Callable[[Json], dict[str, str]],
    writes: Writes,
    trusted: list[str],
    named: list[str],
    code: int,
) -> None:
    config = json.loads(Path(narrow["KUBECONFIG"]).read_text())
    entry = config["clusters"][0]["cluster"]
    pem = {
        "world": base64.b64decode(entry["certificate-authority-data"]).strip() + b"\n",
        "other": base64.b64decode(OTHER_CA),
    }

    def bundle(names: list[str]) -> str:
        return base64.b64encode(b"".join(pem[name] for name in names)).decode()

    entry["certificate-authority-data"] = bundle(trusted)
    control.settings(cluster={"certificateAuthority": {"data": bundle(named)}})
    mine = replace(shop, namespace="narrow", name=shop.namespace)
    done = mine.create("--cluster-name", world.cluster, environ=with_config(config), code=code)
    assert ("is not EKS cluster" in done.stderr) == bool(code)
    assert bool(writes()) != bool(code)


def test_another_namespace_is_refused_before_aws_is_touched(
    shop: Shop, narrow: dict[str, str], world: World, writes: Writes
) -> None:
    elsewhere = replace(shop, namespace="default")
    done = elsewhere.create("--cluster-name", world.cluster, code=1, environ=narrow)
    assert "serviceaccounts" in done.stderr
    assert '"default"' in done.stderr
    assert done.stderr.count("\n") == 1
    assert writes() == []


def test_who_may_not_list_pods_is_told_that_some_may_need_a_restart(shop: Shop, control: Control) -> None:
    control.fault("kube", "kube:list:pods", {"error": "Forbidden"})
    done = shop.create()
    assert done.stdout.splitlines()[-1] == shop.role_arn
    assert done.stderr == (
        "note: pods could not be listed; restart any pods that run under"
        f" serviceaccount {shop.namespace}/shop\n"
    )


@pytest.mark.usefixtures("cluster_admin")
def test_impersonation_reaches_the_api_server(shop: Shop, writes: Writes) -> None:
    done = shop.create("--as", "somebody", code=1)
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
        (("--server", "https://127.0.0.1:1"), "127.0.0.1:1"),
        (("--token", "wrong"), "credentials"),
        (("--profile", "nope"), "nope"),
        (("--cluster-name", "nope"), "nope"),
        (("--region", "eu-west-1"), "eu-west-1"),
        (("--as", "nobody"), "nobody"),
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
