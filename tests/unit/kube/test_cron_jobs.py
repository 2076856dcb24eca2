# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A CronJob has no selector: its pods are those of the Jobs that its controller names after it."""

from __future__ import annotations

from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.kube.api import pods, workloads

CRON_JOB = {
    "spec": {
        "schedule": "@daily",
        "jobTemplate": {"spec": {"template": {"spec": {"serviceAccountName": "my-sa"}}}},
    }
}


def pod(name: str, owner: str, kind: str = "Job") -> dict[str, Any]:
    owners = [{"kind": kind, "name": owner, "controller": True}]
    return {"metadata": {"name": name, "namespace": "web", "ownerReferences": owners}, "spec": {}}


class Connection:
    """Answers with the CronJob, and with pods of all its neighbors."""

    paths: tuple[str, ...] = ()

    def ask(self, request: Any, **_ignored: Any) -> Any:
        self.paths += (request.path,)
        return CRON_JOB

    def send(self, request: Any) -> Any:
        self.paths += (request.path,)
        return type("Answer", (), {"status": 200})()

    def decode(self, *_ignored: Any) -> Any:
        owned = [pod("a", "nightly-29000000"), pod("b", "nightly-29000060"), pod("c", "nightly-other")]
        others = [pod("d", "nightly-late-29000000"), pod("e", "nightly-29000000", "ReplicaSet")]
        return {"items": [*owned, *others]}


def test_its_service_account_and_its_pods() -> None:
    connection: Any = Connection()
    workload = workloads.read(connection, "CronJob", "web", "nightly")
    assert (workload.template.service_account, workload.word) == ("my-sa", "cronjob/nightly")
    assert [one.name for one in pods.of_workload(connection, workload)] == ["a", "b"]
    assert connection.paths[0] == "/apis/batch/v1/namespaces/web/cronjobs/nightly"


def test_a_replica_set_is_read_from_its_group() -> None:
    connection: Any = Connection()
    workloads.read(connection, "ReplicaSet", "web", "app-1")
    assert connection.paths == ("/apis/apps/v1/namespaces/web/replicasets/app-1",)
