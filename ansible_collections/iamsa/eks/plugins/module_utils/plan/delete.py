# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a delete: from the request and the current state to steps; pure.

A delete has no Target, because nothing is to remain. What must not be deleted is decided in one place each:
`delete_guards` for the role, and the kind of binding for the ServiceAccount.

The steps first unbind the pods, then remove the role's policies, then the role, and the ServiceAccount last:
if the run is interrupted, the ServiceAccount still records which role is to be deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..bindings.now import named_role
from ..bindings.service_account import is_to_be_released
from ..bindings.writer import BindingWriter, Writers
from ..errors import Absent
from ..identity.subject import service_account_ref
from ..model.desired import DeleteRequest
from ..model.observed import ClusterFacts, Observed, ServiceAccount, held_by
from ..model.steps.role import DeleteInlinePolicy, DeleteRole, DetachPolicy, RoleStep
from ..model.steps.step import Step
from ..wording.text import Either, Option, Sentence
from .delete_guards import refuse_role
from .forecast import forecast_role


def plan_deletion(
    request: DeleteRequest, cluster: ClusterFacts, observed: Observed, kinds: Writers
) -> tuple[Step, ...]:
    """The steps that delete the role and the ServiceAccount, in the order of their phases.

    Raises:
        Refused: iamsa would delete something that it does not own; the remedy names the options.
        Absent: neither the role nor a ServiceAccount that is bound to it exists.
    """
    kind = kinds[request.desired.kind]
    _refuse_nothing(request, cluster, observed, kind)
    role = tuple(_role(request, cluster, observed, kind))
    released = tuple(kind.release(request, cluster, observed))
    then = forecast_role(observed, released, kinds)
    steps = [*released, *role, *kind.end(request, cluster, then)]
    return tuple(sorted(steps, key=lambda step: step.phase))


def binding_steps(
    request: DeleteRequest,
    cluster: ClusterFacts,
    observed: Observed,
    service_account: ServiceAccount | None,
    kind: BindingWriter,
) -> Iterator[Step]:
    """The plan's steps that unbind the ServiceAccount, planned again for `service_account`."""
    now = replace(observed, service_accounts={request.desired.subject: service_account})
    yield from kind.release(request, cluster, now)
    yield from kind.end(request, cluster, now)


def left_behind(request: DeleteRequest, observed: Observed, kind: BindingWriter) -> tuple[Sentence, ...]:
    """The notice that the role may have another name: neither the ServiceAccount nor the user names one."""
    service_account = observed.service_accounts.get(request.desired.subject)
    if service_account is None or observed.role or request.keep_role or request.desired.role.name:
        return ()
    bound = _bound(request, observed, kind)
    if bound is not None or named_role(service_account, bound):
        return ()
    name = observed.role_name
    return (
        f"role {name} did not exist; if the role has another name, delete it with " + Option("role_name"),
    )


def still_there(request: DeleteRequest, observed: Observed) -> tuple[Sentence, ...]:
    """The notice that the ServiceAccount was already marked for deletion before this run."""
    service_account = observed.service_accounts.get(request.desired.subject)
    if service_account is None or not service_account.deleting:
        return ()
    held = f", {held_by(service_account.finalizers)}" if service_account.finalizers else ""
    return (
        f"serviceaccount {service_account.subject} is already marked for deletion but still exists{held}",
    )


def _role(
    request: DeleteRequest, cluster: ClusterFacts, observed: Observed, kind: BindingWriter
) -> Iterator[RoleStep]:
    role = observed.role
    if role is None or request.keep_role:
        return
    refuse_role(request, cluster, observed, role, kind)
    for arn in observed.attached:
        yield DetachPolicy(role.name, arn, observed.attached[arn])
    for name in observed.inline:
        yield DeleteInlinePolicy(role.name, name)
    yield DeleteRole(role)


def _bound(request: DeleteRequest, observed: Observed, kind: BindingWriter) -> str | None:
    subject = request.desired.subject
    return kind.bound_role(observed.service_accounts.get(subject), observed.bindings.get(subject))


def _refuse_nothing(
    request: DeleteRequest, cluster: ClusterFacts, observed: Observed, kind: BindingWriter
) -> None:
    service_account, bound = (
        observed.service_accounts.get(request.desired.subject),
        _bound(request, observed, kind),
    )
    is_bound = service_account is not None and is_to_be_released(
        service_account, bound, cluster, observed.role_name
    )
    if is_bound or (observed.role is not None and not request.keep_role):
        return
    subject = request.desired.subject
    raise Absent(
        f"serviceaccount {subject} has no role: role {observed.role_name} does not exist"
        if observed.role is None
        else f"serviceaccount {subject} is not bound to role {observed.role_name}",
        remedy=Either(
            "check the name and " + Option("namespace", brief=True),
            "specify " + Option("role_name"),
            "add " + Option("ignore_not_found") + " to ignore this",
        ),
        resource=service_account_ref(subject),
    )
