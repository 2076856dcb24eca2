# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for the ServiceAccount: create it, or write only our annotations onto it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ..errors import Refused, excerpt
from ..identity.account import RoleHome, names_role
from ..identity.keys import ANNOTATION_AUDIENCE, ANNOTATION_RECORD, ANNOTATION_ROLE_ARN
from ..identity.ownership import marker
from ..model.observed import ClusterFacts, Observed, ServiceAccount
from ..model.steps.base import Phase
from ..model.steps.kubernetes import (
    AnnotateServiceAccount,
    CreateServiceAccount,
    PatchAnnotations,
    ServiceAccountStep,
)
from ..model.target import Target
from ..model.values import is_audience
from .resolve import annotated_role

# Of an object made without any field, as `kubectl create serviceaccount` does, Kubernetes records no changes
# until something is applied to it; then all that is there belongs to a manager of this name.
BEFORE_FIRST_APPLY = "before-first-apply"
# Keys and values of an object's annotations together, in bytes: the API server refuses more.
# https://github.com/kubernetes/apimachinery/blob/v0.35.4/pkg/api/validation/objectmeta.go
ANNOTATIONS_SIZE = 256 * 1024


def service_account_steps(
    target: Target, facts: ClusterFacts, observed: Observed
) -> Iterator[ServiceAccountStep]:
    """One step for each ServiceAccount that is missing or says something else.

    Raises:
        Refused: its annotations contradict what is asked, or another field manager owns what would change.
    """
    for binding in target.bindings:
        account = observed.service_accounts.get(binding.subject)
        if account is None:
            made = {**target.annotations, **marker(facts.cluster, binding.subject)}
            yield CreateServiceAccount(binding.subject, made)
            continue
        _refuse_contradictions(target, facts.home, account)
        full = _with_audience(target, account)
        changed = {key: value for key, value in full.items() if account.annotations.get(key) != value}
        if changed:
            _refuse_too_large(account, changed)
            yield _annotation(target, account, full, changed)
        if ANNOTATION_RECORD in account.annotations:
            yield patch(account, {ANNOTATION_RECORD: None}, Phase.SERVICE_ACCOUNT)


def steps_for(
    account: ServiceAccount | None, target: Target, facts: ClusterFacts, observed: Observed
) -> Iterator[ServiceAccountStep]:
    """The same with another ServiceAccount than the one that was observed."""
    then = replace(observed, service_accounts={**observed.service_accounts, target.subject: account})
    return service_account_steps(target, facts, then)


def patch(account: ServiceAccount, changes: Mapping[str, str | None], phase: Phase) -> PatchAnnotations:
    """Set or remove single annotations of a present ServiceAccount."""
    return PatchAnnotations(account.subject, changes, account.resource_version, phase)


def owners_of(account: ServiceAccount, key: str) -> frozenset[str]:
    """The field managers of an annotation; what is there but recorded of nobody has Kubernetes' own word."""
    unrecorded = {BEFORE_FIRST_APPLY} if key in account.annotations else ()
    return account.managers.get(key) or frozenset(unrecorded)


def _refuse_too_large(account: ServiceAccount, changed: Mapping[str, str]) -> None:
    """A run without a rehearsal would not find out before the role is made."""
    after = {**account.annotations, **changed}
    size = sum(len(key.encode()) + len(value.encode()) for key, value in after.items())
    if size > ANNOTATIONS_SIZE:
        raise Refused(
            f"serviceaccount {account.subject} would have {size:,} bytes of annotations, and Kubernetes"
            f" allows {ANNOTATIONS_SIZE:,}",
            remedy="remove large annotations that are no longer needed",
            resource=f"serviceaccount/{account.subject.name}",
        )


def _with_audience(target: Target, account: ServiceAccount) -> Mapping[str, str]:
    """An audience that is written there already is said again, be it the default one."""
    if ANNOTATION_AUDIENCE not in account.annotations:
        return target.annotations
    return {**target.annotations, ANNOTATION_AUDIENCE: target.audience}


def _annotation(
    target: Target,
    account: ServiceAccount,
    wanted: Mapping[str, str],
    changed: Mapping[str, str],
) -> AnnotateServiceAccount:
    manager, force = target.asked.service_account.field_manager, target.overrides.force_conflicts
    if manager in account.appliers:
        raise Refused(
            f"the field manager {manager} applies other fields of serviceaccount {account.subject} too, and"
            " they would be removed",
            remedy="leave out --field-manager, or give one of your own",
            resource=f"serviceaccount/{account.subject.name}",
        )
    owners = {key: owners_of(account, key) for key in changed}
    others = {key: sorted(names - {manager}) for key, names in owners.items() if names - {manager}}
    if others and not force:
        key, names = next(iter(others.items()))
        raise Refused(
            f"annotation {key} of serviceaccount {account.subject} is {account.annotations[key]!r} and"
            f" belongs to the field manager {', '.join(names)}",
            remedy="add --force-conflicts to overwrite it",
            resource=f"serviceaccount/{account.subject.name}",
        )
    # A POST's fields and an apply's count as two managers even where both are ours: hence force.
    mine = {
        key: value for key, value in account.annotations.items() if manager in account.managers.get(key, ())
    }
    return AnnotateServiceAccount(
        subject=account.subject,
        changed=changed,
        held={**mine, **wanted},
        resource_version=account.resource_version,
        force=force or any(owners.values()),
    )


def _refuse_contradictions(target: Target, home: RoleHome, account: ServiceAccount) -> None:
    subject, force = account.subject, target.overrides.force_conflicts
    if account.deleting:
        held = f", held by its finalizers {', '.join(account.finalizers)}" if account.finalizers else ""
        raise Refused(
            f"serviceaccount {subject} is being deleted{held}",
            remedy="wait until it is gone",
            resource=f"serviceaccount/{subject.name}",
        )
    audience = account.annotations.get(ANNOTATION_AUDIENCE)
    if audience is not None and audience != target.audience and not force:
        keep = f"give --audience {shlex.quote(audience)}, or " if is_audience(audience) else ""
        raise Refused(
            f"serviceaccount {subject} carries the annotation {ANNOTATION_AUDIENCE}={excerpt(audience)!r},"
            f" but the audience is to be {target.audience}",
            remedy=f"{keep}add --force-conflicts to overwrite it",
            resource=f"serviceaccount/{subject.name}",
        )
    named = account.annotations.get(ANNOTATION_ROLE_ARN)
    # One that only lacks the role's path, or has another, means this role: whose it is, its manager tells.
    if named and not names_role(named, home, target.role.name) and not force:
        # What is not the ARN of a role of this account is kept by no command.
        can_stay = target.asked.role.name and annotated_role(account, home)
        raise Refused(
            f"serviceaccount {subject} names another role, {excerpt(named)!r}",
            remedy=f"add --force-conflicts to move it to {target.role.arn}"
            + (", or leave out --role-name to keep it" if can_stay else ""),
            resource=f"serviceaccount/{subject.name}",
        )
