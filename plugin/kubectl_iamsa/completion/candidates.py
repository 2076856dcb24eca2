"""Completion candidates: commands, flags and fixed values. live.py reads the others."""

from __future__ import annotations

import os

from ..argv.parser import SwitchAction
from ..terminal.console import printable
from ..verb_tree import SUMMARIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .line import Line

# Cobra's directives: https://pkg.go.dev/github.com/spf13/cobra#ShellCompDirective
FILES, NO_SPACE, NO_FILES = 0, 2, 4
# Values that live.py reads. It is loaded only for them, because loading it takes longer than everything else.
LIVE = {
    *("namespace", "context", "cluster", "user", "cluster_name", "region", "profile"),
    *("policy", "permissions_boundary", "name", "create", "update", "list"),
}
FILE_FLAGS = {
    *("kubeconfig", "certificate_authority", "client_certificate", "client_key"),
    *("filename", "kustomize"),
}


class Candidates:
    """`found` are values, each with a description or ""; `directive` is for the shell."""

    def __init__(self, found: Iterable[tuple[str, str]], directive: int = NO_FILES) -> None:
        self.found = tuple(found)
        self.directive = directive

    def lines(self) -> Iterator[str]:
        """Return the lines that kubectl expects. Values with spaces or control characters are omitted."""
        for value, description in self.found:
            if value and value == printable(value, keep="") and " " not in value:
                words = printable(description, keep="")
                yield f"{value}\t{words}" if words else value
        yield f":{self.directive}"


def candidates(line: Line, partial: str, environ: Mapping[str, str]) -> Candidates:
    """Return the candidates that begin with `partial`. For live values, see live.py."""
    if line.waiting:
        return _values(line, line.waiting, partial, environ)
    if partial.startswith("-") and not line.only_names:
        flag, equals, value = partial.partition("=")
        if not equals:
            return Candidates(_beginning(_flags(line), partial))
        action = line.flags().get(flag)
        return _values(line, action, value, environ) if action else Candidates(())
    if line.verbs and not line.names:
        return Candidates(_beginning(SUMMARIES.items(), partial))
    wanted = line.parser.names()[len(line.names) :]
    return _values(line, wanted[0], partial, environ) if line.verb and wanted else Candidates(())


def _flags(line: Line) -> Iterator[tuple[str, str]]:
    """Return the long flags that are not given yet. Connection flags have no description before a command."""
    for action in line.parser.actions():
        if not action.option_strings or (action.dest in line.given and not _repeats(action)):
            continue
        words = action.help or ""
        if words == "==SUPPRESS==":
            if action.dest != "help":
                yield action.option_strings[-1], ""
            continue
        yield action.option_strings[-1], words.replace("%%", "%")


def _repeats(action: argparse.Action) -> bool:
    return type(action).__name__ == "_AppendAction"


def _values(line: Line, action: argparse.Action, partial: str, environ: Mapping[str, str]) -> Candidates:
    if isinstance(action, SwitchAction):
        return Candidates(_beginning((("true", ""), ("false", "")), partial))
    if action.dest == "topic":
        return Candidates(_beginning(SUMMARIES.items(), partial))
    if action.choices is not None:
        return Candidates(_beginning(((str(choice), "") for choice in action.choices), partial))
    if action.dest in FILE_FLAGS or (action.dest == "policy" and _is_path(partial)):
        return Candidates((), FILES)
    if action.dest in LIVE:
        from .live import live_values  # noqa: PLC0415

        found = live_values(action.dest, line, partial, environ)
        return Candidates(_beginning(found, partial), NO_SPACE | NO_FILES if _are_kinds(found) else NO_FILES)
    return Candidates(())


def _are_kinds(found: Sequence[tuple[str, str]]) -> bool:
    return bool(found) and all(value.endswith("/") for value, _ in found)


def _is_path(partial: str) -> bool:
    return partial.startswith((".", "~", os.sep, "file:")) or (os.sep in partial and ":" not in partial)


def _beginning(found: Iterable[tuple[str, str]], partial: str) -> list[tuple[str, str]]:
    return [one for one in found if one[0].startswith(partial)]
