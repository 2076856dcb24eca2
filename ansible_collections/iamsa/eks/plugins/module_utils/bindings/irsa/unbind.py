# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps that unbind a ServiceAccount: they remove only what iamsa created or wrote."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import Refused
from ...identity.arn import parse_role_arn
from ...identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_MARKER,
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_STS_REGIONAL,
    ANNOTATION_TOKEN_EXPIRATION,
)
from ...identity.subject import service_account_ref
from ...model.desired import DeleteRequest
from ...model.observed import ClusterFacts, Observed, ServiceAccount
from ...model.steps.base import Phase
from ...model.steps.kubernetes import DeleteServiceAccount, PatchAnnotations
from ...wording.text import Option
from ..now import is_made_here
from ..service_account import BEFORE_FIRST_APPLY, is_to_be_released, owners_of, patch

_UNRECORDED = "has no recorded field manager, so iamsa may not have set it"
_SETTINGS = (ANNOTATION_AUDIENCE, ANNOTATION_STS_REGIONAL, ANNOTATION_TOKEN_EXPIRATION)


def release_steps(
    request: DeleteRequest, cluster: ClusterFacts, observed: Observed
) -> Iterator[PatchAnnotations]:
    """Remove the role's annotation and record the role's ARN, before the role is deleted.

    Raises:
        Refused: the annotation belongs to another field manager.
    """
    service_account, role = observed.service_accounts.get(request.desired.subject), observed.role
    if service_account is None or role is None or request.keep_role:
        return
    if not cluster.home.names(service_account.annotations.get(ANNOTATION_ROLE_ARN, ""), role.name):
        return
    changes = {ANNOTATION_ROLE_ARN: None, ANNOTATION_RECORD: role.arn}
    _refuse_others(request, cluster, service_account)
    yield patch(service_account, changes, Phase.RELEASE)


def end_steps(
    request: DeleteRequest, cluster: ClusterFacts, observed: Observed
) -> Iterator[DeleteServiceAccount | PatchAnnotations]:
    """Delete the ServiceAccount if iamsa created it; otherwise remove only iamsa's annotations.

    Raises:
        Refused: the role's annotation belongs to another field manager.
    """
    service_account = observed.service_accounts.get(request.desired.subject)
    if service_account is None or service_account.deleting:
        return
    if not is_to_be_released(
        service_account, service_account.annotations.get(ANNOTATION_ROLE_ARN), cluster, observed.role_name
    ):
        return
    if is_made_here(service_account, cluster) and not request.keep_service_account:
        yield DeleteServiceAccount(
            service_account.subject,
            service_account.uid,
            service_account.resource_version,
            service_account.finalizers,
        )
        return
    ours = _ours(request, service_account)
    if ours:
        _refuse_others(request, cluster, service_account)
        yield patch(service_account, dict.fromkeys(ours), Phase.SERVICE_ACCOUNT)


def _ours(request: DeleteRequest, service_account: ServiceAccount) -> list[str]:
    """The annotations that bind the ServiceAccount to the role, and iamsa's own."""
    manager = request.desired.service_account.field_manager
    keys = [ANNOTATION_ROLE_ARN, ANNOTATION_RECORD, ANNOTATION_MARKER]
    keys += [key for key in _SETTINGS if manager in service_account.managers.get(key, ())]
    named = service_account.annotations.get(ANNOTATION_ROLE_ARN)
    if named and not parse_role_arn(named):
        keys.remove(ANNOTATION_ROLE_ARN)
    return [key for key in keys if key in service_account.annotations]


def _refuse_others(request: DeleteRequest, cluster: ClusterFacts, service_account: ServiceAccount) -> None:
    """Raises Refused if another field manager owns the role's annotation, or if no manager is recorded for it
    and iamsa did not create the ServiceAccount.

    Another manager would write the annotation again, or needs it.
    """
    owners = owners_of(service_account, ANNOTATION_ROLE_ARN)
    others = owners - {BEFORE_FIRST_APPLY}
    if request.desired.service_account.field_manager in owners or request.overrides.annotations_of_others:
        return
    if not others and (
        ANNOTATION_ROLE_ARN not in service_account.annotations or is_made_here(service_account, cluster)
    ):
        return
    whose = f"belongs to the field manager {', '.join(sorted(others))}" if others else _UNRECORDED
    raise Refused(
        f"annotation {ANNOTATION_ROLE_ARN} of serviceaccount {service_account.subject} {whose}",
        remedy="remove it there first, or add " + Option("force_conflicts") + " to remove it anyway"
        if others
        else "add " + Option("force_conflicts") + " to remove it anyway",
        resource=service_account_ref(service_account.subject),
    )
