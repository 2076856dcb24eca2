"""What a proof came to: a line for people, a table of many, or a document for machines."""

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
from .table import role_name, shown_columns, table

COLUMNS = ("NAME", "ROLE", "VERIFIED", "REASON")
WIDE_COLUMNS = ("ROLE ARN", "ASSUMED ROLE", "SECONDS")


def doctor_remedy(subject: Subject, where: Iterable[Option]) -> Sentence:
    """What finds the broken link; `where` says where to work."""
    return "find out why with " + Command(
        "doctor", subject.name, (Option("namespace", subject.namespace), *where)
    )


def print_verification(
    found: Verification, console: Console, where: Sequence[Option], *, output: str, headers: bool
) -> None:
    """Print it in the form that `-o` asks for; what kept it from being found out goes to stderr."""
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
    """The same of many; `namespace` is None for all of them."""
    if output in ("json", "yaml"):
        print_document(verifications_document(found), console, output=output)
    elif output == "name":
        for one in found.items:
            console.result(f"serviceaccount/{one.subject.name}")
    elif not found.items:
        where = f" in {namespace} namespace" if namespace else ""
        console.notice(f"No service accounts that name a role found{where}.")
    else:
        _print_table(
            found.items, console, everywhere=namespace is None, wide=output == "wide", headers=headers
        )
    _print_unread(found.items, console)


def _print_unread(items: Iterable[Verification], console: Console) -> None:
    """Once, that what was proven may not be what pods get."""
    for why in dict.fromkeys(one.associations.unread for one in items if one.is_assumable):
        if why:
            console.notice("whether a Pod Identity association gives pods another role is not known: " + why)


def _print_lines(found: Verification, console: Console, where: Sequence[Option]) -> None:
    service_account = f"serviceaccount/{found.subject.name}"
    if found.is_assumable:
        # Whether that is what pods get is only known where there is no association.
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
    for line in table(columns, rows, headers=headers):
        console.result(line)


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
