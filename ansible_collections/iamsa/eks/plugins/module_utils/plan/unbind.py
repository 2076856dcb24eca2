# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for a ServiceAccount that loses its role: only what iamsa made or wrote goes."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Refused
from ..identity.account import names_role
from ..identity.arn import parse_role_arn
from ..identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_MARKER,
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_STS_REGIONAL,
    ANNOTATION_TOKEN_EXPIRATION,
)
from ..identity.ownership import marker
from ..model.desired import DeleteRequest
from ..model.observed import ClusterFacts, Observed, ServiceAccount
from ..model.steps.base import Phase
from ..model.steps.kubernetes import DeleteServiceAccount, PatchAnnotations, held_by
from .service_account import BEFORE_FIRST_APPLY, owners_of, patch

_UNRECORDED = "has no recorded field manager, so iamsa may not have set it"
_SETTINGS = (ANNOTATION_AUDIENCE, ANNOTATION_STS_REGIONAL, ANNOTATION_TOKEN_EXPIRATION)


def release_steps(
    removal: DeleteRequest, cluster: ClusterFacts, observed: Observed
) -> Iterator[PatchAnnotations]:
    """Take the role from the pods, and write down which one it was, before the role itself goes.

    Raises:
        Refused: the annotation is another field manager's.
    """
    account, role = observed.service_accounts.get(removal.desired.subject), observed.role
    if account is None or role is None or removal.keep_role:
        return
    if not names_role(account.annotations.get(ANNOTATION_ROLE_ARN, ""), cluster.home, role.name):
        return
    changes = {ANNOTATION_ROLE_ARN: None, ANNOTATION_RECORD: role.arn}
    _refuse_others(removal, cluster, account)
    yield patch(account, changes, Phase.RELEASE)


def end_steps(
    removal: DeleteRequest, cluster: ClusterFacts, observed: Observed
) -> Iterator[DeleteServiceAccount | PatchAnnotations]:
    """Delete the ServiceAccount if iamsa made it, else take only our annotations from it."""
    account = observed.service_accounts.get(removal.desired.subject)
    if account is None or account.deleting or not is_bound(cluster, observed, account):
        return
    if is_made_here(account, cluster) and not removal.keep_service_account:
        yield DeleteServiceAccount(account.subject, account.uid, account.resource_version, account.finalizers)
        return
    ours = _ours(removal, account)
    if ours:
        _refuse_others(removal, cluster, account)
        yield patch(account, dict.fromkeys(ours), Phase.SERVICE_ACCOUNT)


def still_there(removal: DeleteRequest, observed: Observed) -> tuple[str, ...]:
    """What a run finds that has nothing to do but wait: a ServiceAccount that was marked for deletion."""
    account = observed.service_accounts.get(removal.desired.subject)
    if account is None or not account.deleting:
        return ()
    held = f", {held_by(account.finalizers)}" if account.finalizers else ""
    return (f"serviceaccount {account.subject} is marked for deletion already and not gone yet{held}",)


def is_made_here(account: ServiceAccount, cluster: ClusterFacts) -> bool:
    """Whether the marker says that iamsa made this very ServiceAccount: a copy elsewhere is not it."""
    return marker(cluster.cluster, account.subject).items() <= account.annotations.items()


def is_bound(cluster: ClusterFacts, observed: Observed, account: ServiceAccount) -> bool:
    """Whether this removal is about the ServiceAccount: one that names another role is left alone."""
    named = account.annotations.get(ANNOTATION_ROLE_ARN, "")
    if parse_role_arn(named):
        return names_role(named, cluster.home, observed.role_name)
    # What is not a role's ARN names no other role either.
    return ANNOTATION_RECORD in account.annotations or is_made_here(account, cluster)


def _ours(removal: DeleteRequest, account: ServiceAccount) -> list[str]:
    """The annotations that bind the ServiceAccount to the role, and those that iamsa wrote beside them."""
    manager = removal.desired.service_account.field_manager
    keys = [ANNOTATION_ROLE_ARN, ANNOTATION_RECORD, ANNOTATION_MARKER]
    keys += [key for key in _SETTINGS if manager in account.managers.get(key, ())]
    named = account.annotations.get(ANNOTATION_ROLE_ARN)
    if named and not parse_role_arn(named):
        keys.remove(ANNOTATION_ROLE_ARN)
    return [key for key in keys if key in account.annotations]


def _refuse_others(removal: DeleteRequest, cluster: ClusterFacts, account: ServiceAccount) -> None:
    """What another field manager wrote it would write again, or miss: it is not ours to take. Nor is what no
    manager is recorded of, unless iamsa made the ServiceAccount."""
    owners = owners_of(account, ANNOTATION_ROLE_ARN)
    others = owners - {BEFORE_FIRST_APPLY}
    if removal.desired.service_account.field_manager in owners or removal.overrides.annotations_of_others:
        return
    if not others and (ANNOTATION_ROLE_ARN not in account.annotations or is_made_here(account, cluster)):
        return
    whose = f"belongs to the field manager {', '.join(sorted(others))}" if others else _UNRECORDED
    raise Refused(
        f"annotation {ANNOTATION_ROLE_ARN} of serviceaccount {account.subject} {whose}",
        remedy="remove it there first, or add --force-conflicts to remove it here"
        if others
        else "add --force-conflicts to remove it",
        resource=f"serviceaccount/{account.subject.name}",
    )
