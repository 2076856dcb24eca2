# SPDX-License-Identifier: GPL-3.0-or-later

"""Taking things away from ServiceAccounts: single annotations, or the whole, and only as it was read."""

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
    """A JSON merge patch: what is None is removed, whoever has set it; None where the whole is gone.

    Raises RemoteError with code Conflict where the ServiceAccount has changed since: read it again.
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
    """Delete just this one, in just this version; that it is gone already is as good.

    None where it is gone; where finalizers hold it, the ServiceAccount that is marked for deletion.

    Raises RemoteError with code Conflict where it has changed, or another of its name has taken its place.
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
        # With a body the server looks at the body alone; the query says to our own side what it is.
        query={"dryRun": "All"} if dry_run else {},
        body={**options, "dryRun": ["All"]} if dry_run else options,
    )
    answer = connection.send(request)
    if answer.status == 404:
        return None
    if answer.status == 409:
        raise conflict(answer, subject)
    # The answer is the object as it was last stored, or a Status.
    left = service_account(connection.decode(answer, request), subject)
    return left if left.deleting and left.finalizers else None
