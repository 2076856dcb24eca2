"""The outcome of create, as text for people or as a document for machines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.model.steps import Outcome, Step

from ..console import Console
from .parts import (
    API_VERSION,
    annotations_part,
    cluster_part,
    policies_part,
    print_document,
    provider_part,
)

KIND = "ServiceAccountRole"


def print_result(outcome: Outcome, console: Console, *, output: str, dry_run: str) -> None:
    """Print it in the form that `-o` asks for; what a person has to know besides goes to stderr."""
    if output == "name":
        console.result(outcome.role.name)
    elif output != "text":
        print_document(document(outcome, dry_run), console, output=output)
    else:
        if not outcome.changed:
            console.result(f"serviceaccount/{outcome.subject.name} unchanged")
        console.result(outcome.role.arn)
    print_notices(outcome, console, dry_run=dry_run, restarts=output in ("text", "name"))


def print_notices(outcome: Outcome, console: Console, *, dry_run: str, restarts: bool = True) -> None:
    """On stderr, what a person has to know besides the result."""
    for notice in outcome.notices:
        console.notice(f"note: {notice}")
    if outcome.restarts and restarts:
        verb = "need" if dry_run == "none" else "would need"
        console.notice(f"Pods that run under {outcome.subject} {verb} a restart to take the role:")
        for command in outcome.restarts:
            console.notice(f"  {command}")


def document(outcome: Outcome, dry_run: str) -> dict[str, Any]:
    """The outcome as one object of the kind ServiceAccountRole."""
    role = outcome.role
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {"name": outcome.subject.name, "namespace": outcome.subject.namespace},
        "changed": outcome.changed,
        "dryRun": dry_run,
        "cluster": cluster_part(outcome.facts.cluster),
        "oidcProvider": provider_part(outcome.facts.provider),
        "role": {
            "arn": role.arn,
            "name": role.name,
            "path": role.path,
            "description": role.description or "",
            "maxSessionDuration": role.max_session_duration,
            "permissionsBoundary": role.permissions_boundary,
            "tags": dict(role.tags),
            "trustPolicy": role.trust,
        },
        "policies": policies_part(outcome.attached, outcome.inline),
        "serviceAccount": {"annotations": annotations_part(outcome.annotations)},
        "steps": step_documents(outcome.steps),
        "restarts": list(outcome.restarts),
        "notices": list(outcome.notices),
    }


def step_documents(steps: Iterable[Step]) -> list[dict[str, Any]]:
    return [
        {
            "verb": step.verb,
            "kind": step.target.kind,
            "name": step.target.name,
            "part": step.target.part,
            "sentence": step.sentence,
        }
        for step in steps
    ]
