# SPDX-License-Identifier: GPL-3.0-or-later

"""The documents that a diff compares: one for each resource that a run may change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..identity.keys import MANAGED_ANNOTATIONS
from ..model.observed import ClusterFacts, Observed

Snapshot = Mapping[str, Any]


def snapshot(cluster: ClusterFacts, observed: Observed) -> Snapshot:
    """Title to document; None if the resource does not exist. Contains only iamsa's annotations."""
    role, provider = observed.role, cluster.provider
    title = f"role/{observed.role_name}"
    found: dict[str, Any] = {
        f"namespace/{name}": None if state == "missing" else {"name": name}
        for name, state in observed.namespaces.items()
    }
    found[f"oidc-provider/{cluster.cluster.claim_prefix}"] = provider and {
        "audiences": list(provider.audiences)
    }
    found[title] = role and {
        "arn": role.arn,
        "description": role.description or "",
        "maxSessionDuration": role.max_session_duration,
        "permissionsBoundary": role.permissions_boundary or "",
        "tags": dict(sorted(role.tags.items())),
    }
    found[f"{title} trust policy"] = role and role.trust
    found[f"{title} policies"] = {"attached": sorted(observed.attached)} if observed.attached else None
    for name, document in observed.inline.items():
        found[f"{title} inline policy {name}"] = document if document is not None else "(not read)"
    for subject, service_account in observed.service_accounts.items():
        found[f"serviceaccount/{subject.name} in namespace {subject.namespace}"] = service_account and {
            "annotations": {
                key: service_account.annotations[key]
                for key in MANAGED_ANNOTATIONS
                if key in service_account.annotations
            },
            **({"markedForDeletion": True} if service_account.deleting else {}),
        }
    for subject, record in observed.bindings.items():
        found[f"{record.binding} of serviceaccount/{subject.name} in namespace {subject.namespace}"] = dict(
            record.shown
        )
    return found
