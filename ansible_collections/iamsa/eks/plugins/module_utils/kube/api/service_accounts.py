# SPDX-License-Identifier: GPL-3.0-or-later

"""Read, create and annotate ServiceAccounts; a missing one is None."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...errors import CONFLICT, Refused, RemoteError
from ...identity.subject import Subject, service_account_ref
from ...model.observed import ServiceAccount
from ...wording.text import RUN_AGAIN, Option
from ..config.text import one_line
from ..http.connection import Connection
from ..http.errors import causes
from ..http.request import APPLY, Request
from ..http.transport import Answer

_MANAGER = re.compile(r'conflict with "([^"]*)"')


def read(connection: Connection, subject: Subject) -> ServiceAccount | None:
    """Return the ServiceAccount, or None if it does not exist.

    Raises:
        Denied: the caller is not allowed to read it.
    """
    request = Request("get", "serviceaccounts", path(subject), subject.namespace, subject.name)
    document = connection.ask(request, none_on=(404,))
    return None if document is None else service_account(document, subject)


def create(
    connection: Connection,
    subject: Subject,
    annotations: Mapping[str, str],
    *,
    field_manager: str,
    dry_run: bool = False,
) -> ServiceAccount | None:
    """Create the ServiceAccount; None if it already exists, and the caller must read it again.

    Raises:
        NotFound: the namespace does not exist.
    """
    request = Request(
        "create",
        "serviceaccounts",
        f"/api/v1/namespaces/{subject.namespace}/serviceaccounts",
        subject.namespace,
        subject.name,
        query=write_query(field_manager, dry_run),
        body={
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {
                "name": subject.name,
                "namespace": subject.namespace,
                "annotations": dict(annotations),
            },
        },
    )
    document = connection.ask(request, none_on=(409,))
    return None if document is None else service_account(document, subject)


def apply_annotations(
    connection: Connection,
    subject: Subject,
    annotations: Mapping[str, str],
    *,
    resource_version: str,
    force: bool,
    field_manager: str,
    dry_run: bool = False,
) -> ServiceAccount:
    """Set exactly these annotations by server-side apply, on the version that was read.

    Raises:
        Refused: another field manager owns one of them, and `force` is false.
        RemoteError: with code Conflict, if the ServiceAccount has changed since; the caller must read it
            again.

    Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/
    """
    request = Request(
        "patch",
        "serviceaccounts",
        path(subject),
        subject.namespace,
        subject.name,
        query={**write_query(field_manager, dry_run), "force": str(force).lower()},
        content_type=APPLY,
        body={
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {
                "name": subject.name,
                "namespace": subject.namespace,
                "annotations": dict(annotations),
                "resourceVersion": resource_version,
            },
        },
    )
    answer = connection.send(request)
    if answer.status == 409:
        raise conflict(answer, subject)
    return service_account(connection.decode(answer, request), subject)


def write_query(field_manager: str, dry_run: bool) -> dict[str, str]:
    """Return the query parameters of a write."""
    return {"fieldManager": field_manager, **({"dryRun": "All"} if dry_run else {})}


def annotation_managers(managed_fields: Any) -> dict[str, frozenset[str]]:
    """Return the field managers that own each annotation, by its key, from metadata.managedFields."""
    owners: dict[str, set[str]] = {}
    for entry in managed_fields or ():
        fields = (entry.get("fieldsV1") or {}).get("f:metadata") or {}
        for field in fields.get("f:annotations") or {}:
            if field.startswith("f:"):
                owners.setdefault(field[2:], set()).add(entry.get("manager") or "unknown")
    return {key: frozenset(names) for key, names in owners.items()}


def annotation_times(managed_fields: Any) -> dict[str, str]:
    """Return when each annotation was last written (RFC 3339), by its key, from metadata.managedFields.

    Kubernetes keeps one time for all fields of a manager.
    """
    found: dict[str, str] = {}
    for entry in managed_fields or ():
        at = entry.get("time") or ""
        for key in annotation_managers([entry]) if at else ():
            found[key] = min(at, found.get(key, at))
    return found


def appliers(managed_fields: Any) -> frozenset[str]:
    """Return the field managers that own other fields than annotations by server-side apply."""
    found = set()
    for entry in managed_fields or ():
        fields = entry.get("fieldsV1") or {}
        only_annotations = set(fields) <= {"f:metadata"} and set(fields.get("f:metadata") or {}) <= {
            "f:annotations"
        }
        if entry.get("operation") == "Apply" and not only_annotations:
            found.add(entry.get("manager") or "unknown")
    return frozenset(found)


def path(subject: Subject) -> str:
    """Return the path of the ServiceAccount on the API server."""
    return f"/api/v1/namespaces/{subject.namespace}/serviceaccounts/{subject.name}"


def conflict(answer: Answer, subject: Subject) -> Refused | RemoteError:
    """Return the error for an answer with status 409."""
    owned = [_owned_field(cause) for cause in causes(answer) if cause.get("reason") == "FieldManagerConflict"]
    if owned:
        return Refused(
            f"serviceaccount {subject} has fields owned by other field managers: {', '.join(owned)}",
            remedy="to overwrite them, add " + Option("force_conflicts"),
            resource=service_account_ref(subject),
        )
    return RemoteError(
        f"serviceaccount {subject} was changed concurrently",
        code=CONFLICT,
        remedy=RUN_AGAIN,
        resource=service_account_ref(subject),
    )


def _owned_field(cause: Mapping[str, Any]) -> str:
    """Return `annotation KEY (helm)` for the server's `conflict with "helm" using v1`."""
    field = str(cause.get("field") or "").replace(".metadata.annotations.", "annotation ")
    manager = _MANAGER.search(str(cause.get("message") or ""))
    return one_line(f"{field} ({manager[1] if manager else 'unknown'})")


def service_account(document: Mapping[str, Any], subject: Subject) -> ServiceAccount:
    """Convert a ServiceAccount document."""
    metadata = document.get("metadata") or {}
    return ServiceAccount(
        subject=subject,
        annotations=metadata.get("annotations") or {},
        managers=annotation_managers(metadata.get("managedFields")),
        appliers=appliers(metadata.get("managedFields")),
        uid=metadata.get("uid") or "",
        resource_version=metadata.get("resourceVersion") or "",
        deleting="deletionTimestamp" in metadata,
        finalizers=tuple(metadata.get("finalizers") or ()),
        written_at=annotation_times(metadata.get("managedFields")),
    )
