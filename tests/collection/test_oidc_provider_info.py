"""What IAM OIDC providers there are, under real Ansible."""

from __future__ import annotations

from typing import Any

import pytest
from collection.conftest import Task
from collection.oidc import Issuer, issuer, least, under
from pocket_eks.control import Control
from pocket_eks.world import World

__all__ = ["issuer", "least", "under"]

pytestmark = pytest.mark.usefixtures("least")


def test_the_provider_of_an_issuer(task: Task, issuer: Issuer) -> None:
    issuer.register("vault", "app", team="web")
    found = task("iam_oidc_provider_info", issuer_url=issuer.url)
    assert (found["changed"], found["oidc_providers"]) == (False, [issuer.found()])


def test_none_where_there_is_none(task: Task, issuer: Issuer) -> None:
    assert task("iam_oidc_provider_info", issuer_url=issuer.url)["oidc_providers"] == []


def test_the_provider_of_a_cluster_in_check_mode_too(task: Task, world: World) -> None:
    (found,) = task("iam_oidc_provider_info", cluster_name=world.cluster, _check=True)["oidc_providers"]
    assert (found["status"]["arn"], found["spec"]["url"]) == (world.provider_arn, world.issuer)


def test_all_providers_of_the_account(task: Task, issuer: Issuer, iam: Any, control: Control) -> None:
    issuer.register("vault")
    listed = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    control.clear_calls()
    found = task("iam_oidc_provider_info", region="us-east-1")["oidc_providers"]
    assert [one["status"]["arn"] for one in found] == sorted(one["Arn"] for one in listed)
    assert issuer.found() in found
    assert not [call for call in control.calls() if call["write"]]
