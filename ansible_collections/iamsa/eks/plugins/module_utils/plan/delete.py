# SPDX-License-Identifier: GPL-3.0-or-later

"""From what is to be taken away and what is there to what is to be done: pure, as create.py is for create.

A delete has no Target: nothing is to be left, so there is nothing to compare with but what is there. What of
that may not go is judged once, by `delete_guards` for the role and by the kind of binding for the
ServiceAccount.

First the pods' way to the role goes, then its policies, then the role, and the ServiceAccount last: until
then it says which role a run that was broken off had begun to delete.
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
from ..model.observed import ClusterFacts, Observed, ServiceAccount
from ..model.steps.kubernetes import held_by
from ..model.steps.role import DeleteInlinePolicy, DeleteRole, DetachPolicy, RoleStep
from ..model.steps.step import Step
from ..wording.text import Either, Option, Sentence
from .delete_guards import refuse_role
from .forecast import forecast_role


def plan_deletion(
    request: DeleteRequest, cluster: ClusterFacts, observed: Observed, kinds: Writers
) -> tuple[Step, ...]:
    """The writes that take the role and the ServiceAccount away, in the order of their phases.

    Raises:
        Refused: something would go that iamsa does not own; the sentence names the way out.
        Absent: there is neither a role nor a ServiceAccount that is bound to one.
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
    """Those of the plan that release the ServiceAccount, now that it has become `service_account`."""
    now = replace(observed, service_accounts={request.desired.subject: service_account})
    yield from kind.release(request, cluster, now)
    yield from kind.end(request, cluster, now)


def left_behind(request: DeleteRequest, observed: Observed, kind: BindingWriter) -> tuple[Sentence, ...]:
    """What a ServiceAccount that names no role cannot tell: a role may have been given a name of its own."""
    service_account = observed.service_accounts.get(request.desired.subject)
    if service_account is None or observed.role or request.keep_role or request.desired.role.name:
        return ()
    bound = _bound(request, observed, kind)
    if bound is not None or named_role(service_account, bound):
        return ()
    name = observed.role_name
    return (
        f"there was no role {name}; one of another name stays until it is deleted with "
        + Option("role_name"),
    )


def still_there(request: DeleteRequest, observed: Observed) -> tuple[Sentence, ...]:
    """What a run finds that has nothing to do but wait: a ServiceAccount that was marked for deletion."""
    service_account = observed.service_accounts.get(request.desired.subject)
    if service_account is None or not service_account.deleting:
        return ()
    held = f", {held_by(service_account.finalizers)}" if service_account.finalizers else ""
    return (
        f"serviceaccount {service_account.subject} is marked for deletion already and not gone yet{held}",
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
        f"serviceaccount {subject} has no role here: there is no role {observed.role_name}"
        if observed.role is None
        else f"serviceaccount {subject} is not bound to role {observed.role_name}",
        remedy=Either(
            "check the name and " + Option("namespace", brief=True),
            "give " + Option("role_name"),
            Option("ignore_not_found") + " if that is well",
        ),
        resource=service_account_ref(subject),
    )
