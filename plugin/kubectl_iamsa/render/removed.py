"""What delete did, as text for people or as a document for machines."""

from __future__ import annotations

from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.model.steps import Removed

from ..console import Console
from .parts import API_VERSION, cluster_part, print_document
from .result import step_documents

KIND = "ServiceAccountRoleDeletion"


def print_removed(removed: Removed, console: Console, *, output: str, dry_run: str) -> None:
    """Print it in the form that `-o` asks for; what a person has to know besides goes to stderr."""
    if output == "name":
        console.result(removed.role_name)
    elif output != "text":
        print_document(document(removed, dry_run), console, output=output)
    for notice in removed.notices:
        console.notice(f"note: {notice}")


def document(removed: Removed, dry_run: str) -> dict[str, Any]:
    """The removal as one object."""
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {"name": removed.subject.name, "namespace": removed.subject.namespace},
        "changed": removed.changed,
        "dryRun": dry_run,
        "cluster": cluster_part(removed.facts.cluster),
        "role": {"arn": removed.role_arn, "name": removed.role_name},
        "steps": step_documents(removed.steps),
        "notices": list(removed.notices),
    }
