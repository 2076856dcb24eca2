# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of the module iam_serviceaccount: the document that the command prints, and its main values."""

from __future__ import annotations

from typing import Any

from ..documents.document import Document
from ..documents.outcome import delete_document, outcome_document
from ..jobs.run import DryRun
from ..model.outcome import DeleteResult, Outcome
from .words import worded


def outcome_result(outcome: Outcome, dry_run: DryRun) -> dict[str, Any]:
    """Return the result of state present."""
    document = worded(outcome_document(outcome, dry_run))
    return {**_result(document, outcome.role.arn), "restarts": document["status"]["run"]["restarts"]}


def delete_result(removed: DeleteResult, dry_run: DryRun) -> dict[str, Any]:
    """Return the result of state absent."""
    return _result(worded(delete_document(removed, dry_run)), removed.role_arn)


def absent_result(name: str, namespace: str) -> dict[str, Any]:
    """Return the result of state absent if there was nothing to delete."""
    service_account = {"name": name, "namespace": namespace}
    return {
        "changed": False,
        "service_account": service_account,
        "role_arn": None,
        "service_account_role": None,
        "steps": [],
    }


def _result(document: Document, role_arn: str | None) -> dict[str, Any]:
    subject, run = document["metadata"], document["status"]["run"]
    return {
        "changed": run["changed"],
        "service_account": {"name": subject["name"], "namespace": subject["namespace"]},
        "role_arn": role_arn,
        "service_account_role": document,
        "steps": run["steps"],
    }
