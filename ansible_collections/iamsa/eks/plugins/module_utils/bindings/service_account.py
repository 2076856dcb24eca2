# SPDX-License-Identifier: GPL-3.0-or-later

"""What all kinds of binding do with the ServiceAccount: make it, annotate it, and see whose it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..errors import Refused
from ..identity.arn import parse_role_arn
from ..identity.cluster import ClusterRef
from ..identity.keys import ANNOTATION_RECORD
from ..identity.ownership import marker
from ..identity.subject import Subject, service_account_ref
from ..model.observed import ClusterFacts, ServiceAccount
from ..model.steps.base import Phase
from ..model.steps.kubernetes import (
    AnnotateServiceAccount,
    CreateServiceAccount,
    PatchAnnotations,
    ServiceAccountStep,
)
from ..model.target import Target
from ..wording.text import Option
from .now import is_made_here

# Of an object made without any field, as `kubectl create serviceaccount` does, Kubernetes records no changes
# until something is applied to it; then all that is there belongs to a manager of this name.
BEFORE_FIRST_APPLY = "before-first-apply"
# Keys and values of an object's annotations together, in bytes: the API server refuses more.
# https://github.com/kubernetes/apimachinery/blob/v0.35.4/pkg/api/validation/objectmeta.go
ANNOTATIONS_SIZE = 256 * 1024


def service_account_steps(
    target: Target,
    cluster: ClusterRef,
    subject: Subject,
    service_account: ServiceAccount | None,
    wanted: Mapping[str, str],
) -> Iterator[ServiceAccountStep]:
    """Has the ServiceAccount with these annotations, and without the note of a delete that was broken off.

    Raises:
        Refused: another field manager owns what would change.
    """
    if service_account is None:
        yield CreateServiceAccount(subject, {**wanted, **marker(cluster, subject)})
        return
    changed = {key: value for key, value in wanted.items() if service_account.annotations.get(key) != value}
    if changed:
        _refuse_too_large(service_account, changed)
        yield _annotation(target, service_account, wanted, changed)
    if ANNOTATION_RECORD in service_account.annotations:
        yield patch(service_account, {ANNOTATION_RECORD: None}, Phase.SERVICE_ACCOUNT)


def is_to_be_released(
    service_account: ServiceAccount, bound: str | None, cluster: ClusterFacts, role_name: str
) -> bool:
    """Whether a delete of this role is about the ServiceAccount: one that is bound to another role is left
    alone."""
    if parse_role_arn(bound or ""):
        return cluster.home.names(bound or "", role_name)
    # What is not a role's ARN names no other role either.
    return ANNOTATION_RECORD in service_account.annotations or is_made_here(service_account, cluster)


def refuse_deleting(service_account: ServiceAccount) -> None:
    if service_account.deleting:
        held = (
            f", held by its finalizers {', '.join(service_account.finalizers)}"
            if service_account.finalizers
            else ""
        )
        raise Refused(
            f"serviceaccount {service_account.subject} is being deleted{held}",
            remedy="wait until it is gone",
            resource=service_account_ref(service_account.subject),
        )


def patch(
    service_account: ServiceAccount, changes: Mapping[str, str | None], phase: Phase
) -> PatchAnnotations:
    """Set or remove single annotations of a present ServiceAccount."""
    return PatchAnnotations(service_account.subject, changes, service_account.resource_version, phase)


def owners_of(service_account: ServiceAccount, key: str) -> frozenset[str]:
    """The field managers of an annotation; what is there but recorded of nobody has Kubernetes' own word."""
    unrecorded = {BEFORE_FIRST_APPLY} if key in service_account.annotations else ()
    return service_account.managers.get(key) or frozenset(unrecorded)


def _refuse_too_large(service_account: ServiceAccount, changed: Mapping[str, str]) -> None:
    """A run without a rehearsal would not find out before the role is made."""
    after = {**service_account.annotations, **changed}
    size = sum(len(key.encode()) + len(value.encode()) for key, value in after.items())
    if size > ANNOTATIONS_SIZE:
        raise Refused(
            f"serviceaccount {service_account.subject} would have {size:,} bytes of annotations, and"
            f" Kubernetes allows {ANNOTATIONS_SIZE:,}",
            remedy="remove large annotations that are no longer needed",
            resource=service_account_ref(service_account.subject),
        )


def _annotation(
    target: Target,
    service_account: ServiceAccount,
    wanted: Mapping[str, str],
    changed: Mapping[str, str],
) -> AnnotateServiceAccount:
    manager, force = target.asked.service_account.field_manager, target.overrides.force_conflicts
    if manager in service_account.appliers:
        raise Refused(
            f"the field manager {manager} applies other fields of serviceaccount {service_account.subject}"
            " too, and they would be removed",
            remedy="leave out " + Option("field_manager") + ", or give one of your own",
            resource=service_account_ref(service_account.subject),
        )
    owners = {key: owners_of(service_account, key) for key in changed}
    others = {key: sorted(names - {manager}) for key, names in owners.items() if names - {manager}}
    if others and not force:
        key, names = next(iter(others.items()))
        raise Refused(
            f"annotation {key} of serviceaccount {service_account.subject} is"
            f" {service_account.annotations[key]!r} and belongs to the field manager {', '.join(names)}",
            remedy="add " + Option("force_conflicts") + " to overwrite it",
            resource=service_account_ref(service_account.subject),
        )
    # A POST's fields and an apply's count as two managers even where both are ours: hence force.
    mine = {
        key: value
        for key, value in service_account.annotations.items()
        if manager in service_account.managers.get(key, ())
    }
    return AnnotateServiceAccount(
        subject=service_account.subject,
        changed=changed,
        held={**mine, **wanted},
        resource_version=service_account.resource_version,
        force=force or any(owners.values()),
    )
