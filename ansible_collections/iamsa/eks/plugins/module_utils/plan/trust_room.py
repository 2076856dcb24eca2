# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether iamsa's statement can be added to a trust policy, and whether the account's quotas matter."""

from __future__ import annotations

from dataclasses import replace

from ..identity.ownership import role_owner
from ..model.observed import ClusterFacts, Observed
from ..model.target import Target
from ..policy.document import document_size
from ..policy.equality import Document
from ..policy.limits import ATTACHMENTS, limit
from ..policy.reference import ManagedPolicy
from ..trust.gone import deleted_principals
from ..trust.statements import statements_of
from ..wording.text import Option, Sentence
from .trust import trust_steps


def needs_quotas(target: Target, cluster: ClusterFacts, observed: Observed) -> bool:
    """Whether the run might exceed the default of a quota that AWS can raise: only then are quotas read."""
    arns = {policy.arn for policy in target.policies if isinstance(policy, ManagedPolicy)}
    attached = observed.attached.keys()
    if arns - attached and len(arns | attached) > ATTACHMENTS:
        return True
    trust = _trust_after(target, cluster, observed, replaces=target.overrides.replace_trust)
    return trust is not None and not document_size(trust).surely_within(limit("trust", None))


def obstacle(target: Target, cluster: ClusterFacts, observed: Observed) -> str:
    """Why iamsa's statement cannot be added next to the existing ones, as a predicate; "" if it can."""
    after = _trust_after(target, cluster, observed, replaces=False)
    if after is not None and deleted_principals(statements_of(after)):
        return names_deleted(after)
    return "" if _fits(after, observed) else "has no room for iamsa's statement next to the others"


def names_deleted(trust: Document) -> str:
    """What is wrong with a trust policy that names deleted roles or users, as a predicate."""
    ids = " and ".join(deleted_principals(statements_of(trust)))
    return f"names {ids}, a deleted role or user, which IAM no longer accepts"


def fits_alone(target: Target, cluster: ClusterFacts, observed: Observed) -> bool:
    """Whether iamsa's statement may fit only after the statements that iamsa did not add are removed."""
    alone = _trust_after(target, cluster, observed, replaces=True)
    return _fits(alone, observed) and alone != _trust_after(target, cluster, observed, replaces=False)


def another_role(target: Target) -> Sentence:
    """The options for using another role, in words."""
    move = "another " + Option("role_name")
    return move + " and " + Option("force_conflicts") if target.binding.resists else move


def _fits(trust: Document | None, observed: Observed) -> bool:
    return trust is None or not document_size(trust).surely_beyond(limit("trust", observed.quotas))


def _trust_after(
    target: Target, cluster: ClusterFacts, observed: Observed, *, replaces: bool
) -> Document | None:
    """The trust policy with iamsa's statement, next to all others or alone; None if it does not change."""
    role = observed.role
    if role is None:
        return target.role.trust
    overrides = replace(target.overrides, adopt=True, replace_trust=replaces)
    allowed = replace(target, asked=replace(target.asked, overrides=overrides))
    owner = role_owner(role.tags, cluster.cluster, target.subject)
    return next((step.after for step in trust_steps(allowed, role, owner, observed.pod_use)), None)
