# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An API server in memory, as far as only doctor asks it: namespaces, pods, workloads and webhooks."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.kube.http.connection import Connection
from ansible_collections.iamsa.eks.plugins.module_utils.kube.http.request import Request
from ansible_collections.iamsa.eks.plugins.module_utils.kube.http.transport import Answer
from ansible_collections.iamsa.eks.plugins.module_utils.model.pods import FILE_VARIABLE, ROLE_VARIABLE

if TYPE_CHECKING:
    from unit.fakes.kubernetes import InMemoryCluster

TOKEN = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token"
Json = dict[str, Any]


class InMemoryConnection(Connection):
    """Shows nothing of its webhook, which tells new pods what their ServiceAccount's annotation says.

    `pods` are documents, as `pod` makes them, and `workloads` documents by their paths.
    """

    def __init__(self, cluster: InMemoryCluster, verified_ca: frozenset[bytes]) -> None:
        self.verified_ca = verified_ca
        self.server = "https://demo.example"
        self.namespace = "web"
        self.pods: list[Json] = []
        self.workloads: dict[str, Json] = {}
        self._cluster = cluster

    def send(self, request: Request) -> Answer:
        found = self._cluster.wire.send(f"{request.verb} {request.resource}", lambda: self._found(request))
        return Answer(404 if found is None else 200, {}, json.dumps(found).encode())

    def _found(self, request: Request) -> Json | None:
        match request.verb, request.resource:
            case "get", "namespaces":
                return {"metadata": {"labels": {}}} if self._has(request.name) else None
            case "list", "pods":
                return {"items": [one for one in self.pods if _is_chosen(one, request)]}
            case "create", "pods" if request.body:
                return self._told(request.body)
            case "list", "mutatingwebhookconfigurations":
                return {"items": []}
        return self.workloads.get(request.path)

    def _has(self, namespace: str) -> bool:
        return self._cluster.namespaces.get(namespace, "missing") != "missing"

    def _told(self, body: Mapping[str, Any]) -> Json:
        made: Json = copy.deepcopy(dict(body))
        subject = Subject(made["metadata"]["namespace"], made["spec"]["serviceAccountName"])
        there = self._cluster.service_accounts.get(subject)
        role = there.annotations.get(ANNOTATION_ROLE_ARN) if there else None
        if role is not None:
            env = {ROLE_VARIABLE: role, FILE_VARIABLE: TOKEN}
            made["spec"]["containers"][0]["env"] = [
                {"name": name, "value": value} for name, value in env.items()
            ]
        return made


def pod(subject: Subject, name: str = "app-1") -> Json:
    """One that was told nothing."""
    return {
        "metadata": {"name": name, "namespace": subject.namespace},
        "spec": {"serviceAccountName": subject.name, "containers": [{"name": "app"}]},
    }


def _is_chosen(one: Json, request: Request) -> bool:
    """Of the selectors, only the one by ServiceAccount is kept to."""
    name = one["spec"]["serviceAccountName"]
    chosen = request.query.get("fieldSelector", "")
    is_theirs = "serviceAccountName=" not in chosen or f"serviceAccountName={name}," in chosen
    return request.namespace in ("", one["metadata"]["namespace"]) and is_theirs
