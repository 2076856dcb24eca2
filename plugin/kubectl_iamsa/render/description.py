"""Prints the chain of a ServiceAccount, as a tree or as a document."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.chain import Chain
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.check import Result
from ansible_collections.iamsa.eks.plugins.module_utils.documents.parts import (
    annotations_part,
    owner_in_words,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import TAG_PREFIX
from ansible_collections.iamsa.eks.plugins.module_utils.identity.ownership import Ownership
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import held_by
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role, RoleUse

from ..terminal.console import Console
from .tree import Node, lines, signs_for

RED, GREEN, YELLOW, BOLD = "31", "32", "33", "1"
# The labels of trust statements, by mark.
_MARKS = {"ours": "ours", "stale": "stale", "podIdentity": "Pod Identity", "unmanaged": "unmanaged"}
# The tracking period: https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html
TRACKED = timedelta(days=400)
NOT_USED = f"not in the last {TRACKED.days} days"


def print_description(
    chain: Chain, problems: tuple[Result, ...], console: Console, *, output: str, verbose: bool = False
) -> None:
    """Print the chain in the format of `-o`. `verbose` also shows iamsa's own tags."""
    if output in ("json", "yaml"):
        from ansible_collections.iamsa.eks.plugins.module_utils.documents.description import (  # noqa: PLC0415
            description_document,
        )

        from .document import print_document  # noqa: PLC0415

        print_document(description_document(chain, problems), console, output=output)
        return
    signs = signs_for(getattr(console.stdout, "encoding", None) or "utf-8")
    for branch, node in lines(_tree(chain, problems, signs.broken, verbose=verbose), signs):
        console.painted((branch, ""), (node.text, node.color))
    if not problems:
        console.painted(("No problems found" + _unchecked(chain), GREEN))


def _unchecked(chain: Chain) -> str:
    """Complete "No problems found" with what was not checked."""
    if chain.elsewhere:
        return "; the role is in another AWS account and was not checked"
    return "; Pod Identity associations could not be read" if chain.associations.unread else ""


def _tree(chain: Chain, problems: tuple[Result, ...], broken: str, *, verbose: bool) -> Node:
    root = Node(f"ServiceAccount {chain.subject}{_made(chain)}", BOLD)
    for key, value in annotations_part(
        chain.service_account.annotations if chain.service_account else {}
    ).items():
        root.add(f"{key}: {value}")
    for association in chain.associations.items:
        given = association.given or "a role that could not be read"
        root.add(f"Pod Identity association {association.id}: new pods get {given}", YELLOW)
    role = Node(f"Role {chain.named if chain.elsewhere else chain.role_name}", BOLD)
    provider = Node(f"OIDC provider {chain.facts.cluster.claim_prefix}", BOLD)
    trust, policies = Node("Trust policy", BOLD), Node("Policies", BOLD)
    links = {
        "serviceAccount": root,
        "role": role,
        "trust": trust,
        "policies": policies,
        "oidcProvider": provider,
    }
    if chain.elsewhere:
        role.add("is in another AWS account, and is not read")
    if chain.role and chain.owner:
        _describe_role(role, chain, chain.role, chain.owner, verbose=verbose)
        _describe_trust(trust, chain)
        _describe_policies(policies, chain)
    if chain.facts.provider:
        provider.add(f"audiences: {', '.join(chain.facts.provider.audiences) or 'none'}")
    for problem in problems:
        word, color = ("broken", RED) if problem.verdict == "fail" else ("warning", YELLOW)
        found = links[problem.check.subject].add(f"{broken}{word}: " + problem.what, color)
        if problem.remedy:
            found.add("to fix it, run: " + problem.remedy, YELLOW)
    if chain.associations.in_force and not chain.named and not chain.role:
        root.children += [provider]
        return root
    role.children += [node for node in (trust, policies) if node.children]
    root.children += [role, *([] if chain.elsewhere else [provider])]
    return root


def _made(chain: Chain) -> str:
    if chain.service_account is None:
        return ""
    made = ", created by iamsa" if chain.made_by_iamsa else ", not created by iamsa"
    if not chain.service_account.deleting:
        return made
    finalizers = chain.service_account.finalizers
    return f"{made}, marked for deletion" + (f", {held_by(finalizers)}" if finalizers else "")


def _describe_role(node: Node, chain: Chain, role: Role, owner: Ownership, *, verbose: bool) -> None:
    node.add(f"ARN: {role.arn}")
    node.add("owner: " + owner_in_words(owner, role), YELLOW if owner.verdict == "unmanaged" else "")
    if role.description:
        node.add(f"description: {role.description}")
    shown = {key: value for key, value in role.tags.items() if verbose or not key.startswith(TAG_PREFIX)}
    none = "tags: only those of iamsa (-v shows them)" if role.tags else "tags: none"
    tags = node.add("tags" if shown else none)
    for key, value in shown.items():
        tags.add(f"{key}: {value}")
    node.add(f"permissions boundary: {role.permissions_boundary or 'none'}")
    node.add(f"session length: {_duration(role.max_session_duration)}")
    node.add(f"last used: {_last_used(chain.use, role)}")


def _last_used(use: RoleUse | None, role: Role) -> str:
    if use:
        return f"{use.at} in {use.region}" if use.region else use.at
    if not role.created:
        return NOT_USED
    age = datetime.now(timezone.utc) - datetime.fromisoformat(role.created)
    return f"never (created {role.created})" if age < TRACKED else NOT_USED


def _describe_trust(node: Node, chain: Chain) -> None:
    for one in chain.statements:
        node.add(f"{_MARKS[one.mark]}: " + one.words, "" if one.mark == "ours" else YELLOW)
    if chain.admission and chain.admission.verdict == "depends":
        node.add(f"allowed only under conditions on {', '.join(chain.admission.conditions)}", YELLOW)


def _describe_policies(node: Node, chain: Chain) -> None:
    for arn, name in chain.seen.attached.items() if chain.seen else ():
        node.add(f"managed {name}: {arn}")
    for name in chain.seen.inline if chain.seen else ():
        node.add(f"inline {name}")


def _duration(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    parts = ((hours, "h"), (rest // 60, "m"), (rest % 60, "s"))
    return " ".join(f"{count}{unit}" for count, unit in parts if count) or "0s"
