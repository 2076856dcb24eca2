"""Plain aligned columns, like kubectl's: they survive a pipe, and are never wrapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ansible_collections.iamsa.eks.plugins.module_utils.identity.arn import parse_role_arn

from ..terminal.console import Console, printable

GAP = "   "
NONE = "<none>"


def shown_columns(
    usual: Sequence[str], more: Sequence[str], *, everywhere: bool, wide: bool
) -> tuple[str, ...]:
    """The columns of a list of ServiceAccounts: of all namespaces, and with all that `-o wide` adds."""
    return (*(["NAMESPACE"] if everywhere else []), *usual, *(more if wide else ()))


def role_name(named: str) -> str:
    """The name in an ARN; what is not the ARN of a role is shown as it is."""
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
    """Print the lines; `colors` has the color (SGR) of a column's cells by their text."""
    for number, line in enumerate(_cells(columns, rows, headers=headers)):
        pieces: list[tuple[str, str]] = []
        for column, cell in zip(columns, line, strict=True):
            word = cell.rstrip()
            is_header = headers and number == 0
            color = "" if is_header else colors.get(column, {}).get(word, "")
            pieces += [(GAP if pieces else "", ""), (word, color), (cell[len(word) :], "")]
        console.painted(*pieces)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, headers: bool = True) -> Iterator[str]:
    """The lines."""
    return (GAP.join(line) for line in _cells(columns, rows, headers=headers))


def _cells(columns: Sequence[str], rows: Iterable[Sequence[str]], *, headers: bool) -> Iterator[list[str]]:
    """Padded cells by line; an empty cell reads `<none>`, and the last column is not padded."""
    body = [[printable(cell, keep="") or NONE for cell in row] for row in rows]
    lines = [list(columns), *body] if headers else body
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        *padded, last = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield [*padded, last.rstrip()]
