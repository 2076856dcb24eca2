# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a role's trust policy has room for our statement, and whether the account's quotas matter."""

from __future__ import annotations

from dataclasses import replace

from ..identity.arn import parse_role_arn
from ..identity.keys import ANNOTATION_AUDIENCE, ANNOTATION_ROLE_ARN
from ..model.desired import Desired
from ..model.observed import ClusterFacts, Observed
from ..policy.document import document_size
from ..policy.equality import Document
from ..policy.limits import ATTACHMENTS, limit
from ..policy.reference import ManagedPolicy
from .ownership import role_owner
from .resolve import role_target
from .status import named_role
from .trust import trust_steps


def needs_quotas(desired: Desired, cluster: ClusterFacts, observed: Observed) -> bool:
    """Whether the run might pass the default of a quota that AWS raises: only then they are read."""
    arns = {policy.arn for policy in observed.policies if isinstance(policy, ManagedPolicy)}
    attached = observed.attached.keys()
    if arns - attached and len(arns | attached) > ATTACHMENTS:
        return True
    trust = _trust_after(desired, cluster, observed, replaces=desired.overrides.replace_trust)
    return trust is not None and not document_size(trust).surely_within(limit("trust", None))


def has_room(desired: Desired, cluster: ClusterFacts, observed: Observed) -> bool:
    """Whether the trust policy may take our statement beside those that are there."""
    return _fits(_trust_after(desired, cluster, observed, replaces=False), observed)


def fits_alone(desired: Desired, cluster: ClusterFacts, observed: Observed) -> bool:
    """Whether it may take our statement once those of others are removed, and has not room for it before."""
    alone = _trust_after(desired, cluster, observed, replaces=True)
    return _fits(alone, observed) and alone != _trust_after(desired, cluster, observed, replaces=False)


def another_role(desired: Desired, observed: Observed) -> str:
    """The flags that leave this role alone, in words."""
    account = observed.service_accounts.get(desired.subject)
    annotations = account.annotations if account else {}
    contradicts = annotations.get(ANNOTATION_AUDIENCE, desired.audience) != desired.audience
    is_moved = bool(annotations.get(ANNOTATION_ROLE_ARN)) or contradicts
    return "another --role-name" + (" and --force-conflicts" if is_moved else "")


def is_named(desired: Desired, observed: Observed) -> bool:
    """Whether the ServiceAccount's annotation is what chose the role."""
    arn = parse_role_arn(named_role(observed.service_accounts.get(desired.subject)))
    return not desired.role.name and arn is not None and arn.name == observed.role_name


def _fits(trust: Document | None, observed: Observed) -> bool:
    return trust is None or not document_size(trust).surely_beyond(limit("trust", observed.quotas))


def _trust_after(
    desired: Desired, cluster: ClusterFacts, observed: Observed, *, replaces: bool
) -> Document | None:
    """The trust policy with our statement, beside all others or alone; None where it stays as it is."""
    role = observed.role
    if role is None:
        return role_target(desired, cluster, observed.role_name).trust
    allowed = replace(desired, overrides=replace(desired.overrides, adopt=True, replace_trust=replaces))
    owner = role_owner(role.tags, cluster.cluster, desired.subject)
    return next((step.after for step in trust_steps(allowed, cluster, role, owner, observed.pod_use)), None)
