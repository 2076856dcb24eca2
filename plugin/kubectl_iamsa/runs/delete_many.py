"""Deletes the roles of all ServiceAccounts in manifests."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace

from ansible_collections.iamsa.eks.plugins.module_utils.identity.cluster import ClusterRef
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.kubernetes import DeleteServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.role import DeleteRole

from ..render.applied import Applied
from ..render.to_delete import to_delete
from ..terminal.console import Console
from ..terminal.question import asker
from .batch import Run
from .manifests import opened_for


def delete_many(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    """Run the command, and return the exit code. Raises IamsaError, which the caller prints.

    Everything is planned before the question, and before the first write.
    """
    manifests, access, cluster = opened_for(args, console, environ)
    asked = [
        _without_purge(item.asked.deletion(access.namespace), purges=args.purge) for item in manifests.items
    ]
    run = Run(manifests.items, asked, access, args, console, environ)
    if args.dry_run == "none":
        plan = run.read()
        if plan.changed:
            console.notice(_summary(plan, cluster))
            ask = None if args.yes else asker(console, access.deadline, f"{cluster.name} ({access.title})")
            if ask:
                ask([line for one in plan.recorders for line in to_delete(one.planned_steps, one.before)])
    return run.finish(cluster)


def _without_purge(request: DeleteRequest, *, purges: bool) -> DeleteRequest:
    """`purge` of a manifest is about the policies that the role has, not about the deletion of a role."""
    return replace(request, overrides=replace(request.overrides, policies_of_others=purges))


def _summary(plan: Applied, cluster: ClusterRef) -> str:
    steps = [step for one in plan.recorders for step in one.planned_steps]
    roles = sum(isinstance(step, DeleteRole) for step in steps)
    service_accounts = sum(isinstance(step, DeleteServiceAccount) for step in steps)
    counts = f"{_count(roles, 'role')} and {_count(service_accounts, 'ServiceAccount')}"
    return f"deleting {counts} of cluster {cluster.id}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
