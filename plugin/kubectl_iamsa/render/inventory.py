"""Prints the ServiceAccounts that have roles, as a table or as a document."""

from __future__ import annotations

from collections.abc import Sequence

from ansible_collections.iamsa.eks.plugins.module_utils.jobs.inventory import Inventory, ListedRole
from ansible_collections.iamsa.eks.plugins.module_utils.plan.status import STATE_WORDS

from ..terminal.console import Console
from .table import print_table, role_name, shown_columns

COLUMNS = ("NAME", "ROLE", "POLICIES", "STATUS")
WIDE_COLUMNS = ("ROLE ARN", "OWNER", "BOUNDARY", "AUDIENCE")
RED, GREEN, YELLOW = "31", "32", "33"
_COLORS = {
    word: GREEN
    if state == "ok"
    else YELLOW
    if state in ("unmanaged", "podIdentity", "deleting", "noRole")
    else RED
    for state, word in STATE_WORDS.items()
}
# The maximum number of names in a cell; kubectl shows "+ 2 more..." for the others.
_SHOWN_POLICIES = 2


def print_inventory(
    found: Inventory, console: Console, namespace: str | None, *, output: str, headers: bool
) -> None:
    """Print the inventory in the format of `-o`. `namespace` is None for all namespaces."""
    if output in ("json", "yaml"):
        from ansible_collections.iamsa.eks.plugins.module_utils.documents.inventory import inventory_document  # noqa: PLC0415

        from .document import print_document  # noqa: PLC0415

        print_document(inventory_document(found), console, output=output)
    elif output == "name":
        for item in found.items:
            console.result(f"serviceaccount/{item.service_account.subject.name}")
    elif not found.items:
        where = f" in {namespace} namespace" if namespace else ""
        console.notice(f"No ServiceAccounts with a role found{where}.")
    else:
        everywhere, wide = namespace is None, output == "wide"
        columns = shown_columns(COLUMNS, WIDE_COLUMNS, everywhere=everywhere, wide=wide)
        rows = [_row(item, everywhere=everywhere, wide=wide) for item in found.items]
        print_table(console, columns, rows, headers=headers, colors={"STATUS": _COLORS})
        _print_left(found, console)


def _print_left(found: Inventory, console: Console) -> None:
    """Print the number of roles whose ServiceAccount does not exist, if there are any."""
    count = found.without_service_account
    if found.is_denied:
        console.notice("Roles of this cluster without a ServiceAccount: not counted (access denied)")
    elif count:
        of = "1 role of this cluster has" if count == 1 else f"{count} roles of this cluster have"
        console.notice(f"{of} no ServiceAccount")


def _row(item: ListedRole, *, everywhere: bool, wide: bool) -> Sequence[str]:
    subject, policies = item.service_account.subject, item.seen.policy_names if item.seen else ()
    row = [subject.namespace] if everywhere else []
    row += [subject.name, role_name(item.named), _policies(policies, all_of_them=wide)]
    row.append(STATE_WORDS[item.status.state])
    if wide:
        boundary = item.seen.role.permissions_boundary if item.seen else None
        row += [item.named, item.status.owner, boundary or "", item.audience]
    return row


def _policies(names: Sequence[str], *, all_of_them: bool) -> str:
    shown = names if all_of_them or len(names) <= _SHOWN_POLICIES + 1 else names[:_SHOWN_POLICIES]
    more = len(names) - len(shown)
    return ",".join(shown) + (f" + {more} more..." if more else "")
