# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of ServiceAccounts: against a real API server, and page by page against answers as one sends them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pocket_eks.pytest_plugin import Kubectl
from pocket_eks.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.client import KubernetesCluster
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.service_account_list import listed
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.context import select
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.kubeconfig import read_kubeconfig
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.options import ConnectionOptions
from ansible_collections.iamsa.eks.plugins.module_utils.kube.connect import connect
from ansible_collections.iamsa.eks.plugins.module_utils.kube.http.connection import Connection
from ansible_collections.iamsa.eks.plugins.module_utils.kube.http.peer import Peer
from ansible_collections.iamsa.eks.plugins.module_utils.kube.http.request import Request
from ansible_collections.iamsa.eks.plugins.module_utils.kube.http.transport import Answer

ROLE = "eks.amazonaws.com/role-arn"


def reach(world: World, **flags: Any) -> KubernetesCluster:
    options = ConnectionOptions(**flags)
    config = read_kubeconfig(options, world.environ, Deadline(60))
    assert config
    return KubernetesCluster(
        connect(select(config, options, Deadline(60)), options, Deadline(60), world.environ)
    )


@pytest.fixture
def cluster(world: World) -> KubernetesCluster:
    return reach(world)


class TestRealServer:
    def test_those_of_a_namespace_with_their_annotations(
        self, cluster: KubernetesCluster, namespace: str
    ) -> None:
        for name in ("b", "a"):
            cluster.create_service_account(Subject(namespace, name), {ROLE: name})
        found = [one for one in cluster.list_service_accounts(namespace) if one.subject.name != "default"]
        assert [(one.subject, one.annotations) for one in found] == [
            (Subject(namespace, name), {ROLE: name}) for name in ("a", "b")
        ]

    def test_those_of_all_namespaces(self, cluster: KubernetesCluster, namespace: str) -> None:
        cluster.create_service_account(Subject(namespace, "app"), {})
        subjects = {one.subject for one in cluster.list_service_accounts(None)}
        assert Subject(namespace, "app") in subjects
        assert len({subject.namespace for subject in subjects}) > 1

    def test_a_missing_namespace_has_none(self, cluster: KubernetesCluster) -> None:
        assert cluster.list_service_accounts("no-such-namespace") == ()

    def test_more_than_a_page(self, cluster: KubernetesCluster, kubectl: Kubectl, namespace: str) -> None:
        service_accounts = [
            {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": {"name": f"a{number:03}", "namespace": namespace},
            }
            for number in range(501)
        ]
        made = kubectl(
            "create",
            "-f",
            "-",
            stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": service_accounts}),
        )
        assert made.returncode == 0, made.stderr
        names = {one.subject.name for one in cluster.list_service_accounts(namespace)}
        assert names - {"default"} == {f"a{number:03}" for number in range(501)}

    def test_a_user_of_one_namespace_is_told_how_to_go_on(self, world: World) -> None:
        narrow = reach(world, kubeconfig=world.variables["WORLD_KUBECONFIG_NARROW"])
        with pytest.raises(Denied, match="<namespace=NAMESPACE> instead of <all_namespaces>") as caught:
            narrow.list_service_accounts(None)
        assert caught.value.action == "list serviceaccounts in all namespaces"

    def test_a_namespace_that_may_not_be_read_names_the_action(self, world: World) -> None:
        narrow = reach(world, kubeconfig=world.variables["WORLD_KUBECONFIG_NARROW"])
        with pytest.raises(Denied) as caught:
            narrow.list_service_accounts("kube-system")
        assert caught.value.action == "list serviceaccounts in namespace kube-system"
        assert "-A" not in str(caught.value)


class Scripted(Connection):
    """Answers as it is told, and remembers what it was asked."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        self.peer = Peer("https://demo.example", "context demo")
        self.queries: list[dict[str, str]] = []
        self._answers = list(answers)

    def send(self, request: Request) -> Answer:
        self.queries.append(dict(request.query))
        status, document = self._answers.pop(0)
        return Answer(status, {}, json.dumps(document).encode())


def page(*names: str, token: str = "") -> tuple[int, Any]:
    items = [{"metadata": {"name": name, "namespace": "web"}} for name in names]
    return 200, {"metadata": {"continue": token}, "items": items}


EXPIRED = 410, {"kind": "Status", "reason": "Expired"}


def names_of(connection: Scripted) -> list[str]:
    return [one.subject.name for one in listed(connection, "web")]


class TestPages:
    def test_each_page_names_the_next(self) -> None:
        connection = Scripted(page("a", token="t"), page("b"))
        assert names_of(connection) == ["a", "b"]
        assert connection.queries == [{"limit": "500"}, {"limit": "500", "continue": "t"}]

    def test_a_list_that_expires_is_read_again_in_one_piece(self) -> None:
        connection = Scripted(page("a", token="t"), EXPIRED, page("a", "b"))
        assert names_of(connection) == ["a", "b"]
        assert connection.queries[-1] == {"limit": "0"}

    def test_a_list_without_items_is_empty(self) -> None:
        assert names_of(Scripted((200, {"items": None}))) == []
