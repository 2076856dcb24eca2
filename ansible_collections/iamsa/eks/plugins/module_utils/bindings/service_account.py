# SPDX-License-Identifier: GPL-3.0-or-later

"""Shared by all kinds of binding: creating and annotating the ServiceAccount, and its annotations' owners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..errors import Refused, quoted
from ..identity.arn import parse_role_arn
from ..identity.cluster import ClusterRef
from ..identity.keys import ANNOTATION_RECORD
from ..identity.ownership import marker
from ..identity.subject import Subject, service_account_ref
from ..model.observed import ClusterFacts, ServiceAccount, held_by
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

# Kubernetes records no field manager for an object created without any field, as by `kubectl create
# serviceaccount`. At the first apply, it assigns all existing fields to a manager of this name.
BEFORE_FIRST_APPLY = "before-first-apply"
# The API server's limit for the keys and values of an object's annotations, in bytes.
# https://github.com/kubernetes/apimachinery/blob/v0.35.4/pkg/api/validation/objectmeta.go
ANNOTATIONS_SIZE = 256 * 1024


def service_account_steps(
    target: Target,
    cluster: ClusterRef,
    subject: Subject,
    service_account: ServiceAccount | None,
    wanted: Mapping[str, str],
) -> Iterator[ServiceAccountStep]:
    """Create the ServiceAccount or set its annotations; remove the record of an interrupted delete.

    Raises:
        Refused: another field manager owns an annotation that would change, or the annotations would exceed
            the API server's limit.
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
    """Whether deleting the role `role_name` also unbinds the ServiceAccount: not if it has another role."""
    if parse_role_arn(bound or ""):
        return cluster.home.names(bound or "", role_name)
    # A value that is not a role's ARN does not name another role.
    return ANNOTATION_RECORD in service_account.annotations or is_made_here(service_account, cluster)


def refuse_deleting(service_account: ServiceAccount) -> None:
    """Raises Refused if the ServiceAccount is being deleted."""
    if service_account.deleting:
        held = f", {held_by(service_account.finalizers)}" if service_account.finalizers else ""
        raise Refused(
            f"serviceaccount {service_account.subject} is being deleted{held}",
            remedy="wait until it is deleted",
            resource=service_account_ref(service_account.subject),
        )


def patch(
    service_account: ServiceAccount, changes: Mapping[str, str | None], phase: Phase
) -> PatchAnnotations:
    """Set or remove single annotations of an existing ServiceAccount; None removes one."""
    return PatchAnnotations(service_account.subject, changes, service_account.resource_version, phase)


def owners_of(service_account: ServiceAccount, key: str) -> frozenset[str]:
    """The field managers of an annotation; BEFORE_FIRST_APPLY if it exists without a recorded manager."""
    unrecorded = {BEFORE_FIRST_APPLY} if key in service_account.annotations else ()
    return service_account.managers.get(key) or frozenset(unrecorded)


def _refuse_too_large(service_account: ServiceAccount, changed: Mapping[str, str]) -> None:
    """Raises Refused. Without a rehearsal, the run would only fail after it has created the role."""
    after = {**service_account.annotations, **changed}
    size = sum(len(key.encode()) + len(value.encode()) for key, value in after.items())
    if size > ANNOTATIONS_SIZE:
        raise Refused(
            f"the annotations of serviceaccount {service_account.subject} would have {size:,} bytes, and"
            f" Kubernetes allows at most {ANNOTATIONS_SIZE:,}",
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
            f"the field manager {manager} also applies other fields of serviceaccount"
            f" {service_account.subject}, which this run would remove",
            remedy="omit " + Option("field_manager") + ", or use a name that no other tool uses",
            resource=service_account_ref(service_account.subject),
        )
    owners = {key: owners_of(service_account, key) for key in changed}
    others = {key: sorted(names - {manager}) for key, names in owners.items() if names - {manager}}
    if others and not force:
        key, names = next(iter(others.items()))
        raise Refused(
            f"annotation {key} of serviceaccount {service_account.subject} has the value"
            f" {quoted(service_account.annotations[key])} and belongs to the field manager"
            f" {', '.join(names)}",
            remedy="add " + Option("force_conflicts") + " to overwrite it",
            resource=service_account_ref(service_account.subject),
        )
    # Fields from a POST and from an apply have two managers even if both have our name, so force is needed.
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
