# SPDX-License-Identifier: GPL-3.0-or-later

"""The documents that doctor prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..doctor.checks.check import Result
from ..doctor.runner import is_well, verdicts
from ..identity.subject import Subject
from .document import Document, list_document, role_document

if TYPE_CHECKING:
    from ..jobs.doctor import Diagnosis


def diagnosis_document(diagnosis: Diagnosis, subject: Subject) -> Document:
    """Return a ServiceAccountRole."""
    return role_document(subject, diagnosis.cluster, {"diagnosis": diagnosis_part(diagnosis)})


def diagnoses_document(diagnoses: tuple[Diagnosis, ...]) -> Document:
    """Return a ServiceAccountRoleList, whose own status has the checks of the cluster."""
    items = [diagnosis_document(one, one.subject) for one in diagnoses if one.subject]
    alone = next((one for one in diagnoses if one.subject is None), None)
    status = {"diagnosis": diagnosis_part(alone)} if alone else None
    return list_document(diagnoses[0].cluster, items, status)


def diagnosis_part(diagnosis: Diagnosis) -> Document:
    return {
        "well": is_well(diagnosis.results),
        "summary": dict(verdicts(diagnosis.results)),
        "checks": [result_document(result) for result in diagnosis.results],
    }


def result_document(result: Result) -> Document:
    """Return the result of a check. `remedy` is a command line, or "" if there is none."""
    check = result.check
    return {
        "check": check.id,
        "link": check.subject,
        "object": result.object,
        "verdict": result.verdict,
        "looksAt": check.looks_at,
        "what": result.what,
        "explanation": check.explanation,
        "remedy": result.remedy,
        "page": check.page,
    }
