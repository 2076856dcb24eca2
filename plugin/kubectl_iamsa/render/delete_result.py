"""Prints the result of delete, as text or as a document."""

from __future__ import annotations

from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import DeleteResult

from ..terminal.console import Console


def print_delete_result(removed: DeleteResult, console: Console, *, output: str, dry_run: str) -> None:
    """Print the result in the format of `-o`, and notices to stderr."""
    if output == "name":
        console.result(removed.role_name)
    elif output != "text":
        from ansible_collections.iamsa.eks.plugins.module_utils.documents.outcome import delete_document  # noqa: PLC0415

        from .document import print_document  # noqa: PLC0415

        print_document(delete_document(removed, dry_run), console, output=output)
    for notice in removed.notices:
        console.notice("note: " + notice)
