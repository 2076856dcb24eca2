# SPDX-License-Identifier: GPL-3.0-or-later

"""Patch and delete ServiceAccounts, each only if unchanged since it was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...identity.subject import Subject
from ...model.observed import ServiceAccount
from ..http.connection import Connection
from ..http.request import MERGE, Request
from .service_accounts import conflict, path, service_account, write_query


def patch_annotations(
    connection: Connection,
    subject: Subject,
    changes: Mapping[str, str | None],
    *,
    resource_version: str,
    field_manager: str,
    dry_run: bool = False,
) -> ServiceAccount | None:
    """Set annotations by a JSON merge patch, and remove those whose value is None, whoever owns them.

    Returns the patched ServiceAccount, or None if it no longer exists.

    Raises:
        RemoteError: with code Conflict, if it has changed since; the caller must read it again.
    """
    request = Request(
        "patch",
        "serviceaccounts",
        path(subject),
        subject.namespace,
        subject.name,
        query=write_query(field_manager, dry_run),
        content_type=MERGE,
        body={"metadata": {"annotations": dict(changes), "resourceVersion": resource_version}},
    )
    answer = connection.send(request)
    if answer.status == 404:
        return None
    if answer.status == 409:
        raise conflict(answer, subject)
    return service_account(connection.decode(answer, request), subject)


def delete(
    connection: Connection, subject: Subject, *, uid: str, resource_version: str, dry_run: bool = False
) -> ServiceAccount | None:
    """Delete the ServiceAccount with this UID, in this version.

    Returns None if it no longer exists, or else the ServiceAccount whose finalizers delay the deletion.

    Raises:
        RemoteError: with code Conflict, if it has changed or was deleted and recreated.

    Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/delete-options/
    """
    options: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "preconditions": {"uid": uid, "resourceVersion": resource_version},
    }
    request = Request(
        "delete",
        "serviceaccounts",
        path(subject),
        subject.namespace,
        subject.name,
        # The server ignores the query if there is a body; `Request.changes_nothing` reads the query.
        query={"dryRun": "All"} if dry_run else {},
        body={**options, "dryRun": ["All"]} if dry_run else options,
    )
    answer = connection.send(request)
    if answer.status == 404:
        return None
    if answer.status == 409:
        raise conflict(answer, subject)
    # The server returns the object as last stored, or a Status.
    left = service_account(connection.decode(answer, request), subject)
    return left if left.deleting and left.finalizers else None
