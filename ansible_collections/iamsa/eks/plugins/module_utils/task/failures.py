# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a failed module."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..documents.steps import AnyStep, step_documents
from ..errors import IamsaError, ResourceRef
from .words import in_words


def error_result(error: IamsaError, done: Iterable[AnyStep] = ()) -> dict[str, Any]:
    """Return the message, its parts, and the steps that were completed before the failure."""
    steps, resource = step_documents(done), error.resource
    return {
        "msg": in_words(error.sentence),
        "error": {
            "kind": error.kind,
            "problem": in_words(error.problem),
            "remedy": in_words(error.remedy),
            "resource": str(resource) if isinstance(resource, ResourceRef) else in_words(resource),
        },
        "changed": bool(steps) or error.uncertain,
        "steps": steps,
    }
