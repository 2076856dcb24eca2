"""The outcome of create, as text for people or as a document for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.model.constants import MANAGED_ANNOTATIONS
from ansible_collections.iamsa.eks.plugins.module_utils.model.identity import ClusterRef
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps import Outcome, Step

from ..console import Console

API_VERSION = "iamsa/v1alpha1"
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


def print_document(made: dict[str, Any], console: Console, *, output: str) -> None:
    """As JSON or YAML."""
    if output == "json":
        console.result(json.dumps(made, indent=2))
        return
    import yaml  # noqa: PLC0415

    console.result(yaml.safe_dump(made, sort_keys=False).rstrip())


def document(outcome: Outcome, dry_run: str) -> dict[str, Any]:
    """The outcome as one object of the kind ServiceAccountRole."""
    cluster, role, provider = outcome.facts.cluster, outcome.role, outcome.facts.provider
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {"name": outcome.subject.name, "namespace": outcome.subject.namespace},
        "changed": outcome.changed,
        "dryRun": dry_run,
        "cluster": cluster_document(cluster),
        "oidcProvider": provider and {"arn": provider.arn, "audiences": list(provider.audiences)},
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
        "policies": {
            "managed": [{"name": name, "arn": arn} for arn, name in outcome.attached.items()],
            "inline": list(outcome.inline),
        },
        "serviceAccount": {
            "annotations": {
                key: outcome.annotations[key] for key in MANAGED_ANNOTATIONS if key in outcome.annotations
            }
        },
        "steps": step_documents(outcome.steps),
        "restarts": list(outcome.restarts),
        "notices": list(outcome.notices),
    }


def cluster_document(cluster: ClusterRef) -> dict[str, Any]:
    return {
        "name": cluster.name,
        "arn": cluster.arn,
        "region": cluster.region,
        "issuer": cluster.issuer,
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
