"""EKS clusters that cannot be used, or that are not the one of the context: nothing is written."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from e2e.bad import NO_KEYS, Bad
from pocket_eks.control import Control
from pocket_eks.pki import make_pki
from pocket_eks.world import World


@pytest.fixture
def bad(world: World, control: Control, tmp_path: Path) -> Bad:
    return Bad(world, control, tmp_path)


@pytest.mark.parametrize(
    ("cluster", "sentence"),
    [
        ({"status": "CREATING"}, "is CREATING; wait until it is ACTIVE"),
        ({"status": "DELETING"}, "is DELETING; use another cluster"),
        ({"status": "FAILED"}, "is FAILED; use another cluster"),
        ({"identity": None}, "has no OIDC issuer; IAM roles for service accounts require"),
        ({"identity": {}}, "has no OIDC issuer; IAM roles for service accounts require"),
        ({"certificateAuthority": {"data": "SECRET!"}}, "that is not valid base64"),
        ({"arn": "nonsense"}, "EKS returned an invalid cluster ARN"),
    ],
)
def test_a_cluster_that_cannot_be_worked_with(bad: Bad, cluster: Any, sentence: str) -> None:
    bad.secrets.append("SECRET")
    bad.control.settings(cluster=cluster)
    assert sentence in bad.create()


def test_a_cluster_that_is_absent(bad: Bad) -> None:
    said = bad.create("--cluster-name", "nowhere")
    assert said == (
        f"EKS cluster nowhere was not found in {bad.world.region} with these credentials;"
        " check --cluster-name, --region and --profile"
    )


def test_another_region(bad: Bad) -> None:
    said = bad.create("--region", "sa-east-1")
    assert said.startswith(
        f"EKS cluster {bad.world.cluster} was not found in sa-east-1 with these credentials; "
    )


def test_another_cluster_than_the_contexts(bad: Bad, tmp_path: Path) -> None:
    ca = base64.b64encode(make_pki(tmp_path / "pki").ca.read_bytes()).decode()
    bad.control.settings(clusters={"twin": {"certificateAuthority": {"data": ca}}})
    said = bad.create("--cluster-name", "twin")
    assert f"context {bad.world.cluster_arn} (https://" in said
    twin = bad.world.cluster_arn.replace(f"/{bad.world.cluster}", "/twin")
    assert f"is not EKS cluster {twin}: its issuer is {bad.world.issuer}; use the --context" in said


def test_a_cluster_of_another_account(bad: Bad) -> None:
    arn = bad.world.cluster_arn.replace(bad.world.account, "210987654321")
    bad.control.settings(cluster={"arn": arn})
    said = bad.create()
    assert f"names account {bad.world.account}, but with these AWS credentials cluster" in said
    assert "is in account 210987654321; use a --profile for the right account" in said


def test_nothing_but_the_name_and_no_credentials(bad: Bad) -> None:
    words = ("--cluster-name", bad.world.cluster, "--region", bad.world.region)
    said = bad.create(*words, environ={**NO_KEYS, "KUBECONFIG": "/dev/null"})
    assert said.startswith("no AWS credentials were found for eks:DescribeCluster; use --profile")
