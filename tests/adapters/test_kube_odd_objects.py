# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Objects with next to nothing in them: one of them in a list hides no other."""

from __future__ import annotations

from typing import Any

import pytest
from adapters.made_up_cluster import made_up_cluster

from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.client import KubernetesCluster
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.diagnostics import Diagnostics
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.pod_specs import pod_of
from ansible_collections.iamsa.eks.plugins.module_utils.model.webhook import unmet

APP = Subject("web", "app")
WELL = {"metadata": {"name": "app", "namespace": "web", "annotations": {"a": "b"}}}
SERVICE_ACCOUNTS: list[dict[str, Any]] = [
    {},
    {"metadata": None},
    {"metadata": {"name": "x", "namespace": "web"}},
    *(
        {"metadata": {"name": "x", "namespace": "web", key: None}}
        for key in ("annotations", "managedFields", "labels", "ownerReferences", "finalizers", "uid")
    ),
    *(
        {"metadata": {"name": "x", "namespace": "web", "managedFields": [entry]}}
        for entry in (
            {},
            {"manager": "m"},
            {"manager": "m", "operation": "Apply", "fieldsV1": None},
            {"manager": "m", "operation": "Apply", "fieldsV1": {"f:metadata": None}},
            {"manager": "m", "operation": "Update", "fieldsV1": {"f:metadata": {"f:annotations": None}}},
            {"manager": None, "operation": "Apply", "time": None, "fieldsV1": {}},
        )
    ),
]
CONFIGURATION = {"metadata": {"name": "pod-identity-webhook"}}
WEBHOOKS: list[dict[str, Any]] = [
    {},
    {"metadata": None, "webhooks": None},
    {**CONFIGURATION, "webhooks": None},
    *(
        {**CONFIGURATION, "webhooks": [{"name": "w", **odd}]}
        for odd in (
            {},
            {"clientConfig": None, "rules": None, "namespaceSelector": None, "objectSelector": None},
            {"clientConfig": {"caBundle": None, "service": None}},
            {"clientConfig": {"caBundle": "!"}},
            {"rules": [{"operations": None, "resources": None}]},
            {"objectSelector": {"matchLabels": None, "matchExpressions": None}},
            {"objectSelector": {"matchExpressions": [{"key": "k", "operator": "In", "values": None}]}},
        )
    ),
]
PODS: list[dict[str, Any]] = [
    {},
    {"metadata": None, "spec": None},
    {"spec": {"containers": None, "initContainers": None, "volumes": None}},
    {"spec": {"containers": [{"name": "c", "env": None, "volumeMounts": None}]}},
    {"spec": {"containers": [{"env": [{"name": "A"}, {"name": "B", "valueFrom": None}]}]}},
    {"spec": {"containers": [{"env": [{"name": "B", "valueFrom": {"secretKeyRef": None}}]}]}},
    {"spec": {"volumes": [{"name": "aws-iam-token"}]}},
    {"spec": {"volumes": [{"name": "aws-iam-token", "projected": {"sources": None}}]}},
    {
        "spec": {
            "volumes": [{"name": "aws-iam-token", "projected": {"sources": [{"serviceAccountToken": None}]}}]
        }
    },
    {"metadata": {"ownerReferences": [{"controller": True}], "labels": None, "annotations": None}},
]


def answered(document: Any, look: Any) -> Any:
    with made_up_cluster() as (server, cluster, _):
        server.replies = [(200, {}, document)]
        return look(cluster)


@pytest.mark.parametrize("odd", SERVICE_ACCOUNTS, ids=repr)
def test_a_service_account(odd: dict[str, Any]) -> None:
    def look(cluster: KubernetesCluster) -> Any:
        return cluster.list_service_accounts(None)

    found = answered({"items": [odd, WELL]}, look)
    assert (len(found), found[1].subject, found[1].annotations) == (2, APP, {"a": "b"})


@pytest.mark.parametrize("odd", WEBHOOKS, ids=repr)
def test_a_webhook(odd: dict[str, Any]) -> None:
    well = {**CONFIGURATION, "webhooks": [{"name": "well"}]}
    found = answered({"items": [odd, well]}, lambda cluster: Diagnostics(cluster).webhooks())
    assert found[-1].name == "well"
    for webhook in found:
        assert not webhook.sees_new_pods
        unmet(webhook.object_selector, {"k": "v"})
        unmet(webhook.namespace_selector, {})


@pytest.mark.parametrize("odd", PODS, ids=repr)
def test_a_pod(odd: dict[str, Any]) -> None:
    found = pod_of(odd)
    assert not any(container.is_told for container in found.told)
    assert found.owner
