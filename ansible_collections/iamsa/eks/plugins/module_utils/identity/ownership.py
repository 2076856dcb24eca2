# SPDX-License-Identifier: GPL-3.0-or-later

"""The owner of a role, from its tags, and of a ServiceAccount, from its marker annotation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from .cluster import ClusterRef
from .keys import (
    ANNOTATION_MARKER,
    MANAGER,
    OTHER_TOOLS,
    TAG_ADOPTED,
    TAG_CLUSTER,
    TAG_ISSUER,
    TAG_MANAGER,
    TAG_NAMESPACE,
    TAG_SERVICE_ACCOUNT,
)
from .subject import Subject

# These tags identify the ServiceAccount; missing tags for manager and issuer are restored.
_IDENTITY = (TAG_CLUSTER, TAG_NAMESPACE, TAG_SERVICE_ACCOUNT)


class Ownership(NamedTuple):
    """The owner of a role.

    `ours`: the role belongs to this ServiceAccount of this cluster. `rebound`: it belongs to this
    ServiceAccount of an earlier cluster of the same name, whose issuer is `issuer`. `unmanaged`: all others;
    `owner` describes it, as a predicate such as `is managed by Terraform`.
    """

    verdict: Literal["ours", "rebound", "unmanaged"]
    owner: str = ""
    issuer: str = ""
    is_another_service_accounts: bool = False


def ownership_tags(cluster: ClusterRef, subject: Subject) -> dict[str, str]:
    """The tags of a role that iamsa creates for this ServiceAccount."""
    return {
        TAG_MANAGER: MANAGER,
        TAG_CLUSTER: cluster.id,
        TAG_ISSUER: cluster.issuer,
        TAG_NAMESPACE: subject.namespace,
        TAG_SERVICE_ACCOUNT: subject.name,
    }


def marker(cluster: ClusterRef, subject: Subject) -> dict[str, str]:
    """The annotation of a ServiceAccount that iamsa created."""
    return {ANNOTATION_MARKER: f"{cluster.id}/{subject.namespace}/{subject.name}"}


def role_owner(tags: Mapping[str, str], cluster: ClusterRef, subject: Subject) -> Ownership:
    """The owner of a role with these tags; its name does not matter."""
    wanted = ownership_tags(cluster, subject)
    if tags.get(TAG_MANAGER, MANAGER) == MANAGER and all(tags.get(key) == wanted[key] for key in _IDENTITY):
        issuer = tags.get(TAG_ISSUER, cluster.issuer)
        return Ownership("ours") if issuer == cluster.issuer else Ownership("rebound", issuer=issuer)
    another = tags.get(TAG_MANAGER, MANAGER) == MANAGER and all(key in tags for key in _IDENTITY)
    return Ownership("unmanaged", owner=_owner_in_words(tags), is_another_service_accounts=another)


def managing_tool(tags: Mapping[str, str]) -> str:
    """The tool other than iamsa that manages a role with these tags; "" if there is none."""
    manager = tags.get(TAG_MANAGER, MANAGER)
    if manager != MANAGER:
        return manager
    for words, tool in OTHER_TOOLS:
        if any(key.lower().startswith(words) for key in tags):
            return tool
        if any(value.lower() == words for value in tags.values()):
            return tool
    return ""


def _owner_in_words(tags: Mapping[str, str]) -> str:
    if tags.get(TAG_MANAGER, MANAGER) == MANAGER and all(key in tags for key in _IDENTITY):
        where = tags[TAG_CLUSTER]
        return f"belongs to ServiceAccount {tags[TAG_NAMESPACE]}/{tags[TAG_SERVICE_ACCOUNT]} of {where}"
    tool = managing_tool(tags)
    if tool:
        return f"is managed by {tool} according to its tags"
    return "was not created by iamsa for this ServiceAccount"


def owner_tags(tags: Mapping[str, str], cluster: ClusterRef, subject: Subject) -> dict[str, str]:
    """The tags that an existing role needs to belong to the ServiceAccount, whoever created it."""
    return {**ownership_tags(cluster, subject), **adoption_tag(tags, cluster, subject)}


def adoption_tag(tags: Mapping[str, str], cluster: ClusterRef, subject: Subject) -> dict[str, str]:
    """The tag that marks a role as adopted; {} for a role that belongs to the ServiceAccount already."""
    is_unmanaged = role_owner(tags, cluster, subject).verdict == "unmanaged"
    return {TAG_ADOPTED: "true"} if is_unmanaged else {}
