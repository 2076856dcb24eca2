# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every method that reads from Kubernetes: what the API server answers, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.kubernetes_cluster import KubernetesCluster
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, NotFound
from ansible_collections.iamsa.eks.plugins.module_utils.model.identity import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model.state import ServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Token

APP = Subject("web", "app")
ACCOUNT = {"metadata": {"name": "app", "namespace": "web", "uid": "u", "resourceVersion": "7"}}
FOUND = ServiceAccount(subject=APP, annotations={}, managers={}, uid="u", resource_version="7")


@dataclass(frozen=True)
class Read:
    """`missing` is what comes of 404, and `unread` what comes of 403: a value, or what is raised, which names
    the `manifest` that allows it."""

    call: Callable[[KubernetesCluster], Any]
    answer: Any
    value: Any
    missing: Any
    unread: Any
    manifest: str = "rbac.yaml"


READS = {
    "read_service_account": Read(
        lambda cluster: cluster.read_service_account(APP), ACCOUNT, FOUND, missing=None, unread=Denied
    ),
    "list_service_accounts": Read(
        lambda cluster: cluster.list_service_accounts("web"),
        {"items": [ACCOUNT]},
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
}
