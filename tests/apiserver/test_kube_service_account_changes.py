# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Taking annotations from ServiceAccounts, and deleting them, against a real API server."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pocket_eks.control import Control
from pocket_eks.pytest_plugin import Kubectl
from pocket_eks.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.client import KubernetesCluster
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.context import select
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.kubeconfig import read_kubeconfig
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.options import ConnectionOptions
from ansible_collections.iamsa.eks.plugins.module_utils.kube.connect import connect
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount

ROLE, RECORD, TEAM = "eks.amazonaws.com/role-arn", "iamsa/deleting-role", "team"


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


@pytest.fixture
def subject(namespace: str) -> Subject:
    return Subject(namespace, "app")


@pytest.fixture
def made(cluster: KubernetesCluster, subject: Subject) -> ServiceAccount:
    """A ServiceAccount with an annotation of ours and one of Helm's."""
    service_account = cluster.create_service_account(subject, {ROLE: "r"})
    assert service_account
    return cluster.apply_annotations(
        subject,
        {TEAM: "web"},
        resource_version=service_account.resource_version,
        force=False,
        field_manager="helm",
    )


def touched(kubectl: Kubectl, subject: Subject) -> None:
    """Have somebody else change it."""
    done = kubectl("label", "serviceaccount", subject.name, "-n", subject.namespace, "by=hand")
    assert done.returncode == 0, done.stderr


class TestPatching:
    def patch(
        self, cluster: KubernetesCluster, there: ServiceAccount, changes: dict[str, str | None], **more: Any
    ) -> ServiceAccount | None:
        return cluster.patch_annotations(
            there.subject, changes, resource_version=there.resource_version, **more
        )

    def test_one_goes_and_another_comes_in_one_write(
        self, cluster: KubernetesCluster, made: ServiceAccount
    ) -> None:
        found = self.patch(cluster, made, {ROLE: None, RECORD: "r"})
        assert found == cluster.read_service_account(made.subject)
        assert found
        assert found.annotations == {RECORD: "r", TEAM: "web"}
        assert found.resource_version != made.resource_version

    def test_what_it_writes_is_owned_by_the_manager_that_is_named(
        self, cluster: KubernetesCluster, made: ServiceAccount
    ) -> None:
        found = self.patch(cluster, made, {RECORD: "r"}, field_manager="me")
        assert found
        assert found.managers == {
            ROLE: frozenset({"kubectl-iamsa"}),
            RECORD: frozenset({"me"}),
            TEAM: frozenset({"helm"}),
        }

    def test_it_removes_what_another_manager_set_too(
        self, cluster: KubernetesCluster, made: ServiceAccount
    ) -> None:
        found = self.patch(cluster, made, {TEAM: None})
        assert found
        assert found.annotations == {ROLE: "r"}

    def test_all_that_is_not_named_stays(
        self, cluster: KubernetesCluster, kubectl: Kubectl, subject: Subject
    ) -> None:
        manifest = {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {
                "name": subject.name,
                "annotations": {ROLE: "r", TEAM: "web"},
                "labels": {"app": "shop"},
                "finalizers": ["example.com/held"],
            },
            "imagePullSecrets": [{"name": "pull"}],
            "automountServiceAccountToken": False,
        }
        where = ("-n", subject.namespace)
        assert kubectl("create", *where, "-f", "-", stdin=json.dumps(manifest)).returncode == 0
        there = cluster.read_service_account(subject)
        assert there
        self.patch(cluster, there, {ROLE: None})
        shown = json.loads(kubectl("get", "sa", subject.name, *where, "-o", "json").stdout)
        metadata = shown["metadata"]
        assert (metadata["annotations"], metadata["labels"]) == ({TEAM: "web"}, {"app": "shop"})
        assert metadata["finalizers"] == ["example.com/held"]
        assert shown["imagePullSecrets"] == [{"name": "pull"}]
        assert shown["automountServiceAccountToken"] is False

    def test_the_last_annotation_may_go(self, cluster: KubernetesCluster, made: ServiceAccount) -> None:
        found = self.patch(cluster, made, {ROLE: None, TEAM: None})
        assert found
        assert (found.annotations, found.managers) == ({}, {})

    def test_one_that_is_not_there_may_be_removed(
        self, cluster: KubernetesCluster, made: ServiceAccount
    ) -> None:
        found = self.patch(cluster, made, {RECORD: None})
        assert found
        assert found.annotations == made.annotations

    def test_a_dry_run_changes_nothing_and_shows_what_would_be(
        self, cluster: KubernetesCluster, made: ServiceAccount
    ) -> None:
        found = self.patch(cluster, made, {ROLE: None}, dry_run=True)
        assert found
        assert found.annotations == {TEAM: "web"}
        assert cluster.read_service_account(made.subject) == made

    def test_where_the_service_account_is_gone_it_is_none(
        self, cluster: KubernetesCluster, kubectl: Kubectl, made: ServiceAccount
    ) -> None:
        kubectl("delete", "serviceaccount", made.subject.name, "-n", made.subject.namespace)
        assert self.patch(cluster, made, {ROLE: None}) is None

    @pytest.mark.parametrize("dry_run", [False, True])
    def test_a_stale_version_is_a_conflict(
        self, cluster: KubernetesCluster, kubectl: Kubectl, made: ServiceAccount, dry_run: bool
    ) -> None:
        touched(kubectl, made.subject)
        with pytest.raises(RemoteError, match="was changed concurrently") as caught:
            self.patch(cluster, made, {ROLE: None}, dry_run=dry_run)
        assert caught.value.code == "Conflict"
        there = cluster.read_service_account(made.subject)
        assert there
        assert there.annotations == made.annotations


class TestDeleting:
    def delete(
        self, cluster: KubernetesCluster, there: ServiceAccount, dry_run: bool = False, **other: str
    ) -> ServiceAccount | None:
        known = {"uid": there.uid, "resource_version": there.resource_version, **other}
        return cluster.delete_service_account(there.subject, dry_run=dry_run, **known)

    def test_it_is_gone(self, cluster: KubernetesCluster, made: ServiceAccount) -> None:
        assert self.delete(cluster, made) is None
        assert cluster.read_service_account(made.subject) is None

    def test_a_dry_run_deletes_nothing(self, cluster: KubernetesCluster, made: ServiceAccount) -> None:
        self.delete(cluster, made, dry_run=True)
        assert cluster.read_service_account(made.subject) == made

    @pytest.mark.parametrize("dry_run", [False, True])
    def test_one_that_is_gone_already_is_no_error(
        self, cluster: KubernetesCluster, made: ServiceAccount, dry_run: bool
    ) -> None:
        self.delete(cluster, made)
        self.delete(cluster, made, dry_run)

    @pytest.mark.parametrize("dry_run", [False, True])
    def test_one_that_was_changed_meanwhile_stays(
        self, cluster: KubernetesCluster, kubectl: Kubectl, made: ServiceAccount, dry_run: bool
    ) -> None:
        touched(kubectl, made.subject)
        with pytest.raises(RemoteError, match="was changed concurrently") as caught:
            self.delete(cluster, made, dry_run)
        assert caught.value.code == "Conflict"
        assert cluster.read_service_account(made.subject)

    def test_another_one_of_the_same_name_stays(
        self, cluster: KubernetesCluster, made: ServiceAccount
    ) -> None:
        self.delete(cluster, made)
        other = cluster.create_service_account(made.subject, {})
        assert other
        with pytest.raises(RemoteError) as caught:
            self.delete(cluster, other, uid=made.uid)
        assert caught.value.code == "Conflict"
        assert cluster.read_service_account(made.subject) == other

    def test_one_that_is_held_back_is_seen_to_be_on_its_way(
        self, cluster: KubernetesCluster, kubectl: Kubectl, made: ServiceAccount
    ) -> None:
        where = ("serviceaccount", made.subject.name, "-n", made.subject.namespace, "--type=merge", "-p")
        kubectl("patch", *where, '{"metadata":{"finalizers":["example.com/held"]}}')
        held = cluster.read_service_account(made.subject)
        assert held
        try:
            for dry_run in (True, False):
                left = self.delete(cluster, held, dry_run)
                assert left
                assert (left.deleting, left.finalizers) == (True, ("example.com/held",))
            there = cluster.read_service_account(made.subject)
            assert there
            assert (there.deleting, there.finalizers) == (True, ("example.com/held",))
        finally:
            kubectl("patch", *where, '{"metadata":{"finalizers":null}}')


class TestRights:
    def test_what_may_not_be_deleted_is_denied_by_name(self, world: World) -> None:
        narrow = reach(world, kubeconfig=world.variables["WORLD_KUBECONFIG_NARROW"])
        with pytest.raises(Denied) as caught:
            narrow.delete_service_account(Subject("default", "app"), uid="1", resource_version="1")
        assert caught.value.action == "delete serviceaccounts in namespace default"

    def test_what_may_not_be_patched_is_denied_by_name(self, world: World) -> None:
        narrow = reach(world, kubeconfig=world.variables["WORLD_KUBECONFIG_NARROW"])
        with pytest.raises(Denied) as caught:
            narrow.patch_annotations(Subject("default", "app"), {ROLE: None}, resource_version="1")
        assert caught.value.action == "patch serviceaccounts in namespace default"


class TestFaults:
    """A write is sent once; only what was put off, and a rehearsal, is sent again."""

    def sent(self, control: Control, verb: str) -> int:
        return sum(call["action"] == f"kube:{verb}:serviceaccounts" for call in control.calls())

    @pytest.mark.parametrize("effect", [{"status": 503}, {"status": 500}, {"drop": "after"}], ids=str)
    def test_a_delete_is_not_sent_again(
        self, effect: dict[str, Any], cluster: KubernetesCluster, control: Control, made: ServiceAccount
    ) -> None:
        control.fault("kube", "kube:delete:serviceaccounts", effect, times=None)
        with pytest.raises(RemoteError) as caught:
            cluster.delete_service_account(made.subject, uid=made.uid, resource_version=made.resource_version)
        assert caught.value.uncertain
        assert self.sent(control, "delete") == 1

    @pytest.mark.parametrize("dry_run", [False, True])
    def test_one_that_was_put_off_is(
        self, cluster: KubernetesCluster, control: Control, made: ServiceAccount, dry_run: bool
    ) -> None:
        control.fault("kube", "kube:delete:serviceaccounts", {"status": 429})
        cluster.delete_service_account(
            made.subject, uid=made.uid, resource_version=made.resource_version, dry_run=dry_run
        )
        assert self.sent(control, "delete") == 2

    def test_a_rehearsal_of_a_delete_is(
        self, cluster: KubernetesCluster, control: Control, made: ServiceAccount
    ) -> None:
        control.fault("kube", "kube:delete:serviceaccounts", {"status": 503})
        cluster.delete_service_account(
            made.subject, uid=made.uid, resource_version=made.resource_version, dry_run=True
        )
        assert cluster.read_service_account(made.subject) == made

    def test_a_rehearsal_of_a_patch_is(
        self, cluster: KubernetesCluster, control: Control, made: ServiceAccount
    ) -> None:
        control.fault("kube", "kube:patch:serviceaccounts", {"drop": "after"})
        assert cluster.patch_annotations(
            made.subject, {ROLE: None}, resource_version=made.resource_version, dry_run=True
        )
