# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Parts of documents for machines that several kinds have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..identity.cluster import ClusterRef
from ..identity.keys import MANAGED_ANNOTATIONS
from ..model.association import Association, SeenAssociations
from ..model.role import Provider, Role
from ..model.steps.provider import ProviderStep
from ..model.steps.step import Step

API_VERSION = "iamsa/v1alpha1"


def cluster_part(cluster: ClusterRef) -> dict[str, Any]:
    return {"name": cluster.name, "arn": cluster.arn, "region": cluster.region, "issuer": cluster.issuer}


def provider_part(provider: Provider | None) -> dict[str, Any] | None:
    return {"arn": provider.arn, "audiences": list(provider.audiences)} if provider else None


def role_part(role: Role) -> dict[str, Any]:
    """What every read of a role tells; description and session length only GetRole does."""
    return {
        "arn": role.arn,
        "name": role.name,
        "path": role.path,
        "permissionsBoundary": role.permissions_boundary,
        "tags": dict(role.tags),
        "trustPolicy": role.trust,
    }


def policies_part(attached: Mapping[str, str], inline: Iterable[str]) -> dict[str, Any]:
    """`attached` maps ARN to name."""
    return {
        "managed": [{"name": name, "arn": arn} for arn, name in attached.items()],
        "inline": list(inline),
    }


def annotations_part(annotations: Mapping[str, str]) -> dict[str, str]:
    """Those that the webhook or iamsa read."""
    return {key: annotations[key] for key in MANAGED_ANNOTATIONS if key in annotations}


def associations_part(associations: Iterable[Association] | None) -> list[dict[str, Any]] | None:
    """None where they were not read; of a role that was not read, null."""
    if associations is None:
        return None
    return [
        {
            "id": one.id,
            "roleArn": one.role_arn or None,
            "targetRoleArn": one.target_arn or None,
            "ownerArn": one.owner or None,
        }
        for one in associations
    ]


def seen_associations_part(seen: SeenAssociations) -> list[dict[str, Any]] | None:
    return associations_part(None if seen.unread else seen.items)


def step_documents(steps: Iterable[Step | ProviderStep]) -> list[dict[str, Any]]:
    return [
        {
            "verb": step.verb,
            "kind": step.target.kind,
            "name": step.target.name,
            "part": step.target.part,
            "sentence": step.sentence,
        }
        for step in steps
    ]
