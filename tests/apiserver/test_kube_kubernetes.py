"""ServiceAccounts, namespaces and pods against a real API server."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pocket_eks.control import Control
from pocket_eks.pytest_plugin import Kubectl
from pocket_eks.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, NotFound, Refused, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.client import KubernetesCluster
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.pods import PodOwner
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.context import select
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.kubeconfig import read_kubeconfig
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.options import ConnectionOptions
from ansible_collections.iamsa.eks.plugins.module_utils.kube.connect import connect

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


@pytest.fixture
def narrow(world: World) -> KubernetesCluster:
    return reach(world, kubeconfig=world.variables["WORLD_KUBECONFIG_NARROW"])


@pytest.fixture
def subject(namespace: str) -> Subject:
    return Subject(namespace, "app")


class TestServiceAccount:
    def test_a_missing_one_is_none(self, cluster: KubernetesCluster, subject: Subject) -> None:
        assert cluster.read_service_account(subject) is None

    def test_one_in_a_missing_namespace_is_none(self, cluster: KubernetesCluster) -> None:
        assert cluster.read_service_account(Subject("no-such-namespace", "app")) is None

    def test_a_made_one_is_read_with_its_annotations_and_their_owner(
        self, cluster: KubernetesCluster, subject: Subject
    ) -> None:
        made = cluster.create_service_account(subject, {ROLE: "r"})
        assert made
        assert made == cluster.read_service_account(subject)
        assert made.annotations == {ROLE: "r"}
        assert made.managers == {ROLE: frozenset({"kubectl-iamsa"})}
        assert made.uid
        assert made.resource_version

    def test_a_dry_run_makes_nothing(self, cluster: KubernetesCluster, subject: Subject) -> None:
        assert cluster.create_service_account(subject, {ROLE: "r"}, dry_run=True)
        assert cluster.read_service_account(subject) is None

    def test_making_one_that_is_there_is_none(self, cluster: KubernetesCluster, subject: Subject) -> None:
        cluster.create_service_account(subject, {})
        assert cluster.create_service_account(subject, {}) is None

    def test_making_one_in_a_missing_namespace_names_the_way_out(self, cluster: KubernetesCluster) -> None:
        with pytest.raises(NotFound, match=r"namespace no-such does not exist; .*<create_namespace>"):
            cluster.create_service_account(Subject("no-such", "app"), {})

    def test_making_one_where_everything_is_being_deleted_says_so(
        self, cluster: KubernetesCluster, kubectl: Kubectl, subject: Subject
    ) -> None:
        finalized = '{"metadata":{"annotations":{},"finalizers":["example.com/held"]}}'
        kubectl("create", "configmap", "held", "-n", subject.namespace)
        kubectl("patch", "configmap", "held", "-n", subject.namespace, "--type=merge", "-p", finalized)
        kubectl("delete", "namespace", subject.namespace, "--wait=false")
        try:
            assert cluster.namespace_state(subject.namespace) == "terminating"
            with pytest.raises(RemoteError, match="is being deleted") as caught:
                cluster.create_service_account(subject, {})
            assert caught.value.code == "NamespaceTerminating"
        finally:
            free = '{"metadata":{"finalizers":null}}'
            kubectl("patch", "configmap", "held", "-n", subject.namespace, "--type=merge", "-p", free)

    def test_an_invalid_name_keeps_the_servers_words(
        self, cluster: KubernetesCluster, namespace: str
    ) -> None:
        with pytest.raises(RemoteError, match=r"could not create serviceaccount .*/X_: .*Invalid value"):
            cluster.create_service_account(Subject(namespace, "X_"), {})

    def test_two_threads_may_share_a_connection(self, cluster: KubernetesCluster, namespace: str) -> None:
        subjects = [Subject(namespace, f"app-{number}") for number in range(8)]
        with ThreadPoolExecutor() as threads:
            made = list(threads.map(lambda subject: cluster.create_service_account(subject, {}), subjects))
        assert all(made)


class TestAnnotating:
    def test_a_plain_one_keeps_everything_else(
        self, cluster: KubernetesCluster, kubectl: Kubectl, subject: Subject
    ) -> None:
        kubectl("create", "serviceaccount", subject.name, "-n", subject.namespace)
        kubectl("label", "serviceaccount", subject.name, "-n", subject.namespace, "team=web")
        kubectl("annotate", "serviceaccount", subject.name, "-n", subject.namespace, "note=kept")
        self.apply(cluster, subject, {ROLE: "r"})
        shown = json.loads(kubectl("get", "sa", subject.name, "-n", subject.namespace, "-o", "json").stdout)
        assert shown["metadata"]["annotations"] == {"note": "kept", ROLE: "r"}
        assert shown["metadata"]["labels"] == {"team": "web"}

    def test_a_dry_run_changes_nothing(self, cluster: KubernetesCluster, subject: Subject) -> None:
        before = cluster.create_service_account(subject, {})
        assert self.apply(cluster, subject, {ROLE: "r"}, dry_run=True).annotations == {ROLE: "r"}
        assert cluster.read_service_account(subject) == before

    def test_a_field_of_another_manager_is_refused_with_both_named(
        self, cluster: KubernetesCluster, subject: Subject
    ) -> None:
        cluster.create_service_account(subject, {ROLE: "theirs"}, field_manager="helm")
        with pytest.raises(Refused, match=rf"annotation {ROLE} \(helm\); .*<force_conflicts>"):
            self.apply(cluster, subject, {ROLE: "ours"})

    def test_force_takes_the_field_over(self, cluster: KubernetesCluster, subject: Subject) -> None:
        cluster.create_service_account(subject, {ROLE: "theirs"}, field_manager="helm")
        taken = self.apply(cluster, subject, {ROLE: "ours"}, force=True)
        assert taken.managers[ROLE] == frozenset({"kubectl-iamsa"})

    def test_a_stale_version_is_told_apart(
        self, cluster: KubernetesCluster, kubectl: Kubectl, subject: Subject
    ) -> None:
        read = cluster.create_service_account(subject, {})
        assert read
        kubectl("label", "serviceaccount", subject.name, "-n", subject.namespace, "team=web")
        with pytest.raises(RemoteError, match="was changed concurrently") as caught:
            cluster.apply_annotations(
                subject, {ROLE: "r"}, resource_version=read.resource_version, force=True
            )
        assert caught.value.code == "Conflict"

    def apply(
        self,
        cluster: KubernetesCluster,
        subject: Subject,
        annotations: dict[str, str],
        *,
        force: bool = False,
        dry_run: bool = False,
    ) -> Any:
        read = cluster.read_service_account(subject)
        assert read
        version = read.resource_version
        return cluster.apply_annotations(
            subject, annotations, resource_version=version, force=force, dry_run=dry_run
        )


class TestNamespace:
    def test_an_active_one(self, cluster: KubernetesCluster, namespace: str) -> None:
        assert cluster.namespace_state(namespace) == "active"

    def test_a_missing_one(self, cluster: KubernetesCluster) -> None:
        assert cluster.namespace_state("no-such") == "missing"

    def test_it_can_be_made_twice(self, cluster: KubernetesCluster, namespace: str) -> None:
        cluster.create_namespace(f"{namespace}-2")
        cluster.create_namespace(f"{namespace}-2")
        assert cluster.namespace_state(f"{namespace}-2") == "active"

    def test_a_dry_run_makes_none(self, cluster: KubernetesCluster, namespace: str) -> None:
        cluster.create_namespace(f"{namespace}-2", dry_run=True)
        assert cluster.namespace_state(f"{namespace}-2") == "missing"


class TestQuestions:
    def test_the_issuer(self, cluster: KubernetesCluster, world: World) -> None:
        assert cluster.issuer() == world.issuer

    def test_what_we_may(self, cluster: KubernetesCluster, narrow: KubernetesCluster) -> None:
        assert cluster.may("create", "serviceaccounts", "default") is True
        assert narrow.may("create", "serviceaccounts", "default") is False


class TestNarrowUser:
    def test_the_state_of_a_namespace_is_unknown(self, narrow: KubernetesCluster) -> None:
        assert narrow.namespace_state(narrow.connection.namespace) == "unknown"

    def test_the_issuer_is_unknown(self, narrow: KubernetesCluster) -> None:
        assert narrow.issuer() is None

    def test_pods_elsewhere_are_unknown(self, narrow: KubernetesCluster) -> None:
        assert narrow.running_pods(Subject("default", "app")) is None

    def test_reading_elsewhere_is_denied_by_name(self, narrow: KubernetesCluster) -> None:
        with pytest.raises(Denied) as caught:
            narrow.read_service_account(Subject("default", "app"))
        assert caught.value.action == "get serviceaccounts in namespace default"

    def test_to_act_as_somebody_is_denied_by_name(self, world: World) -> None:
        config = world.variables["WORLD_KUBECONFIG_NARROW"]
        with pytest.raises(Denied) as caught:
            reach(world, kubeconfig=config, as_user="bob").read_service_account(Subject("narrow", "app"))
        assert caught.value.action == "impersonate users"


def test_to_act_as_somebody_is_sent_with_all_groups(world: World) -> None:
    acting = reach(world, as_user="bob", as_groups=("dev", "system:masters"))
    assert acting.namespace_state("default") == "active"


def test_a_token_that_is_refused_says_how_to_look(world: World) -> None:
    stranger = reach(world, token="k8s-aws-v1.nonsense")
    with pytest.raises(RemoteError, match=r"rejected the credentials .*auth whoami"):
        stranger.namespace_state("default")


def test_a_context_of_the_world_proves_its_certificate_authority(cluster: KubernetesCluster) -> None:
    assert len(cluster.connection.verified_ca) == 1


def test_the_user_agent_is_ours(world: World, control: Control) -> None:
    reach(world, user_agent="kubectl-iamsa/1.2.3").namespace_state("default")
    assert [call["user_agent"] for call in control.calls() if call["upstream"] == "kube"] == [
        "kubectl-iamsa/1.2.3"
    ]


class TestFaults:
    def kube_calls(self, control: Control) -> int:
        return sum(call["action"].endswith(":serviceaccounts") for call in control.calls())

    @pytest.mark.parametrize(
        "effect",
        [{"status": 503}, {"status": 429}, {"status": 500}, {"drop": "before"}, {"drop": "after"}],
        ids=str,
    )
    def test_a_read_is_sent_again(
        self, effect: dict[str, Any], cluster: KubernetesCluster, control: Control, subject: Subject
    ) -> None:
        control.fault("kube", "kube:get:serviceaccounts", effect, times=2)
        assert cluster.read_service_account(subject) is None

    @pytest.mark.parametrize("effect", [{"status": 503}, {"status": 500}, {"drop": "after"}], ids=str)
    def test_a_write_is_not(
        self, effect: dict[str, Any], cluster: KubernetesCluster, control: Control, subject: Subject
    ) -> None:
        control.fault("kube", "kube:create:serviceaccounts", effect, times=None)
        with pytest.raises(RemoteError):
            cluster.create_service_account(subject, {})
        assert self.kube_calls(control) == 1

    def test_a_write_that_was_put_off_is(
        self, cluster: KubernetesCluster, control: Control, subject: Subject
    ) -> None:
        control.fault("kube", "kube:create:serviceaccounts", {"status": 429})
        assert cluster.create_service_account(subject, {})

    def test_a_rehearsal_is(self, cluster: KubernetesCluster, control: Control, subject: Subject) -> None:
        control.fault("kube", "kube:create:serviceaccounts", {"status": 503})
        assert cluster.create_service_account(subject, {}, dry_run=True)

    def test_a_read_gives_up_after_five_attempts(
        self, cluster: KubernetesCluster, control: Control, subject: Subject
    ) -> None:
        control.fault("kube", "kube:get:serviceaccounts", {"status": 503}, times=None)
        with pytest.raises(RemoteError, match="returned 503"):
            cluster.read_service_account(subject)
        assert self.kube_calls(control) == 5


class TestPods:
    def settle(self, look: Callable[[], tuple[PodOwner, ...] | None], expected: tuple[PodOwner, ...]) -> None:
        for _ in range(100):
            if look() == expected:
                break
            time.sleep(0.1)
        assert look() == expected

    def test_a_deployments_and_bare_pods_are_named_by_what_restarts_them(
        self, cluster: KubernetesCluster, kubectl: Kubectl, subject: Subject
    ) -> None:
        cluster.create_service_account(subject, {})
        spec = {"serviceAccountName": subject.name, "containers": [{"name": "c", "image": "i"}]}
        labels = {"app": "web"}
        deployment = {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "web"},
            "spec": {
                "replicas": 2,
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": spec},
            },
        }
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "bare"}, "spec": spec}
        for item in (deployment, pod):
            made = kubectl("apply", "-n", subject.namespace, "-f", "-", stdin=json.dumps(item))
            assert made.returncode == 0, made.stderr
        self.settle(
            lambda: cluster.running_pods(subject), (PodOwner("Deployment", "web"), PodOwner("Pod", "bare"))
        )

    def test_pods_that_are_not_meant_are_left_out(
        self, cluster: KubernetesCluster, kubectl: Kubectl, subject: Subject
    ) -> None:
        cluster.create_service_account(subject, {})
        env = [{"name": "AWS_ROLE_ARN", "value": "arn"}]
        container = {"name": "c", "image": "i", "env": env}
        spec = {"serviceAccountName": subject.name, "containers": [container]}
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "bare"}, "spec": spec}
        kubectl("apply", "-n", subject.namespace, "-f", "-", stdin=json.dumps(pod))
        assert cluster.running_pods(subject) == (PodOwner("Pod", "bare"),)
        assert cluster.running_pods(subject, lambda pod: pod.spec.containers[0].role != "arn") == ()
