# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the role and of what it is allowed."""

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
from . import doc_links
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
        what = f"its tags name an earlier cluster of the same name, with the issuer {owner.issuer}"
        yield Finding(what, (Option("rebind"),))


def boundary_lost(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    if not chain.role or not chain.owner or chain.owner.verdict == "foreign":
        return
    there, lost, replaced = (
        chain.role.permissions_boundary,
        lost_boundary(chain.role),
        replaced_boundary(chain.role),
    )
    if lost and chain.has_recorded_boundary:
        yield Finding(f"its permissions boundary {lost} was removed")
    elif lost:
        what = f"its permissions boundary {lost} was removed, and that policy no longer exists"
        yield Finding(what, (Option("permissions_boundary", "POLICY_ARN"),))
    elif replaced and there:
        wanted = replaced if chain.has_recorded_boundary else there
        what = f"its permissions boundary is {there}, and iamsa set {replaced}"
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
    how = "allows nothing" if not allows else "denies everything"
    subject = evidence.chain.subject
    given = (Option("namespace", subject.namespace), Option("permissions_boundary", "POLICY_ARN"))
    another = Command("update", subject.name, given)
    yield Finding(f"its permissions boundary {boundary} {how}", remedy=another)


def no_policies(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    if chain.seen and not chain.seen.policy_names and not chain.is_being_deleted:
        yield Finding(
            "the role has no policies, so its pods may do only what resources' own policies allow",
            own_role_or_overrides(chain),
        )


def quota_used_up(evidence: Evidence) -> Iterator[Finding]:
    seen, quota = evidence.chain.seen, evidence.quotas.attachments if evidence.quotas else None
    if seen and quota and len(seen.attached) >= quota:
        what = f"{len(seen.attached)} managed policies are attached, and the account's quota is {quota}"
        yield Finding(f"{what}: put some together, or ask AWS for a higher one", mends=False)


def _is_about_all(statement: Mapping[str, Any]) -> bool:
    if statement.get("Condition"):
        return False
    actions, resources = statement.get("Action"), statement.get("Resource")
    return _has_all(actions) and _has_all(resources)


def _has_all(value: Any) -> bool:
    return any(like("any:thing", str(one)) for one in (value if isinstance(value, list) else [value]))


def _as_annotated(named: Arn | None, default_role: str) -> tuple[Option, ...]:
    """create makes a new role where the annotation says only if it is asked for that place, and can."""
    if named is None or named.path == DEFAULT_PATH:
        return ()
    if is_reserved_path(named.path):
        return (Option("role_name", default_role), Option("force_conflicts"))
    return (Option("role_name", named.name), Option("path", named.path))


ROLE_CHECKS = (
    Check(
        "role-exists",
        "role",
        "the role that is named",
        "AWS says AccessDenied: not authorized to perform sts:AssumeRoleWithWebIdentity.",
        "AWS does not say whether a role is missing or does not trust the token. This one is missing.",
        doc_links.ROLE,
        create_command() + " makes it where the annotation says.",
        role_missing,
        needs=("role",),
        after=("cluster-context", "service-account-deleting", "annotation-account"),
    ),
    Check(
        "role-cluster",
        "role",
        "whether the role's tags name this cluster",
        "create refuses the role: it was made for an earlier cluster.",
        "The role was made for a cluster of the same name that is gone. Its trust policy lets the new one in"
        " already, its tags do not say so.",
        doc_links.ROLE,
        create_command(Option("rebind")) + " writes this cluster's issuer.",
        role_of_earlier_cluster,
        needs=("role",),
        after=("role-exists", "trust-issuer"),
        warns=True,
    ),
    Check(
        "boundary-kept",
        "role",
        "whether the permissions boundary is still the one that iamsa set",
        "The role may do more, or less, than it was made for.",
        "The role was made with a permissions boundary, as its tag says. Since then somebody has removed it"
        " or put another one in its place.",
        doc_links.BOUNDARY,
        create_command() + " puts one back that was removed. `" + Option("permissions_boundary") + "` says"
        " which one the role should have.",
        boundary_lost,
        needs=("role",),
        after=("role-exists",),
        warns=True,
    ),
    Check(
        "boundary-allows",
        "role",
        "whether the permissions boundary allows anything",
        "Pods get their role, and every call is denied.",
        "A role may do what both its policies and its boundary allow. This boundary leaves nothing, whatever"
        " is attached.",
        doc_links.BOUNDARY,
        "`"
        + Command("update", "NAME", (Option("permissions_boundary", "POLICY_ARN"),))
        + "` sets another one.",
        boundary_denies_all,
        needs=("role", "boundary"),
        after=("role-exists",),
    ),
    Check(
        "policies-attached",
        "policies",
        "whether the role has policies",
        "Pods get their role, and every call is denied.",
        "A role without policies may do only what policies of resources allow it. A managed policy that was"
        " deleted and made again is no longer attached.",
        doc_links.ROLE,
        create_command() + " attaches one.",
        no_policies,
        needs=("role", "policies"),
        after=("role-exists",),
    ),
    Check(
        "policies-quota",
        "policies",
        "whether another policy can be attached",
        "The next policy cannot be attached: LimitExceeded.",
        "IAM limits how many managed policies a role has. An account's quota can be raised, up to a point.",
        doc_links.QUOTAS,
        "No command: put policies together, or ask AWS for a higher quota.",
        quota_used_up,
        needs=("role", "policies", "quota"),
        after=("role-exists",),
        warns=True,
    ),
)
