"""Prints the outcome of create and update, as text or as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..terminal.console import Console

if TYPE_CHECKING:
    from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import Outcome


def print_outcome(outcome: Outcome, console: Console, *, output: str, dry_run: str) -> None:
    """Print the outcome in the format of `-o`, and notices to stderr."""
    if output == "name":
        console.result(outcome.role.name)
    elif output != "text":
        from ansible_collections.iamsa.eks.plugins.module_utils.documents.outcome import outcome_document  # noqa: PLC0415

        from .document import print_document  # noqa: PLC0415

        print_document(outcome_document(outcome, dry_run), console, output=output)
    else:
        if not outcome.changed:
            console.result(f"serviceaccount/{outcome.subject.name} unchanged")
        console.result(outcome.role.arn)
    print_notices(outcome, console, dry_run=dry_run, restarts=output in ("text", "name"))


def print_notices(outcome: Outcome, console: Console, *, dry_run: str, restarts: bool = True) -> None:
    """Print notices to stderr."""
    for notice in outcome.notices:
        console.notice("note: " + notice)
    if outcome.restarts and restarts:
        verb = "must" if dry_run == "none" else "would have to"
        console.notice(f"Pods of serviceaccount {outcome.subject} {verb} be restarted to use the role:")
        for command in outcome.restarts:
            console.notice(f"  {command}")
