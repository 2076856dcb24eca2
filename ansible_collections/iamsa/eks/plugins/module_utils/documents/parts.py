# SPDX-License-Identifier: GPL-3.0-or-later

"""Parts of `status` that the documents of several verbs share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..identity.cluster import ClusterRef
from ..identity.keys import MANAGED_ANNOTATIONS, TAG_ADOPTED
from ..identity.ownership import Ownership, marker, role_owner
from ..identity.subject import Subject
from ..model.association import Association, SeenAssociations
from ..model.role import Provider, Role, RoleUse
from ..plan.status import owner_word
from ..wording.text import Option, Sentence
from .document import UNREAD, Document


def provider_part(provider: Provider | None) -> Document | None:
    return {"arn": provider.arn, "audiences": list(provider.audiences)} if provider else None


def role_part(role: Role) -> Document:
    """Return the fields that every IAM call for a role returns."""
    return {
        "arn": role.arn,
        "name": role.name,
        "path": role.path,
        "permissionsBoundary": role.permissions_boundary,
        "tags": dict(role.tags),
        "trustPolicy": role.trust,
    }


def details_part(role: Role) -> Document:
    """Return the fields that only GetRole returns."""
    return {"description": role.description or "", "maxSessionDuration": role.max_session_duration}


def use_part(use: RoleUse | None) -> Document | None:
    return {"at": use.at, "region": use.region} if use else None


def owner_part(role: Role, cluster: ClusterRef, subject: Subject) -> Document:
    owner = role_owner(role.tags, cluster, subject)
    return {
        "name": owner_word(owner, role.tags),
        "verdict": owner.verdict,
        "words": owner_in_words(owner, role),
    }


def owner_in_words(owner: Ownership, role: Role) -> Sentence:
    if owner.verdict == "unmanaged":
        return f"the role {owner.owner}"
    whose = "this ServiceAccount" if owner.verdict == "ours" else "a ServiceAccount of a deleted cluster"
    words = f"iamsa, for {whose}"
    return words + ", adopted with " + Option("adopt") if TAG_ADOPTED in role.tags else words


def policies_part(attached: Mapping[str, str], inline: Iterable[str]) -> Document:
    """Return the names of policies. `attached` maps ARNs to names."""
    return {
        "managed": [{"name": name, "arn": arn} for arn, name in attached.items()],
        "inline": list(inline),
    }


def service_account_part(annotations: Mapping[str, str], cluster: ClusterRef, subject: Subject) -> Document:
    return {
        "annotations": annotations_part(annotations),
        "madeByIamsa": marker(cluster, subject).items() <= annotations.items(),
    }


def annotations_part(annotations: Mapping[str, str]) -> dict[str, str]:
    """Return the annotations that the webhook or iamsa reads."""
    return {key: annotations[key] for key in MANAGED_ANNOTATIONS if key in annotations}


def associations_part(associations: Iterable[Association] | None) -> Any:
    """Return the associations, or UNREAD for None. `roleArn` is null if it was not read."""
    if associations is None:
        return UNREAD
    return [
        {
            "id": one.id,
            "roleArn": one.role_arn or None,
            "targetRoleArn": one.target_arn or None,
            "ownerArn": one.owner or None,
        }
        for one in associations
    ]


def seen_associations_part(seen: SeenAssociations) -> Any:
    return associations_part(None if seen.unread else seen.items)
