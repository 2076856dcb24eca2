# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every method that reads from Kubernetes: what the API server answers, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, NotFound
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.client import KubernetesCluster
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.diagnostics import Diagnostics
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.model.pods import (
    Container,
    Pod,
    PodTemplate,
    Workload,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Token
from ansible_collections.iamsa.eks.plugins.module_utils.model.webhook import Probe, Webhook

APP = Subject("web", "app")
SERVICE_ACCOUNT = {"metadata": {"name": "app", "namespace": "web", "uid": "u", "resourceVersion": "7"}}
FOUND = ServiceAccount(subject=APP, annotations={}, managers={}, uid="u", resource_version="7")
DOCTOR = "rbac-doctor.yaml"
POD = {
    "metadata": {
        "name": "shop-1",
        "namespace": "web",
        "creationTimestamp": "2026-01-01T00:00:00Z",
        "labels": {"pod-template-hash": "1"},
        "ownerReferences": [{"controller": True, "kind": "ReplicaSet", "name": "shop-1"}],
    },
    "spec": {
        "serviceAccountName": "app",
        "hostNetwork": True,
        "initContainers": [{"name": "init", "volumeMounts": [{"name": "v", "mountPath": "/v"}]}],
        "containers": [
            {
                "name": "main",
                "env": [
                    {"name": "AWS_ROLE_ARN", "value": "arn"},
                    {"name": "AWS_PROFILE", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
                    {"name": "EMPTY"},
                ],
            }
        ],
        "volumes": [
            {"name": "v"},
            {
                "name": "aws-iam-token",
                "projected": {"sources": [{"serviceAccountToken": {"audience": "sts.amazonaws.com"}}]},
            },
        ],
    },
}
SEEN = Pod(
    "web",
    "shop-1",
    PodTemplate(
        "app",
        labels={"pod-template-hash": "1"},
        containers=(
            Container("init", mounts={"/v": "v"}),
            Container("main", {"AWS_ROLE_ARN": "arn", "AWS_PROFILE": None, "EMPTY": ""}),
        ),
        host_network=True,
        token_audience="sts.amazonaws.com",
    ),
    "2026-01-01T00:00:00Z",
    "Deployment",
    "shop",
)
DEPLOYMENT = Workload("Deployment", "web", "shop", PodTemplate("app"), "app=shop")


@dataclass(frozen=True)
class Read:
    """`missing` is what comes of 404, and `unread` what comes of 403: a value, or what is raised, which names
    the `manifest` that allows it, and an action that ends in `place`."""

    call: Callable[[KubernetesCluster], Any]
    answer: Any
    value: Any
    missing: Any
    unread: Any
    manifest: str = "rbac.yaml"
    place: str = " in namespace web"


READS = {
    "read_service_account": Read(
        lambda cluster: cluster.read_service_account(APP), SERVICE_ACCOUNT, FOUND, missing=None, unread=Denied
    ),
    "list_service_accounts": Read(
        lambda cluster: cluster.list_service_accounts("web"),
        {"items": [SERVICE_ACCOUNT]},
        (FOUND,),
        missing=NotFound,
        unread=Denied,
    ),
    "request_token": Read(
        lambda cluster: cluster.request_token(APP, "sts.amazonaws.com"),
        {"status": {"token": "e30.e30.x"}},
        Token("e30.e30.x"),
        missing=None,
        unread=Denied,
        manifest="rbac-verify.yaml",
    ),
    "namespace_state": Read(
        lambda cluster: cluster.namespace_state("web"),
        {"status": {"phase": "Active"}},
        "active",
        missing="missing",
        unread="unknown",
    ),
    "issuer": Read(
        lambda cluster: cluster.issuer(), {"issuer": "https://i"}, "https://i", missing=None, unread=None
    ),
    "may": Read(
        lambda cluster: cluster.may("create", "serviceaccounts", "web"),
        {"status": {"allowed": True}},
        True,
        missing=None,
        unread=None,
    ),
    "running_pods": Read(
        lambda cluster: cluster.running_pods(APP), {"items": []}, (), missing=NotFound, unread=None
    ),
    "pods_of": Read(
        lambda cluster: Diagnostics(cluster).pods_of(APP),
        {"items": [POD]},
        (SEEN,),
        missing=NotFound,
        unread=Denied,
    ),
    "all_pods": Read(
        lambda cluster: Diagnostics(cluster).all_pods("web"),
        {"items": [POD]},
        (SEEN,),
        missing=NotFound,
        unread=Denied,
    ),
    "pods_of_workload": Read(
        lambda cluster: Diagnostics(cluster).pods_of_workload(DEPLOYMENT),
        {"items": [POD]},
        (SEEN,),
        missing=NotFound,
        unread=Denied,
    ),
    "workload": Read(
        lambda cluster: Diagnostics(cluster).workload("Deployment", "web", "shop"),
        {
            "spec": {
                "selector": {"matchLabels": {"app": "shop"}},
                "template": {"spec": {"serviceAccountName": "app"}},
            }
        },
        DEPLOYMENT,
        missing=NotFound,
        unread=Denied,
        manifest=DOCTOR,
    ),
    "webhooks": Read(
        lambda cluster: Diagnostics(cluster).webhooks(),
        {
            "items": [
                {"metadata": {"name": "other"}, "webhooks": [{"name": "other"}]},
                {
                    "metadata": {"name": "pod-identity-webhook"},
                    "webhooks": [
                        {
                            "name": "w",
                            "clientConfig": {"url": "https://w"},
                            "failurePolicy": "Ignore",
                            "rules": [{"resources": ["pods"]}],
                            "objectSelector": {"matchLabels": {"a": "b"}},
                        }
                    ],
                },
            ]
        },
        (
            Webhook(
                "pod-identity-webhook",
                "w",
                url="https://w",
                rules=({"resources": ["pods"]},),
                failure_policy="Ignore",
                object_selector={"matchLabels": {"a": "b"}},
            ),
        ),
        missing=NotFound,
        unread=Denied,
        manifest=DOCTOR,
        place="list mutatingwebhookconfigurations",
    ),
    "probe": Read(
        lambda cluster: Diagnostics(cluster).probe(APP),
        POD,
        Probe(is_told=True),
        missing=NotFound,
        unread=Denied,
        manifest=DOCTOR,
    ),
    "namespace_labels": Read(
        lambda cluster: Diagnostics(cluster).namespace_labels("web"),
        {"metadata": {"labels": {"team": "web"}}},
        {"team": "web"},
        missing=None,
        unread=Denied,
        manifest=DOCTOR,
        place="get namespaces",
    ),
    "has_daemon_set": Read(
        lambda cluster: Diagnostics(cluster).has_daemon_set("web", "agent"),
        {"metadata": {"name": "agent"}},
        True,
        missing=False,
        unread=Denied,
        manifest=DOCTOR,
    ),
}
