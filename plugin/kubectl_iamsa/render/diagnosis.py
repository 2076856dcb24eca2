"""Prints the results of doctor by object, one line per problem with details below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.check import Result, Verdict
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import verdicts
from ansible_collections.iamsa.eks.plugins.module_utils.documents.diagnosis import (
    diagnoses_document,
    diagnosis_document,
)
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.doctor import Diagnosis
from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Sentence, Text

from ..terminal.console import Console
from .document import print_document

RED, GREEN, YELLOW, FAINT, BOLD = "31", "32", "33", "2", "1"
_LOOKS: dict[Verdict, tuple[str, str]] = {
    "fail": ("fail", RED),
    "warn": ("warn", YELLOW),
    "skipped": ("skip", FAINT),
    "ok": ("ok", GREEN),
}
# The problems first.
_ORDER: tuple[Verdict, ...] = ("fail", "warn", "skipped", "ok")
_INDENT = " " * 8


def print_diagnoses(
    diagnoses: tuple[Diagnosis, ...], console: Console, *, output: str, verbose: bool, is_list: bool
) -> None:
    """Print the results in the format of `-o`. `verbose` also shows passed checks."""
    if output in ("json", "yaml"):
        subject = diagnoses[0].subject if diagnoses and not is_list else None
        document = diagnosis_document(diagnoses[0], subject) if subject else diagnoses_document(diagnoses)
        print_document(document, console, output=output)
        return
    results = _each_once(result for diagnosis in diagnoses for result in diagnosis.results)
    shown = results if verbose else list(_briefly(result for result in results if _matters(result)))
    shown.sort(key=lambda result: _ORDER.index(result.verdict))
    width = max((len(result.check.id) for result in shown), default=0)
    explained: set[str] = set()
    for what in dict.fromkeys(result.object for result in shown):
        console.painted((_titled(what), BOLD))
        for result in shown:
            if result.object == what:
                _print_result(result, console, width, is_explained=result.check.id in explained)
                if result.verdict in ("fail", "warn"):
                    explained.add(result.check.id)
    console.painted((_summary(diagnoses, results), ""))


def _print_result(result: Result, console: Console, width: int, *, is_explained: bool) -> None:
    word, color = _LOOKS[result.verdict]
    what = result.what or result.check.looks_at
    console.painted(("  ", ""), (word.ljust(4), color), (f"  {result.check.id.ljust(width)}  " + what, ""))
    if result.verdict in ("ok", "skipped"):
        return
    if not is_explained:
        console.painted((_INDENT + result.check.explanation, FAINT))
    if result.remedy:
        console.painted((f"{_INDENT}to fix it, run: " + result.remedy, YELLOW))
    if not is_explained:
        console.painted((f"{_INDENT}see {result.check.page}", FAINT))


def _each_once(results: Iterable[Result]) -> list[Result]:
    """Return the results without duplicates: those for the cluster are the same for every ServiceAccount."""
    found: dict[tuple[str, str, str, Sentence], Result] = {}
    for result in results:
        found.setdefault((result.object, result.check.id, result.verdict, result.what), result)
    return list(found.values())


def _briefly(results: Iterable[Result]) -> Iterator[Result]:
    """Return the results with each reason for skipped checks only once."""
    known = list(results)
    alike = Counter(result.what for result in known if result.verdict == "skipped")
    for result in known:
        if result.verdict != "skipped":
            yield result
        elif count := alike.pop(result.what, 0):
            short = _first_clause(result.what)
            more = f"{count - 1} more skipped for the same reason, " if count > 1 else ""
            hint = f" ({more}see -v)" if more or short != result.what else ""
            yield replace(result, what=short + hint)


def _first_clause(what: Sentence) -> Sentence:
    """Return a reason without its remedy and details, which `-v` and the documents have."""
    kept: list[Sentence] = []
    for part in what.parts if isinstance(what, Text) else (what,):
        if isinstance(part, str) and "; " in part:
            kept.append(part.partition("; ")[0])
            break
        kept.append(part)
    return Text(*kept) if len(kept) > 1 else kept[0]


def _matters(result: Result) -> bool:
    """Return whether the check neither passed nor was skipped only because of another check."""
    return result.verdict in ("fail", "warn") or _is_unseen(result)


def _is_unseen(result: Result) -> bool:
    """Return whether the check was skipped for a reason of its own, such as a missing permission."""
    return result.verdict == "skipped" and not result.waits


def _titled(what: str) -> str:
    kind, _space, name = what.partition(" ")
    return f"{'ServiceAccount' if kind == 'serviceaccount' else kind.capitalize()} {name}"


def _summary(diagnoses: tuple[Diagnosis, ...], results: list[Result]) -> str:
    """Return `No problems found for serviceaccount web/app: 43 checks passed, 2 skipped`."""
    counts = verdicts(results)
    told = [_counted(counts["ok"], "check") + " passed"]
    told += [_counted(counts["warn"], "warning")] if counts["warn"] else []
    told += [f"{counts['skipped']} skipped"] if counts["skipped"] else []
    subjects = [diagnosis.subject for diagnosis in diagnoses if diagnosis.subject]
    whose = f"serviceaccount {subjects[0]}" if len(subjects) == 1 else f"{len(subjects)} ServiceAccounts"
    first = "" if subjects else "No ServiceAccounts with a role found. "
    found = f"{_counted(counts['fail'], 'problem')} found for {whose if subjects else 'the cluster'}"
    return first + (f"{found} ({', '.join(told)})" if counts["fail"] else f"{found}: {', '.join(told)}")


def _counted(count: int, noun: str) -> str:
    return f"{count or 'No'} {noun}{'s' * (count != 1)}"
