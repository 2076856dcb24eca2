"""Lists what a delete will delete, for its question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.kubernetes import (
    DeleteServiceAccount,
    PatchAnnotations,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.role import (
    DeleteInlinePolicy,
    DeleteRole,
    DetachPolicy,
    UntagRole,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step


def to_delete(steps: Sequence[Step], before: Mapping[str, Any]) -> list[str]:
    """Return the objects that the steps delete, and the parts of objects that they keep."""
    deleted = {step.target.name for step in steps if isinstance(step, DeleteServiceAccount)}
    return [line for step in steps for line in _lines(step, before, deleted)]


def _lines(step: Step, before: Mapping[str, Any], deleted: set[str]) -> Iterator[str]:
    match step:
        case DeleteServiceAccount():
            yield f"serviceaccount {step.subject}"
        case PatchAnnotations():
            if step.target.name not in deleted:
                yield from (f"annotation {key} of serviceaccount {step.subject}" for key in step.changes)
        case DeleteRole():
            yield f"role {(before.get(str(step.target)) or {}).get('arn', step.target.name)}"
        case DeleteInlinePolicy():
            yield f"inline policy {step.name} of role {step.role_name}"
        case DetachPolicy():
            yield f"attachment of policy {step.name} to role {step.role_name}"
        case UntagRole():
            yield from (f"tag {key} of role {step.role_name}" for key in step.tags)
        case _:
            yield step.sentence
