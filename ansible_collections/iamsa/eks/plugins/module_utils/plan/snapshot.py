# SPDX-License-Identifier: GPL-3.0-or-later

"""What a diff compares: each resource that a run may change, as one plain document before and one after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..identity.keys import MANAGED_ANNOTATIONS
from ..model.observed import ClusterFacts, Observed

Snapshot = Mapping[str, Any]


def snapshot(cluster: ClusterFacts, facts: Observed) -> Snapshot:
    """Title to document, None for what does not exist; only our own annotations of a ServiceAccount."""
    role, provider = facts.role, cluster.provider
    title = f"role/{facts.role_name}"
    found: dict[str, Any] = {
        f"namespace/{name}": None if state == "missing" else {"name": name}
        for name, state in facts.namespaces.items()
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
    found[f"{title} policies"] = {"attached": sorted(facts.attached)} if facts.attached else None
    for name, document in facts.inline.items():
        found[f"{title} inline policy {name}"] = document if document is not None else "(not read)"
    for subject, service_account in facts.service_accounts.items():
        found[f"serviceaccount/{subject.name} in namespace {subject.namespace}"] = service_account and {
            "annotations": {
                key: service_account.annotations[key]
                for key in MANAGED_ANNOTATIONS
                if key in service_account.annotations
            },
            **({"markedForDeletion": True} if service_account.deleting else {}),
        }
    for subject, record in facts.bindings.items():
        found[f"{record.binding} of serviceaccount/{subject.name} in namespace {subject.namespace}"] = dict(
            record.shown
        )
    return found
