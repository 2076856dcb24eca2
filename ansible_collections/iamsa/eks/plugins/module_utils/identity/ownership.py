# SPDX-License-Identifier: GPL-3.0-or-later

"""Who owns a role, told by its tags, and who owns a ServiceAccount, told by its marker annotation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from .cluster import ClusterRef
from .keys import (
    ANNOTATION_MARKER,
    FOREIGN_TOOLS,
    MANAGER,
    TAG_ADOPTED,
    TAG_CLUSTER,
    TAG_ISSUER,
    TAG_MANAGER,
    TAG_NAMESPACE,
    TAG_SERVICE_ACCOUNT,
)
from .subject import Subject

# These three say for whom the role is; manager and issuer may be missing and are then put back.
_IDENTITY = (TAG_CLUSTER, TAG_NAMESPACE, TAG_SERVICE_ACCOUNT)


class Ownership(NamedTuple):
    """Whose a role is.

    `ours`: made by iamsa for this ServiceAccount of this cluster. `rebound`: the same, but of an earlier
    cluster of that name (`issuer` tells its issuer). `foreign`: anything else, `owner` says whose in words.
    """

    verdict: Literal["ours", "rebound", "foreign"]
    owner: str = ""
    issuer: str = ""
    is_another_service_accounts: bool = False


def ownership_tags(cluster: ClusterRef, subject: Subject) -> dict[str, str]:
    """The tags that make a role ours."""
    return {
        TAG_MANAGER: MANAGER,
        TAG_CLUSTER: cluster.id,
        TAG_ISSUER: cluster.issuer,
        TAG_NAMESPACE: subject.namespace,
        TAG_SERVICE_ACCOUNT: subject.name,
    }


def marker(cluster: ClusterRef, subject: Subject) -> dict[str, str]:
    """The annotation of a ServiceAccount that iamsa itself made."""
    return {ANNOTATION_MARKER: f"{cluster.id}/{subject.namespace}/{subject.name}"}


def role_owner(tags: Mapping[str, str], cluster: ClusterRef, subject: Subject) -> Ownership:
    """Judge a role's tags; they decide alone, whatever its name."""
    wanted = ownership_tags(cluster, subject)
    if tags.get(TAG_MANAGER, MANAGER) == MANAGER and all(tags.get(key) == wanted[key] for key in _IDENTITY):
        issuer = tags.get(TAG_ISSUER, cluster.issuer)
        return Ownership("ours") if issuer == cluster.issuer else Ownership("rebound", issuer=issuer)
    another = tags.get(TAG_MANAGER, MANAGER) == MANAGER and all(key in tags for key in _IDENTITY)
    return Ownership("foreign", owner=_owner_in_words(tags), is_another_service_accounts=another)


def managing_tool(tags: Mapping[str, str]) -> str:
    """The tool that a role's tags name as its manager, other than iamsa; "" where they name none."""
    manager = tags.get(TAG_MANAGER, MANAGER)
    if manager != MANAGER:
        return manager
    for words, tool in FOREIGN_TOOLS:
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
        return f"is managed by {tool}, as its tags say"
    return "was not made by iamsa for this ServiceAccount"


def owner_tags(tags: Mapping[str, str], cluster: ClusterRef, subject: Subject) -> dict[str, str]:
    """The tags that a role that is there must have to be the ServiceAccount's, whoever made it."""
    return {**ownership_tags(cluster, subject), **adoption_tag(tags, cluster, subject)}


def adoption_tag(tags: Mapping[str, str], cluster: ClusterRef, subject: Subject) -> dict[str, str]:
    """What tells that a role which others made was taken over; nothing of one of our own."""
    is_foreign = role_owner(tags, cluster, subject).verdict == "foreign"
    return {TAG_ADOPTED: "true"} if is_foreign else {}
