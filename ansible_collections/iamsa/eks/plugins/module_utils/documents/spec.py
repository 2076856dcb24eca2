# SPDX-License-Identifier: GPL-3.0-or-later

"""The `spec` of a document: the settings that would create the role that was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..bindings.now import BoundNow
from ..identity.arn import parse_role_arn
from ..identity.cluster import ClusterRef
from ..identity.keys import RESERVED_TAGS
from ..identity.ownership import role_owner
from ..identity.subject import Subject
from ..model.observed import ServiceAccount
from ..model.role import Role
from ..model.values import spelled_duration
from .document import UNREAD, Document, read


def binding_spec(service_account: ServiceAccount, now: BoundNow) -> Document:
    """Return the settings for how pods of the ServiceAccount get a role."""
    return {"via": now.kind.name, **now.kind.spec(service_account, now.record)}


def role_spec(
    role: Role,
    cluster: ClusterRef,
    subject: Subject,
    attached: Mapping[str, str],
    inline: Mapping[str, Any] | None,
    *,
    has_details: bool,
) -> Document:
    """Return the settings of a role and its policies, or only the ARN of a role that iamsa does not manage.

    `attached` maps ARNs to names. `inline` maps the names of all inline policies to their documents, or to
    None for documents that were not read. It is None if the names are not known. `has_details` is True if the
    description and the session duration were read.
    """
    if role_owner(role.tags, cluster, subject).verdict == "unmanaged":
        return {"role": {"arn": role.arn}}
    settings = {
        "name": role.name,
        "path": role.path,
        "permissionsBoundary": role.permissions_boundary or UNREAD,
        "tags": {key: role.tags[key] for key in role.tags if not key.lower().startswith(RESERVED_TAGS)},
        "description": (has_details and role.description) or UNREAD,
        "maxSessionDuration": spelled_duration(role.max_session_duration) if has_details else UNREAD,
    }
    return {"policies": _policies(attached, inline), "role": read(settings)}


def elsewhere_spec(named: str) -> Document:
    """Return the ARN of a role in another account, which was not read."""
    return {"role": {"arn": named}} if parse_role_arn(named) else {}


def _policies(attached: Mapping[str, str], inline: Mapping[str, Any] | None) -> Any:
    """Return all policies, or UNREAD if some are not known: an incomplete list would look complete."""
    if inline is None or None in inline.values():
        return UNREAD
    return [*attached, *({"name": name, "document": inline[name]} for name in inline)]
