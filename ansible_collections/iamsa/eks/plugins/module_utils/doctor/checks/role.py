# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the role, its permissions boundary and its policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...identity.arn import Arn
from ...identity.keys import DEFAULT_PATH
from ...model.names import is_reserved_path
from ...plan.recorded_boundary import lost_boundary, replaced_boundary
from ...trust.statement_parts import like
from ...trust.statements import statements_of
from ...wording.text import Command, Option
from ..evidence import Evidence
from . import doc_links, symptoms
from .check import Check, Finding, create_command
from .overrides import own_role_or_overrides


def role_missing(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    if chain.role:
        return
    annotated = chain.facts.home.role_named(chain.named)
    named = annotated if annotated and not chain.asked_role else None
    yield Finding(f"role {chain.role_name} does not exist", _as_annotated(named, chain.default_role))


def role_of_earlier_cluster(evidence: Evidence) -> Iterator[Finding]:
    owner = evidence.chain.owner
    if owner and owner.verdict == "rebound":
        what = f"the role's tags name a deleted cluster with the same name and the issuer {owner.issuer}"
        yield Finding(what, (Option("rebind"),))


def boundary_lost(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    if not chain.role or not chain.owner or chain.owner.verdict == "unmanaged":
        return
    there, lost, replaced = (
        chain.role.permissions_boundary,
        lost_boundary(chain.role),
        replaced_boundary(chain.role),
    )
    if lost and chain.has_recorded_boundary:
        yield Finding(f"the role's permissions boundary {lost} was removed")
    elif lost:
        what = f"the role's permissions boundary {lost} was removed, and the policy no longer exists"
        yield Finding(what, (Option("permissions_boundary", "POLICY_ARN"),))
    elif replaced and there:
        wanted = replaced if chain.has_recorded_boundary else there
        what = f"the role's permissions boundary is {there}, but iamsa set {replaced}"
        gone = "" if chain.has_recorded_boundary else ", which no longer exists"
        yield Finding(f"{what}{gone}", own_flags=(Option("permissions_boundary", wanted),))


def boundary_denies_all(evidence: Evidence) -> Iterator[Finding]:
    boundary = evidence.chain.role.permissions_boundary if evidence.chain.role else None
    if not boundary or evidence.boundary is None:
        return
    statements = [one for one in statements_of(evidence.boundary) if isinstance(one, Mapping)]
    allows = [one for one in statements if one.get("Effect") == "Allow"]
    if allows and not any(one.get("Effect") == "Deny" and _is_about_all(one) for one in statements):
        return
    how = "does not allow any action" if not allows else "denies all actions"
    subject = evidence.chain.subject
    given = (Option("namespace", subject.namespace), Option("permissions_boundary", "POLICY_ARN"))
    another = Command("update", subject.name, given)
    yield Finding(f"the role's permissions boundary {boundary} {how}", remedy=another)


def no_policies(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    if chain.seen and not chain.seen.policy_names and not chain.is_being_deleted:
        yield Finding(
            "the role has no policies, so pods are allowed only what resource-based policies allow",
            own_role_or_overrides(chain),
        )


def quota_used_up(evidence: Evidence) -> Iterator[Finding]:
    seen, quota = evidence.chain.seen, evidence.quotas.attachments if evidence.quotas else None
    if seen and quota and len(seen.attached) >= quota:
        what = f"the role has {len(seen.attached)} managed policies, and the account's quota is {quota}"
        yield Finding(f"{what}; combine policies, or request a higher quota", mends=False)


def _is_about_all(statement: Mapping[str, Any]) -> bool:
    if statement.get("Condition"):
        return False
    actions, resources = statement.get("Action"), statement.get("Resource")
    return _has_all(actions) and _has_all(resources)


def _has_all(value: Any) -> bool:
    return any(like("any:thing", str(one)) for one in (value if isinstance(value, list) else [value]))


def _as_annotated(named: Arn | None, default_role: str) -> tuple[Option, ...]:
    """The options with which create makes the role that the annotation names, if IAM allows its path."""
    if named is None or named.path == DEFAULT_PATH:
        return ()
    if is_reserved_path(named.path):
        return (Option("role_name", default_role), Option("force_conflicts"))
    return (Option("role_name", named.name), Option("path", named.path))


ROLE_CHECKS = (
    Check(
        "role-exists",
        "role",
        "the role exists",
        symptoms.ASSUME_DENIED,
        "A role that does not exist causes the same error as a role that does not trust the token. AWS does"
        " not reveal which of them is the cause.",
        doc_links.ROLE,
        "Run " + create_command() + " to create the role that the annotation names.",
        role_missing,
        needs=("role",),
        after=("cluster-context", "service-account-deleting", "annotation-account"),
        unless=("annotation-form",),
    ),
    Check(
        "role-cluster",
        "role",
        "the role's tags name this cluster",
        symptoms.CHANGED_ROLE,
        "The role was created for a deleted cluster with the same name. Its trust policy already trusts the"
        " new cluster, but its tags still name the issuer of the deleted one.",
        doc_links.ROLE,
        "Run " + create_command(Option("rebind")) + " to update the tags.",
        role_of_earlier_cluster,
        needs=("role",),
        after=("role-exists", "trust-issuer"),
        warns=True,
    ),
    Check(
        "boundary-kept",
        "role",
        "the role has the permissions boundary that iamsa set",
        symptoms.CALL_DENIED,
        "iamsa created the role with a permissions boundary and recorded it in a tag. It was removed or"
        " replaced since, so the role may have more or fewer permissions than intended.",
        doc_links.BOUNDARY,
        "Run "
        + create_command()
        + " to restore the boundary, or add `"
        + Option("permissions_boundary")
        + "` to set another one.",
        boundary_lost,
        needs=("role",),
        after=("role-exists",),
        warns=True,
    ),
    Check(
        "boundary-allows",
        "role",
        "the permissions boundary allows at least some actions",
        symptoms.CALL_DENIED,
        "A role has only the permissions that both its policies and its permissions boundary allow. If the"
        " boundary allows nothing, pods have no permissions, whatever policies are attached.",
        doc_links.BOUNDARY,
        "Run `"
        + Command("update", "NAME", (Option("permissions_boundary", "POLICY_ARN"),))
        + "` to set another boundary.",
        boundary_denies_all,
        needs=("role", "boundary"),
        after=("role-exists",),
    ),
    Check(
        "policies-attached",
        "policies",
        "the role has policies",
        symptoms.CALL_DENIED,
        "A role without policies has only the permissions that resource-based policies grant it. A managed"
        " policy that was deleted and created again is no longer attached.",
        doc_links.ROLE,
        "Run " + create_command() + " to attach a policy.",
        no_policies,
        needs=("role", "policies"),
        after=("role-exists",),
    ),
    Check(
        "policies-quota",
        "policies",
        "another managed policy can be attached",
        symptoms.LIMIT_EXCEEDED,
        "IAM limits the number of managed policies that can be attached to a role. AWS can increase the"
        " quota of an account up to a maximum.",
        doc_links.QUOTAS,
        "Combine policies, or request a quota increase from AWS.",
        quota_used_up,
        needs=("role", "policies", "quota"),
        after=("role-exists",),
        warns=True,
    ),
)
