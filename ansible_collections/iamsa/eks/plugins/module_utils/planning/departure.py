# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for a ServiceAccount that loses its role: only what iamsa made or wrote goes."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Refused
from ..model.constants import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_MARKER,
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_STS_REGIONAL,
    ANNOTATION_TOKEN_EXPIRATION,
)
from ..model.identity import Arn, RoleHome
from ..model.ownership import marker
from ..model.state import ClusterFacts, Removal, RoleFacts, ServiceAccount
from ..model.steps import Phase, ResourceRef, Step
from .account import BEFORE_FIRST_APPLY, owners_of, patch

_SETTINGS = (ANNOTATION_AUDIENCE, ANNOTATION_STS_REGIONAL, ANNOTATION_TOKEN_EXPIRATION)


def release_steps(removal: Removal, observed: RoleFacts) -> Iterator[Step]:
    """Take the role from the pods, and write down which one it was, before the role itself goes.

    Raises:
        Refused: the annotation is another field manager's.
    """
    account, role = observed.service_accounts.get(removal.desired.subject), observed.role
    if account is None or role is None or removal.keep_role:
        return
    if account.annotations.get(ANNOTATION_ROLE_ARN) != role.arn:
        return
    changes = {ANNOTATION_ROLE_ARN: None, ANNOTATION_RECORD: role.arn}
    _refuse_others(removal, account)
    yield patch(account, changes, Phase.RELEASE)


def end_steps(removal: Removal, cluster: ClusterFacts, observed: RoleFacts) -> Iterator[Step]:
    """Delete the ServiceAccount if iamsa made it, else take only our annotations from it."""
    account = observed.service_accounts.get(removal.desired.subject)
    if account is None or account.deleting or not is_bound(cluster, observed, account):
        return
    if is_made_here(account, cluster) and not removal.keep_service_account:
        target = ResourceRef("serviceaccount", account.subject.name)
        before = dict(account.annotations)
        yield Step("delete", target, Phase.SERVICE_ACCOUNT, before, None, f"{target} deleted")
        return
    ours = _ours(removal, account)
    if ours:
        _refuse_others(removal, account)
        yield patch(account, dict.fromkeys(ours), Phase.SERVICE_ACCOUNT)


def is_made_here(account: ServiceAccount, cluster: ClusterFacts) -> bool:
    """Whether the marker says that iamsa made this very ServiceAccount: a copy elsewhere is not it."""
    return marker(cluster.cluster, account.subject).items() <= account.annotations.items()


def is_bound(cluster: ClusterFacts, observed: RoleFacts, account: ServiceAccount) -> bool:
    """Whether this removal is about the ServiceAccount: one that names another role is left alone."""
    named = account.annotations.get(ANNOTATION_ROLE_ARN)
    if named:
        return _is_this_role(named, cluster.home, observed)
    return ANNOTATION_RECORD in account.annotations or is_made_here(account, cluster)


def _is_this_role(text: str, home: RoleHome, observed: RoleFacts) -> bool:
    """Whether it is this role's ARN; of a role that is gone the path is not known."""
    if observed.role:
        return text == observed.role.arn
    arn, here = Arn.parse(text), (home.partition, home.account, observed.role_name)
    return arn is not None and (arn.partition, arn.account, arn.name) == here


def _ours(removal: Removal, account: ServiceAccount) -> list[str]:
    """The annotations that bind the ServiceAccount to the role, and those that iamsa wrote beside them."""
    manager = removal.desired.service_account.field_manager
    keys = [ANNOTATION_ROLE_ARN, ANNOTATION_RECORD, ANNOTATION_MARKER]
    keys += [key for key in _SETTINGS if manager in account.managers.get(key, ())]
    return [key for key in keys if key in account.annotations]


def _refuse_others(removal: Removal, account: ServiceAccount) -> None:
    """What another field manager wrote it would write again, or miss: it is not ours to take."""
    manager = removal.desired.service_account.field_manager
    others = owners_of(account, ANNOTATION_ROLE_ARN) - {manager, BEFORE_FIRST_APPLY}
    if others and manager not in owners_of(account, ANNOTATION_ROLE_ARN):
        if removal.desired.consent.force_conflicts:
            return
        raise Refused(
            f"annotation {ANNOTATION_ROLE_ARN} of serviceaccount {account.subject} belongs to the field"
            f" manager {', '.join(sorted(others))}",
            remedy="remove it there first, or add --force-conflicts to remove it here",
            resource=f"serviceaccount/{account.subject.name}",
        )
