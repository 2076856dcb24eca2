# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens of ServiceAccounts, from a real API server."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from adapters.made_up_cluster import made_up_cluster
from pocket_eks.control import Control
from pocket_eks.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.client import KubernetesCluster
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.context import select
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.kubeconfig import read_kubeconfig
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.options import ConnectionOptions
from ansible_collections.iamsa.eks.plugins.module_utils.kube.connect import connect
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Token


@pytest.fixture
def cluster(world: World) -> KubernetesCluster:
    options = ConnectionOptions()
    config = read_kubeconfig(options, world.environ, Deadline(60))
    assert config
    return KubernetesCluster(
        connect(select(config, options, Deadline(60)), options, Deadline(60), world.environ)
    )


def claims(token: Token | None) -> dict[str, Any]:
    assert token
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.value.split(".")[1] + "=="))
    return found


@pytest.mark.parametrize("audience", ["sts.amazonaws.com", "vault"])
def test_a_token_is_for_one_audience_and_ten_minutes(
    cluster: KubernetesCluster, world: World, namespace: str, audience: str
) -> None:
    app = Subject(namespace, "app")
    cluster.create_service_account(app, {})
    found = claims(cluster.request_token(app, audience))
    assert (found["iss"], found["sub"], found["aud"]) == (world.issuer, app.claim, [audience])
    assert found["exp"] - found["iat"] == 600


def test_without_an_audience_a_token_is_for_the_api_server_as_the_kubelet_would_get_it(
    cluster: KubernetesCluster, world: World, namespace: str
) -> None:
    app = Subject(namespace, "app")
    cluster.create_service_account(app, {})
    assert claims(cluster.request_token(app, ""))["aud"] == [world.issuer]


def test_it_is_no_write_and_makes_no_secret(
    cluster: KubernetesCluster, namespace: str, control: Control
) -> None:
    app = Subject(namespace, "app")
    cluster.create_service_account(app, {})
    control.clear_calls()
    cluster.request_token(app, "sts.amazonaws.com")
    assert [(call["action"], call["write"]) for call in control.calls()] == [
        ("kube:create:serviceaccounts/token", False)
    ]


def test_who_is_missing_has_none(cluster: KubernetesCluster, namespace: str) -> None:
    assert cluster.request_token(Subject(namespace, "nobody"), "sts.amazonaws.com") is None
    assert cluster.request_token(Subject("no-such-namespace", "app"), "sts.amazonaws.com") is None


@pytest.mark.parametrize("answer", [{}, {"status": {}}, {"status": {"token": ""}}, {"status": {"token": 7}}])
def test_an_answer_without_a_token_is_told(answer: dict[str, Any]) -> None:
    with made_up_cluster() as (server, cluster, _):
        server.replies = [(201, {}, answer)]
        with pytest.raises(RemoteError, match="returned no token"):
            cluster.request_token(Subject("web", "app"), "sts.amazonaws.com")
