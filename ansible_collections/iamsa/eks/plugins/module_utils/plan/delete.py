# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what is to be taken away and what is there to what is to be done: pure, as plan.py is for create.

First the pods' way to the role goes, then its policies, then the role, and the ServiceAccount last: until
then it says which role a run that was broken off had begun to delete.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import NotFound
from ..identity.keys import ANNOTATION_RECORD, ANNOTATION_ROLE_ARN
from ..model.desired import DeleteRequest
from ..model.observed import ClusterFacts, Observed
from ..model.steps.role import DeleteInlinePolicy, DeleteRole, DetachPolicy, RoleStep
from ..model.steps.step import Step
from .delete_guards import refuse_role
from .forecast import forecast_role
from .unbind import end_steps, is_bound, release_steps


def plan_deletion(removal: DeleteRequest, cluster: ClusterFacts, observed: Observed) -> tuple[Step, ...]:
    """The writes that take the role and the ServiceAccount away, in the order of their phases.

    Raises:
        Refused: something would go that iamsa does not own; the sentence names the way out.
        NotFound: there is neither a role nor a ServiceAccount that is bound to one.
    """
    _refuse_nothing(removal, cluster, observed)
    role = tuple(_role(removal, cluster, observed))
    released = tuple(release_steps(removal, cluster, observed))
    then = forecast_role(observed, released)
    steps = [*released, *role, *end_steps(removal, cluster, then)]
    return tuple(sorted(steps, key=lambda step: step.phase))


def left_behind(removal: DeleteRequest, observed: Observed) -> tuple[str, ...]:
    """What a ServiceAccount that names no role cannot tell: a role may have been given a name of its own."""
    account = observed.service_accounts.get(removal.desired.subject)
    if account is None or observed.role or removal.keep_role or removal.desired.role.name:
        return ()
    if {ANNOTATION_ROLE_ARN, ANNOTATION_RECORD} & account.annotations.keys():
        return ()
    name = observed.role_name
    return (f"there was no role {name}; one of another name stays until it is deleted with --role-name",)


def _role(removal: DeleteRequest, cluster: ClusterFacts, observed: Observed) -> Iterator[RoleStep]:
    role = observed.role
    if role is None or removal.keep_role:
        return
    refuse_role(removal, cluster, observed, role)
    for arn in observed.attached:
        yield DetachPolicy(role.name, arn, observed.attached[arn])
    for name in observed.inline:
        yield DeleteInlinePolicy(role.name, name)
    yield DeleteRole(role)


def _refuse_nothing(removal: DeleteRequest, cluster: ClusterFacts, observed: Observed) -> None:
    account = observed.service_accounts.get(removal.desired.subject)
    bound = account is not None and is_bound(cluster, observed, account)
    if bound or (observed.role is not None and not removal.keep_role):
        return
    subject = removal.desired.subject
    raise NotFound(
        f"serviceaccount {subject} has no role here: there is no role {observed.role_name}"
        if observed.role is None
        else f"serviceaccount {subject} is not bound to role {observed.role_name}",
        remedy="check the name and -n, give --role-name, or --ignore-not-found if that is well",
        resource=f"serviceaccount/{subject.name}",
    )
