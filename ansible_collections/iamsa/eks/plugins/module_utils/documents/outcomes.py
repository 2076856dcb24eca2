# SPDX-License-Identifier: GPL-3.0-or-later

"""The document that runs over many ServiceAccounts print."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import IamsaError
from ..identity.cluster import ClusterRef
from ..identity.subject import Subject
from ..model.outcome import DeleteResult, Outcome
from .document import Document, list_document, role_document
from .outcome import delete_document, outcome_document
from .verification import error_part


def outcomes_document(
    cluster: ClusterRef, results: Iterable[tuple[Subject, Outcome | DeleteResult | IamsaError]], dry_run: str
) -> Document:
    """Return a ServiceAccountRoleList; a ServiceAccount that failed has only `status.error`."""
    return list_document(cluster, (_item(cluster, subject, result, dry_run) for subject, result in results))


def _item(
    cluster: ClusterRef, subject: Subject, result: Outcome | DeleteResult | IamsaError, dry_run: str
) -> Document:
    if isinstance(result, IamsaError):
        return role_document(subject, cluster, {"error": error_part(result)})
    if isinstance(result, DeleteResult):
        return delete_document(result, dry_run)
    return outcome_document(result, dry_run)
