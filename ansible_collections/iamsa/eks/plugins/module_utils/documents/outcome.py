# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What create, update and delete did, as documents for machines."""

from __future__ import annotations

from typing import Any

from ..model.outcome import DeleteResult, Outcome
from .parts import (
    API_VERSION,
    annotations_part,
    cluster_part,
    policies_part,
    provider_part,
    seen_associations_part,
    step_documents,
)

KIND = "ServiceAccountRole"
REMOVED_KIND = "ServiceAccountRoleDeletion"


def outcome_document(outcome: Outcome, dry_run: str) -> dict[str, Any]:
    """The outcome as one object of the kind ServiceAccountRole."""
    role = outcome.role
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {"name": outcome.subject.name, "namespace": outcome.subject.namespace},
        "changed": outcome.changed,
        "dryRun": dry_run,
        "cluster": cluster_part(outcome.facts.cluster),
        "oidcProvider": provider_part(outcome.facts.provider),
        "role": {
            "arn": role.arn,
            "name": role.name,
            "path": role.path,
            "description": role.description or "",
            "maxSessionDuration": role.max_session_duration,
            "permissionsBoundary": role.permissions_boundary,
            "tags": dict(role.tags),
            "trustPolicy": role.trust,
        },
        "policies": policies_part(outcome.attached, outcome.inline),
        "serviceAccount": {"annotations": annotations_part(outcome.annotations)},
        "steps": step_documents(outcome.steps),
        "restarts": list(outcome.restarts),
        "notices": list(outcome.notices),
        "podIdentityAssociations": seen_associations_part(outcome.associations),
        "verified": outcome.verification.is_assumable if outcome.verification else None,
    }


def removed_document(removed: DeleteResult, dry_run: str) -> dict[str, Any]:
    """The removal as one object."""
    return {
        "apiVersion": API_VERSION,
        "kind": REMOVED_KIND,
        "metadata": {"name": removed.subject.name, "namespace": removed.subject.namespace},
        "changed": removed.changed,
        "dryRun": dry_run,
        "cluster": cluster_part(removed.facts.cluster),
        "role": {"arn": removed.role_arn, "name": removed.role_name},
        "serviceAccount": {"finalizers": list(removed.finalizers)},
        "steps": step_documents(removed.steps),
        "notices": list(removed.notices),
    }
