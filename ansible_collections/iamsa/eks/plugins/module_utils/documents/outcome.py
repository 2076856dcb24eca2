# SPDX-License-Identifier: GPL-3.0-or-later

"""The documents that create, update and delete print."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.outcome import DeleteResult, Outcome
from ..wording.text import Sentence
from .document import UNREAD, Document, role_document
from .parts import (
    details_part,
    owner_part,
    policies_part,
    provider_part,
    role_part,
    seen_associations_part,
    service_account_part,
)
from .spec import role_spec
from .steps import AnyStep, step_documents
from .verification import verification_part


def outcome_document(outcome: Outcome, dry_run: str) -> Document:
    """Return a ServiceAccountRole as it is after the run, or would be after a dry run."""
    role, cluster, subject = outcome.role, outcome.facts.cluster, outcome.subject
    inline = outcome.inline if outcome.knows_inline else None
    return role_document(
        subject,
        cluster,
        {
            "owner": owner_part(role, cluster, subject),
            "role": {**role_part(role), **details_part(role)},
            "policies": policies_part(outcome.attached, outcome.inline),
            "serviceAccount": service_account_part(outcome.annotations, cluster, subject),
            "audience": outcome.audience,
            "oidcProvider": provider_part(outcome.facts.provider),
            "podIdentityAssociations": seen_associations_part(outcome.associations),
            "verification": verification_part(outcome.verification) if outcome.verification else UNREAD,
            "run": _run_part(outcome.steps, outcome.notices, dry_run, outcome.restarts),
        },
        {
            "via": outcome.via,
            **outcome.binding,
            **role_spec(role, cluster, subject, outcome.attached, inline, has_details=True),
        },
    )


def delete_document(removed: DeleteResult, dry_run: str) -> Document:
    """Return a ServiceAccountRole with the role that was found, even if it is deleted now."""
    return role_document(
        removed.subject,
        removed.facts.cluster,
        {
            "role": {"arn": removed.role_arn, "name": removed.role_name} if removed.role_arn else None,
            "serviceAccount": {"finalizers": list(removed.finalizers)},
            "run": _run_part(removed.steps, removed.notices, dry_run),
        },
        {"via": removed.via},
    )


def _run_part(
    steps: Iterable[AnyStep], notices: Iterable[Sentence], dry_run: str, restarts: Iterable[Sentence] = ()
) -> Document:
    """Return what the run changed, or would change."""
    done = step_documents(steps)
    return {
        "changed": bool(done),
        "dryRun": dry_run,
        "steps": done,
        "restarts": list(restarts),
        "notices": list(notices),
    }
