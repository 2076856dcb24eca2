# SPDX-License-Identifier: GPL-3.0-or-later

"""The state after steps, which dry run and check mode report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from ..bindings.writer import Writers
from ..model.observed import ClusterFacts, Observed, ServiceAccount
from ..model.role import Role, retagged
from ..model.steps.base import never
from ..model.steps.kubernetes import (
    AnnotateServiceAccount,
    CreateNamespace,
    CreateServiceAccount,
    DeleteServiceAccount,
    PatchAnnotations,
    ServiceAccountStep,
)
from ..model.steps.provider import AddAudience, CreateProvider
from ..model.steps.role import (
    AttachPolicy,
    CreateRole,
    DeleteInlinePolicy,
    DeleteRole,
    DetachPolicy,
    PutInlinePolicy,
    RemoveBoundary,
    RoleStep,
    SetBoundary,
    SetRoleSettings,
    SetTrust,
    TagRole,
    UntagRole,
)
from ..model.steps.step import BindingStep, Step
from .provider_forecast import forecast_provider

Value = TypeVar("Value")


def forecast_cluster(cluster: ClusterFacts, steps: Iterable[Step]) -> ClusterFacts:
    """The cluster after `steps`."""
    arn = cluster.provider_arn
    mine = [step for step in steps if isinstance(step, (CreateProvider, AddAudience))]
    return replace(cluster, provider=forecast_provider(cluster.provider, arn, mine))


def forecast_role(observed: Observed, steps: Iterable[Step], kinds: Writers) -> Observed:
    """The role, its ServiceAccounts and namespaces after `steps`."""
    for step in steps:
        observed = _after(observed, step, kinds)
    return observed


def forecast_role_steps(observed: Observed, steps: Iterable[RoleStep]) -> Observed:
    """The role after `steps`, which write to the role alone."""
    for step in steps:
        observed = _after_on_role(observed, step)
    return observed


def _after(observed: Observed, step: Step, kinds: Writers) -> Observed:
    match step:
        case CreateNamespace():
            return replace(observed, namespaces={**observed.namespaces, step.name: "active"})
        case CreateProvider() | AddAudience():
            # See forecast_cluster.
            return observed
        case CreateServiceAccount() | AnnotateServiceAccount() | PatchAnnotations() | DeleteServiceAccount():
            service_account = _service_account(observed.service_accounts.get(step.subject), step)
            return replace(
                observed, service_accounts={**observed.service_accounts, step.subject: service_account}
            )
        case BindingStep():
            return kinds[step.binding].forecast(step, observed)
        case _:
            return _after_on_role(observed, step)


def _after_on_role(observed: Observed, step: RoleStep) -> Observed:  # noqa: PLR0911
    match step:
        case CreateRole():
            return replace(observed, role=step.role, knows_inline=True)
        case DeleteRole():
            return replace(observed, role=None)
        case AttachPolicy():
            return replace(observed, attached={**observed.attached, step.arn: step.name})
        case DetachPolicy():
            return replace(observed, attached=_without(observed.attached, step.arn))
        case PutInlinePolicy():
            return replace(observed, inline={**observed.inline, step.name: step.document})
        case DeleteInlinePolicy():
            return replace(observed, inline=_without(observed.inline, step.name))
        case SetRoleSettings() | SetBoundary() | RemoveBoundary() | SetTrust() | TagRole() | UntagRole():
            return replace(observed, role=_changed(observed.role, step))
        case _:
            return never(step)


def _changed(  # noqa: PLR0911
    role: Role | None,
    step: SetRoleSettings | SetBoundary | RemoveBoundary | SetTrust | TagRole | UntagRole,
) -> Role:
    if role is None:
        raise AssertionError(f"no role for {step}")
    match step:
        case SetRoleSettings():
            return replace(role, description=step.description, max_session_duration=step.max_session_duration)
        case SetBoundary():
            return replace(role, permissions_boundary=step.boundary)
        case RemoveBoundary():
            return replace(role, permissions_boundary=None)
        case SetTrust():
            return replace(role, trust=step.after)
        case TagRole():
            return replace(role, tags=retagged(role.tags, step.tags))
        case UntagRole():
            return replace(role, tags=_without(role.tags, *step.tags))
        case _:
            return never(step)


def _service_account(
    service_account: ServiceAccount | None, step: ServiceAccountStep
) -> ServiceAccount | None:
    match step:
        case CreateServiceAccount():
            return ServiceAccount(step.subject, dict(step.annotations))
        case DeleteServiceAccount():
            return (
                replace(service_account, deleting=True)
                if service_account and service_account.finalizers
                else None
            )
    if service_account is None:
        raise AssertionError(f"no ServiceAccount for {step}")
    match step:
        case AnnotateServiceAccount():
            return replace(service_account, annotations={**service_account.annotations, **step.changed})
        case PatchAnnotations():
            changed = {**service_account.annotations, **step.changes}
            kept = {key: value for key, value in changed.items() if value is not None}
            return replace(service_account, annotations=kept)
        case _:
            return never(step)


def _without(held: Mapping[str, Value], *keys: str) -> dict[str, Value]:
    return {key: value for key, value in held.items() if key not in keys}
