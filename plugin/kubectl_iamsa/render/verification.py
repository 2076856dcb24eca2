"""Prints the result of verify: a line for one ServiceAccount, a table for many, or a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ansible_collections.iamsa.eks.plugins.module_utils.documents.verifications import (
    verification_document,
    verifications_document,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import (
    Verification,
    Verifications,
    predicate,
)
from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Command, Option, Sentence

from ..spelling import spelled
from ..terminal.console import Console
from .document import print_document
from .table import print_table, role_name, shown_columns

COLUMNS = ("NAME", "ROLE", "VERIFIED", "REASON")
_COLORS = {"yes": "32", "no": "31", "unknown": "33"}
WIDE_COLUMNS = ("ROLE ARN", "ASSUMED ROLE", "SECONDS")


def doctor_remedy(subject: Subject, where: Iterable[Option]) -> Sentence:
    """Return the command that finds the cause. `where` are the connection options."""
    return "to find out why, run: " + Command(
        "doctor", subject.name, (Option("namespace", subject.namespace), *where)
    )


def print_verification(
    found: Verification, console: Console, where: Sequence[Option], *, output: str, headers: bool
) -> None:
    """Print the result in the format of `-o`. If it could not be determined, print the error to stderr."""
    if output in ("json", "yaml"):
        print_document(verification_document(found), console, output=output)
    elif output == "name":
        console.result(f"serviceaccount/{found.subject.name}")
    elif output == "wide":
        _print_table([found], console, everywhere=False, wide=True, headers=headers)
    else:
        _print_lines(found, console, where)
    if found.obstacle:
        console.error(found.obstacle.problem, found.obstacle.remedy)
    _print_unread([found], console)


def print_verifications(
    found: Verifications, console: Console, namespace: str | None, *, output: str, headers: bool
) -> None:
    """Print the results for many ServiceAccounts. `namespace` is None for all namespaces."""
    if output in ("json", "yaml"):
        print_document(verifications_document(found), console, output=output)
    elif output == "name":
        for one in found.items:
            console.result(f"serviceaccount/{one.subject.name}")
    elif not found.items:
        where = f" in {namespace} namespace" if namespace else ""
        console.notice(f"No ServiceAccounts with a role found{where}.")
    else:
        _print_table(
            found.items, console, everywhere=namespace is None, wide=output == "wide", headers=headers
        )
    _print_unread(found.items, console)


def _print_unread(items: Iterable[Verification], console: Console) -> None:
    """Print once that pods may get another role than the verified one."""
    for why in dict.fromkeys(one.associations.unread for one in items if one.is_assumable):
        if why:
            console.notice(
                "could not determine whether a Pod Identity association gives pods another role: " + why
            )


def _print_lines(found: Verification, console: Console, where: Sequence[Option]) -> None:
    service_account = f"serviceaccount/{found.subject.name}"
    if found.is_assumable:
        # Pods get this role only if there is no association.
        proven = "can assume its role" if found.associations.unread else "verified"
        console.result(f"{service_account} {proven}: assumed {found.assumed} in {found.seconds:.2f} s")
    elif found.verdict == "unknown" and found.reason:
        console.result(f"{service_account} {predicate(found)}")
    elif found.reason:
        console.result(f"{service_account} {predicate(found)}; " + doctor_remedy(found.subject, where))
    for one in found.permissions:
        console.result(f"{one.action} on {one.resource}: {one.words}")


def _print_table(
    items: Iterable[Verification], console: Console, *, everywhere: bool, wide: bool, headers: bool
) -> None:
    columns = shown_columns(COLUMNS, WIDE_COLUMNS, everywhere=everywhere, wide=wide)
    rows = [_row(one, everywhere=everywhere, wide=wide) for one in items]
    print_table(console, columns, rows, headers=headers, colors={"VERIFIED": _COLORS})


def _row(one: Verification, *, everywhere: bool, wide: bool) -> Sequence[str]:
    row = [one.subject.namespace] if everywhere else []
    row += [one.subject.name, role_name(one.role_arn), one.verdict, _why(one)]
    return [*row, one.role_arn, one.assumed, f"{one.seconds:.2f}"] if wide else row


def _why(one: Verification) -> str:
    if one.reason:
        return one.reason.words + (f" ({one.reason.code})" if one.reason.code else "")
    if one.denied:
        return ", ".join(f"{each.action} on {each.resource} {each.words}" for each in one.denied)
    return spelled(one.obstacle.problem) if one.obstacle else ""
