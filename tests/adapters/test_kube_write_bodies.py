# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every write to an existing ServiceAccount holds for the version that was read, and for no other."""

from __future__ import annotations

import json
from typing import Any

import pytest
from adapters.kube_reads import APP, SERVICE_ACCOUNT
from adapters.made_up_cluster import made_up_cluster, refusal

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.client import KubernetesCluster


def sent(write: Any) -> Any:
    """The body of the one request that a write makes."""
    with made_up_cluster() as (server, cluster, _):
        server.replies = [(200, {}, SERVICE_ACCOUNT)]
        server.bodies.clear()
        write(cluster)
        (body,) = server.bodies
        return json.loads(body)


def apply(cluster: KubernetesCluster) -> object:
    return cluster.apply_annotations(APP, {"a": "b"}, resource_version="7", force=False)


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_delete_names_the_uid_and_the_version(dry_run: bool) -> None:
    body = sent(
        lambda cluster: cluster.delete_service_account(APP, uid="u", resource_version="7", dry_run=dry_run)
    )
    assert body["preconditions"] == {"uid": "u", "resourceVersion": "7"}
    assert body.get("dryRun") == (["All"] if dry_run else None)


def test_an_apply_names_the_version() -> None:
    assert sent(apply)["metadata"] == {
        "name": APP.name,
        "namespace": APP.namespace,
        "annotations": {"a": "b"},
        "resourceVersion": "7",
    }


def test_a_patch_names_the_version() -> None:
    body = sent(lambda cluster: cluster.patch_annotations(APP, {"a": None}, resource_version="7"))
    assert body == {"metadata": {"annotations": {"a": None}, "resourceVersion": "7"}}


def test_a_conflict_of_field_managers_names_the_annotation_and_its_owner() -> None:
    status, headers, document = refusal(409, "Conflict")
    cause = {
        "reason": "FieldManagerConflict",
        "field": ".metadata.annotations.a",
        "message": 'conflict with "helm" using v1',
    }
    with made_up_cluster() as (server, cluster, _):
        server.replies = [(status, headers, {**document, "details": {"causes": [cause]}})]
        with pytest.raises(Refused, match=r"annotation a \(helm\)"):
            apply(cluster)
