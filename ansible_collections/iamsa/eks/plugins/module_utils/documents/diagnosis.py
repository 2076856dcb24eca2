# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What checks came to, as a document for machines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..doctor.checks.check import Result
from ..doctor.runner import is_well, verdicts
from ..jobs.doctor import Diagnosis
from .parts import API_VERSION

KIND, LIST_KIND = "Diagnosis", "DiagnosisList"


def diagnosis_document(diagnosis: Diagnosis) -> dict[str, Any]:
    """One object of the kind Diagnosis; `metadata` is null where only the cluster was looked at."""
    subject = diagnosis.subject
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {"name": subject.name, "namespace": subject.namespace} if subject else None,
        "well": is_well(diagnosis.results),
        "summary": dict(verdicts(diagnosis.results)),
        "checks": [result_document(result) for result in diagnosis.results],
    }


def diagnoses_document(diagnoses: Iterable[Diagnosis]) -> dict[str, Any]:
    return {
        "apiVersion": API_VERSION,
        "kind": LIST_KIND,
        "items": [diagnosis_document(diagnosis) for diagnosis in diagnoses],
    }


def result_document(result: Result) -> dict[str, Any]:
    """`remedy` is a command line, "" where none can mend it or nothing is to be mended."""
    check = result.check
    return {
        "check": check.id,
        "object": result.object,
        "verdict": result.verdict,
        "looksAt": check.looks_at,
        "what": result.what,
        "explanation": check.explanation,
        "remedy": result.remedy,
        "page": check.page,
    }
