"""Prints plain aligned columns like kubectl's, which are never wrapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ansible_collections.iamsa.eks.plugins.module_utils.identity.arn import parse_role_arn

from ..terminal.console import Console, printable

GAP = "   "
NONE = "<none>"


def shown_columns(
    usual: Sequence[str], more: Sequence[str], *, everywhere: bool, wide: bool
) -> tuple[str, ...]:
    """Return the columns of a list of ServiceAccounts, with those for all namespaces and for `-o wide`."""
    return (*(["NAMESPACE"] if everywhere else []), *usual, *(more if wide else ()))


def role_name(named: str) -> str:
    """Return the name in an ARN. A value that is not the ARN of a role is returned unchanged."""
    arn = parse_role_arn(named)
    return arn.name if arn else named


def print_table(
    console: Console,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    headers: bool,
    colors: Mapping[str, Mapping[str, str]],
) -> None:
    """Print the table. `colors` maps a column to the colors (SGR) of its cells, by their text."""
    for number, line in enumerate(_cells(columns, rows, headers=headers)):
        pieces: list[tuple[str, str]] = []
        for column, cell in zip(columns, line, strict=True):
            word = cell.rstrip()
            is_header = headers and number == 0
            color = "" if is_header else colors.get(column, {}).get(word, "")
            pieces += [(GAP if pieces else "", ""), (word, color), (cell[len(word) :], "")]
        console.painted(*pieces)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, headers: bool = True) -> Iterator[str]:
    """Return the lines of the table."""
    return (GAP.join(line) for line in _cells(columns, rows, headers=headers))


def _cells(columns: Sequence[str], rows: Iterable[Sequence[str]], *, headers: bool) -> Iterator[list[str]]:
    """Return padded cells by line. An empty cell is `<none>`, and the last column is not padded."""
    body = [[printable(cell, keep="") or NONE for cell in row] for row in rows]
    lines = [list(columns), *body] if headers else body
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        *padded, last = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield [*padded, last.rstrip()]
