"""Where to work: the three ways in, who is believed first, and what is said where it cannot be told."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pocket_eks.pki import make_pki

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.access import Access
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.locate import locate
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.target import Where
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidFile, Unlocated
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.options import ConnectionOptions

ARN = "arn:aws:eks:eu-west-1:123456789012:cluster/by-arn"
EKSCTL = "me@by-eksctl.eu-north-1.eksctl.io"
HOST = "https://0123456789ABCDEF.gr7.ap-south-1.eks.amazonaws.com"
ALL_THAT_CONNECTS = (
    "kubeconfig",
    "context",
    "cluster",
    "user",
    "server",
    "namespace",
    "as_groups",
    "client_key",
)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Access]:
    """`place(cluster_name=…, context=…, environ={…}, pod=False)`: where that leads."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    config = tmp_path / "aws-config"
    config.write_text(
        "[default]\nregion=us-east-2\n[profile dev]\nregion=ca-central-1\n[profile odd]\nregion=x\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "pod"

    def lead(*, environ: dict[str, str] | None = None, pod: bool = False, **said: Any) -> Access:
        connection = {key: said.pop(key) for key in ALL_THAT_CONNECTS if key in said}
        all_said = {**(environ or {})}
        for name, value in all_said.items():
            monkeypatch.setenv(name, value)
        if pod:
            folder.mkdir()
            (folder / "token").write_text("token")
            (folder / "namespace").write_text("pods-own\n")
            (folder / "ca.crt").write_bytes(make_pki(tmp_path / "pki").ca.read_bytes())
            all_said["KUBERNETES_SERVICE_HOST"] = "10.0.0.1"
        where = Where(**said, connection=ConnectionOptions(**connection))
        return locate(where, {"HOME": str(tmp_path), **all_said}, Deadline(5), pod_folder=folder)

    return lead


@pytest.fixture
def kubeconfig(tmp_path: Path) -> Callable[..., dict[str, str]]:
    """`kubeconfig(context=…, cluster=…, server=…, exec=[…], …)`: the environment that names such a file."""

    def write(
        context: str = "ctx",
        cluster: str = "clu",
        server: str = "https://127.0.0.1:1",
        exec: list[str] | None = None,
        env: dict[str, str] | None = None,
        namespace: str = "",
        current: bool = True,
    ) -> dict[str, str]:
        command = {
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": (exec or ["x"])[0],
            "args": (exec or ["x"])[1:],
            "env": [{"name": name, "value": value} for name, value in (env or {}).items()],
        }
        inside = {"cluster": cluster, "user": "me", **({"namespace": namespace} if namespace else {})}
        document = {
            "contexts": [{"name": context, "context": inside}],
            "clusters": [{"name": cluster, "cluster": {"server": server}}],
            "users": [{"name": "me", "user": {"exec": command} if exec else {}}],
            **({"current-context": context} if current else {}),
        }
        path = tmp_path / "kubeconfig"
        path.write_text(json.dumps(document))
        return {"KUBECONFIG": str(path)}

    return write


GET_TOKEN = ["aws", "--region", "sa-east-1", "eks", "get-token", "--cluster-name", "by-exec"]
BELIEVED = [
    # what the kubeconfig says, what the flags say, and the cluster and region that are meant
    ({"exec": GET_TOKEN, "cluster": ARN, "server": HOST}, {}, ("by-exec", "sa-east-1")),
    ({"exec": GET_TOKEN}, {"cluster_name": "by-flag"}, ("by-flag", "sa-east-1")),
    ({"exec": GET_TOKEN}, {"region": "us-west-1"}, ("by-exec", "us-west-1")),
    ({"cluster": ARN, "context": EKSCTL, "server": HOST}, {}, ("by-arn", "eu-west-1")),
    ({"context": ARN}, {}, ("by-arn", "eu-west-1")),
    ({"context": EKSCTL, "server": HOST}, {}, ("by-eksctl", "eu-north-1")),
    ({"server": HOST}, {"cluster_name": "by-flag"}, ("by-flag", "ap-south-1")),
    ({"exec": ["aws", "eks", "get-token", "--cluster-name", "by-exec"]}, {}, ("by-exec", "us-east-2")),
    (
        {"exec": ["aws-iam-authenticator", "token", "-i", "by-iam"], "env": {"AWS_REGION": "us-west-2"}},
        {},
        ("by-iam", "us-west-2"),
    ),
]


@pytest.mark.parametrize(("says", "flags", "meant"), BELIEVED)
def test_who_is_believed(
    place: Callable[..., Access], kubeconfig: Any, says: Any, flags: Any, meant: tuple[str, str]
) -> None:
    access = place(environ=kubeconfig(**says), **flags)
    assert (access.source.name, access.source.cluster.eks._session.region) == meant
    assert access.kubernetes is not None


@pytest.mark.parametrize(
    ("environ", "flags", "region"),
    [
        ({"AWS_REGION": "us-west-1", "AWS_DEFAULT_REGION": "us-west-2"}, {}, "us-west-1"),
        ({"AWS_DEFAULT_REGION": "us-west-2"}, {}, "us-west-2"),
        ({"AWS_DEFAULT_REGION": "us-west-2"}, {"region": "eu-west-3"}, "eu-west-3"),
        ({"AWS_PROFILE": "dev"}, {}, "ca-central-1"),
        ({}, {"profile": "dev"}, "ca-central-1"),
        ({}, {}, "us-east-2"),
    ],
)
def test_the_region_of_the_environment(
    place: Callable[..., Access], kubeconfig: Any, environ: Any, flags: Any, region: str
) -> None:
    access = place(environ={**kubeconfig(), **environ}, cluster_name="dev", **flags)
    assert access.source.cluster.eks._session.region == region


@pytest.mark.parametrize(
    ("says", "namespace", "meant"),
    [({"namespace": "web"}, None, "web"), ({"namespace": "web"}, "shop", "shop"), ({}, None, "default")],
)
def test_the_namespace(
    place: Callable[..., Access], kubeconfig: Any, says: Any, namespace: str | None, meant: str
) -> None:
    environ = kubeconfig(context=ARN, **says)
    assert place(environ=environ, namespace=namespace).namespace == meant


def test_the_account_is_told_by_an_arn(place: Callable[..., Access], kubeconfig: Any) -> None:
    assert place(environ=kubeconfig(cluster=ARN)).account == "123456789012"
    assert place(environ=kubeconfig(context=EKSCTL)).account is None


@pytest.mark.parametrize("kubeconfig_is", ["missing", "empty", "without a current context"])
def test_with_the_name_alone_describe_cluster_tells_the_rest(
    place: Callable[..., Access], kubeconfig: Any, kubeconfig_is: str
) -> None:
    paths = {"missing": "/nonexistent", "empty": "/dev/null"}
    environ = kubeconfig(current=False)
    if kubeconfig_is in paths:
        environ = {"KUBECONFIG": paths[kubeconfig_is]}
    access = place(environ=environ, cluster_name="dev")
    assert (access.kubernetes, access.namespace, access.title) == (None, "default", "EKS cluster dev")


def test_in_a_pod(place: Callable[..., Access]) -> None:
    access = place(pod=True, cluster_name="dev")
    assert access.kubernetes is not None
    assert access.kubernetes.connection.server == "https://10.0.0.1:443"
    assert (access.namespace, access.title) == ("pods-own", "the cluster this pod runs in")


def test_in_a_pod_a_kubeconfig_comes_first(place: Callable[..., Access], kubeconfig: Any) -> None:
    assert place(pod=True, environ=kubeconfig(context=ARN)).title == f"context {ARN}"


def test_a_server_makes_do_without_a_kubeconfig(place: Callable[..., Access]) -> None:
    access = place(environ={"KUBECONFIG": "/dev/null"}, server=HOST, cluster_name="dev")
    assert access.kubernetes is not None
    assert access.source.cluster.eks._session.region == "ap-south-1"


UNTOLD = [
    # how, and what is said
    ({}, "no kubeconfig found: /nonexistent is missing or empty; run aws eks update-kubeconfig"),
    ({"cluster": "x"}, "no kubeconfig found: /nonexistent is missing or empty"),
    ({"user": "x", "cluster_name": "dev"}, "no kubeconfig found: /nonexistent is missing or empty"),
    (
        {"pod": True},
        "the name of the EKS cluster that this pod runs in could not be determined; use <cluster_name>",
    ),
    ({"cluster_name": "dev", "client_key": "k"}, "certificate options require a kubeconfig context or a"),
    ({"server": HOST}, "the EKS cluster of server https://0123"),
    (
        {"cluster_name": "dev", "profile": "nobody"},
        'AWS profile "nobody" (from <profile>) does not exist; use',
    ),
]


@pytest.mark.parametrize(("said", "sentence"), UNTOLD)
def test_what_cannot_be_told(place: Callable[..., Access], said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Unlocated) as caught:
        place(environ={"KUBECONFIG": "/nonexistent"}, **said)
    assert str(caught.value).startswith(sentence)
    assert caught.value.remedy


def test_groups_need_a_user_on_every_way_in(place: Callable[..., Access], kubeconfig: Any) -> None:
    with pytest.raises(InvalidFile, match="without a user; add <as=USER>"):
        place(environ=kubeconfig(context=ARN), as_groups=("a",))
    with pytest.raises(InvalidFile, match="without a user; add <as=USER>"):
        place(pod=True, cluster_name="dev", as_groups=("a",))


WRONG = [
    # what the kubeconfig says, the environment, and what is said
    (
        {"context": EKSCTL, "namespace": "Web"},
        {},
        f'invalid value "Web" for the namespace of context {EKSCTL}: must be a valid',
    ),
    (
        {"exec": ["aws", "eks", "get-token", "--cluster-name", "a b"]},
        {},
        'invalid value "a b" for the EKS cluster that context ctx names: must be the name of an EKS cluster',
    ),
    (
        {"exec": ["aws", "eks", "get-token", "--cluster-name", "a", "--region", "mars"]},
        {},
        'invalid value "mars" for the region that context ctx names: must be an AWS region; use a'
        " region such as",
    ),
    (
        {"exec": GET_TOKEN[:1] + GET_TOKEN[3:]},
        {"AWS_REGION": "EU-WEST-1"},
        'invalid value "EU-WEST-1" for AWS_REGION: must be',
    ),
    (
        {"exec": GET_TOKEN[:1] + GET_TOKEN[3:]},
        {"AWS_DEFAULT_REGION": "x"},
        'invalid value "x" for AWS_DEFAULT_REGION: must be',
    ),
    (
        {"exec": GET_TOKEN[:1] + GET_TOKEN[3:]},
        {"AWS_PROFILE": "odd"},
        'invalid value "x" for the region of the AWS profile: must be',
    ),
    (
        {"exec": GET_TOKEN},
        {"AWS_PROFILE": "nobody"},
        'AWS profile "nobody" (from AWS_PROFILE) does not exist',
    ),
    (
        {"exec": GET_TOKEN, "env": {"AWS_PROFILE": "nobody"}},
        {},
        'AWS profile "nobody" (from context ctx) does not exist',
    ),
]


@pytest.mark.parametrize(("says", "environ", "sentence"), WRONG)
def test_what_is_wrong_outside_argv_is_called_by_its_place(
    place: Callable[..., Access], kubeconfig: Any, says: Any, environ: dict[str, str], sentence: str
) -> None:
    with pytest.raises((InvalidFile, Unlocated)) as caught:
        place(environ={**kubeconfig(**says), **environ})
    assert str(caught.value).startswith(sentence)
    assert caught.value.remedy
