"""The policies of one role: managed ones, then inline ones."""

from __future__ import annotations

from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.inventory import RolePolicies
from ansible_collections.iamsa.eks.plugins.module_utils.model.identity import Subject

from ..console import Console
from .parts import API_VERSION, cluster_part, policies_part, print_document, role_part
from .table import table

KIND = "ServiceAccountRolePolicies"
COLUMNS = ("NAME", "KIND", "ARN")


def print_policies(
    found: RolePolicies, subject: Subject, console: Console, *, output: str, headers: bool
) -> None:
    """Print them in the form that `-o` asks for."""
    rows = [(policy.name, "managed", policy.arn) for policy in found.managed]
    rows += [(name, "inline", "") for name in found.inline]
    if output in ("json", "yaml"):
        print_document(document(found, subject), console, output=output)
    elif output == "name":
        for name, _, _ in rows:
            console.result(name)
    elif not rows:
        console.notice(f"No policies found on role {found.role.name}.")
    else:
        for line in table(COLUMNS, rows, headers=headers):
            console.result(line)


def document(found: RolePolicies, subject: Subject) -> dict[str, Any]:
    """One object of the kind ServiceAccountRolePolicies."""
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {"name": subject.name, "namespace": subject.namespace},
        "cluster": cluster_part(found.cluster),
        "role": role_part(found.role),
        "policies": policies_part({one.arn: one.name for one in found.managed}, found.inline),
    }
