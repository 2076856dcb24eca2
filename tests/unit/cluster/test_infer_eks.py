"""What a context tells about the cluster, its region, account and profile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.infer_eks import InferredEks, infer
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.context import select
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.kubeconfig import parse
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.options import ConnectionOptions

ARN = "arn:aws:eks:eu-west-1:123456789012:cluster/prod"
HOST = "https://0123456789ABCDEF0123456789ABCDEF"


def told(
    *command: str,
    env: dict[str, str] | None = None,
    context: str = "ctx",
    cluster: str = "cl",
    server: str = "https://127.0.0.1",
) -> InferredEks:
    user: dict[str, Any] = {}
    if command:
        user["exec"] = {
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": command[0],
            "args": list(command[1:]),
            "env": [{"name": name, "value": value} for name, value in (env or {}).items()],
        }
    document = {
        "current-context": context,
        "contexts": [{"name": context, "context": {"cluster": cluster, "user": "u"}}],
        "clusters": [{"name": cluster, "cluster": {"server": server}}],
        "users": [{"name": "u", "user": user}],
    }
    return infer(select(parse(yaml.safe_dump(document), Path("/k")), ConnectionOptions(), Deadline(5)))


@pytest.mark.parametrize(
    ("command", "cluster", "region", "profile"),
    [
        pytest.param(
            "aws --region eu-west-1 eks get-token --cluster-name c --output json",
            "c",
            "eu-west-1",
            None,
            id="update-kubeconfig",
        ),
        pytest.param(
            "aws eks get-token --cluster-name c --region eu-west-1", "c", "eu-west-1", None, id="region last"
        ),
        pytest.param(
            "aws eks get-token --cluster-name=c --region=eu-west-1", "c", "eu-west-1", None, id="equals signs"
        ),
        pytest.param("aws --profile p eks get-token --cluster-name c", "c", None, "p", id="profile"),
        pytest.param("/opt/bin/aws eks get-token --cluster-name c", "c", None, None, id="absolute path"),
        pytest.param(r"C:\aws\aws.exe eks get-token --cluster-name c", "c", None, None, id="Windows path"),
        pytest.param("aws eks get-token --cluster-id c", "c", None, None, id="cluster id"),
        pytest.param(
            "aws eks get-token --cluster-name a --cluster-name b", "b", None, None, id="last one counts"
        ),
        pytest.param(
            "aws eks get-token --cluster-name --region eu-west-1", None, "eu-west-1", None, id="no value"
        ),
        pytest.param("aws-vault exec p -- aws eks get-token --cluster-name c", "c", None, "p", id="wrapped"),
        pytest.param("stand-in eks get-token --cluster-name c", "c", None, None, id="a stand-in"),
        pytest.param("aws-iam-authenticator token -i c", "c", None, None, id="authenticator -i"),
        pytest.param(
            "aws-iam-authenticator token --cluster-id c --region eu-west-1",
            "c",
            "eu-west-1",
            None,
            id="authenticator",
        ),
        pytest.param("aws-iam-authenticator token -i=c", "c", None, None, id="authenticator -i="),
        pytest.param("heptio-authenticator-aws token -i c", "c", None, None, id="its old name"),
        pytest.param(
            "oci ce cluster generate-token --cluster-id c --region r", None, None, None, id="another cloud"
        ),
        pytest.param("gke-gcloud-auth-plugin", None, None, None, id="another plugin"),
    ],
)
def test_the_exec_command_tells(
    command: str, cluster: str | None, region: str | None, profile: str | None
) -> None:
    found = told(*command.split(" "))
    assert (found.cluster, found.region, found.profile) == (cluster, region, profile)


@pytest.mark.parametrize(
    ("env", "region", "profile"),
    [
        pytest.param({"AWS_PROFILE": "p"}, None, "p", id="profile"),
        pytest.param({"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1", None, id="default region"),
        pytest.param(
            {"AWS_REGION": "eu-west-2", "AWS_DEFAULT_REGION": "eu-west-1"},
            "eu-west-2",
            None,
            id="region first",
        ),
        pytest.param({"AWS_PROFILE": ""}, None, None, id="empty"),
    ],
)
def test_the_exec_environment_tells(env: dict[str, str], region: str | None, profile: str | None) -> None:
    found = told("aws", "eks", "get-token", "--cluster-name", "c", env=env)
    assert (found.region, found.profile) == (region, profile)


def test_an_option_wins_over_the_exec_environment() -> None:
    found = told("aws", "--profile", "p", "eks", "get-token", env={"AWS_PROFILE": "q"})
    assert found.profile == "p"


@pytest.mark.parametrize("place", ["context", "cluster"])
@pytest.mark.parametrize(
    "command", ["aws eks get-token --cluster-id 1234-abcd", "aws-iam-authenticator token -i 1234-abcd"]
)
def test_an_arn_names_the_cluster_that_an_id_does_not(place: str, command: str) -> None:
    assert told(*command.split(), **{place: ARN}).cluster == "prod"  # type: ignore[arg-type]


@pytest.mark.parametrize("place", ["context", "cluster"])
@pytest.mark.parametrize(
    ("arn", "partition", "region"),
    [
        pytest.param(ARN, "aws", "eu-west-1", id="aws"),
        pytest.param(
            "arn:aws-cn:eks:cn-north-1:123456789012:cluster/prod", "aws-cn", "cn-north-1", id="China"
        ),
        pytest.param(
            "arn:aws-us-gov:eks:us-gov-west-1:123456789012:cluster/prod",
            "aws-us-gov",
            "us-gov-west-1",
            id="GovCloud",
        ),
    ],
)
def test_a_name_that_is_an_arn_tells_all(place: str, arn: str, partition: str, region: str) -> None:
    found = told(**{place: arn})  # type: ignore[arg-type]
    assert (found.cluster, found.region, found.account, found.partition) == (
        "prod",
        region,
        "123456789012",
        partition,
    )


@pytest.mark.parametrize(
    "name",
    [
        "arn:aws:eks:eu-west-1:123456789012:nodegroup/prod",
        "arn:aws:ecs:eu-west-1:123456789012:cluster/prod",
        "prod",
    ],
)
def test_another_name_tells_nothing(name: str) -> None:
    assert told(context=name) == InferredEks()


@pytest.mark.parametrize(
    "name",
    ["me@prod.eu-west-1.eksctl.io", "me@corp.example@prod.eu-west-1.eksctl.io", "prod.eu-west-1.eksctl.io"],
)
def test_a_name_that_eksctl_made_tells_cluster_and_region(name: str) -> None:
    found = told(context=name)
    assert (found.cluster, found.region) == ("prod", "eu-west-1")


@pytest.mark.parametrize(
    ("server", "region"),
    [
        pytest.param(f"{HOST}.gr7.eu-west-1.eks.amazonaws.com", "eu-west-1", id="usual"),
        pytest.param(f"{HOST}.yl4.us-gov-west-1.eks.amazonaws.com", "us-gov-west-1", id="GovCloud"),
        pytest.param(f"{HOST}.yl4.cn-north-1.eks.amazonaws.com.cn", "cn-north-1", id="China"),
        pytest.param(f"{HOST}.gr7.eks-cluster.eu-west-1.api.aws", "eu-west-1", id="dual stack"),
        pytest.param(
            f"{HOST}.gr7.eks-cluster.cn-north-1.api.amazonwebservices.com.cn",
            "cn-north-1",
            id="dual stack China",
        ),
        pytest.param(f"{HOST}.gr7.eu-west-1.eks.amazonaws.com:443", "eu-west-1", id="port"),
        pytest.param(f"{HOST}.gr7.eu-west-1.eks.amazonaws.com.evil.example", None, id="another domain"),
        pytest.param("https://api.eu-west-1.example.com", None, id="somebody's own"),
        pytest.param("https://127.0.0.1:6443", None, id="local"),
    ],
)
def test_the_host_tells_the_region(server: str, region: str | None) -> None:
    assert told(server=server) == InferredEks(region=region)


class TestPrecedence:
    def test_the_exec_command_before_the_arn(self) -> None:
        found = told(
            "aws", "--region", "eu-west-2", "eks", "get-token", "--cluster-name", "prod", cluster=ARN
        )
        assert (found.region, found.account) == ("eu-west-2", "123456789012")

    def test_an_arn_of_another_cluster_counts_for_nothing(self) -> None:
        found = told("aws", "eks", "get-token", "--cluster-name", "other", cluster=ARN)
        assert (found.cluster, found.region, found.account) == ("other", None, None)

    def test_the_clusters_arn_before_the_contexts(self) -> None:
        assert told(cluster=ARN, context=ARN.replace("prod", "old")).cluster == "prod"

    def test_the_arn_before_eksctl(self) -> None:
        assert told(cluster=ARN, context="me@old.eu-west-2.eksctl.io").cluster == "prod"

    def test_the_host_fills_in_the_region(self) -> None:
        found = told(
            "aws", "eks", "get-token", "--cluster-name", "c", server=f"{HOST}.gr7.eu-west-1.eks.amazonaws.com"
        )
        assert found.region == "eu-west-1"

    def test_the_source_says_what_told_the_cluster(self) -> None:
        assert told(cluster=ARN).source == "the name of the cluster"
