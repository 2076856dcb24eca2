"""Prints the policies of one role: managed policies, then inline policies."""

from __future__ import annotations

from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.role_policies import RolePolicies

from ..terminal.console import Console
from .table import table

COLUMNS = ("NAME", "KIND", "ARN")


def print_policies(
    found: RolePolicies, subject: Subject, console: Console, *, output: str, headers: bool
) -> None:
    """Print the policies in the format of `-o`."""
    rows = [(policy.name, "managed", policy.arn) for policy in found.managed]
    rows += [(name, "inline", "") for name in found.inline]
    if output in ("json", "yaml"):
        from ansible_collections.iamsa.eks.plugins.module_utils.documents.role_policies import (  # noqa: PLC0415
            policies_document,
        )

        from .document import print_document  # noqa: PLC0415

        print_document(policies_document(found, subject), console, output=output)
    elif output == "name":
        for name, _, _ in rows:
            console.result(name)
    elif not rows:
        console.notice(f"No policies found on role {found.role.name}.")
    else:
        for line in table(COLUMNS, rows, headers=headers):
            console.result(line)
