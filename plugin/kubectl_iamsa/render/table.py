"""Plain aligned columns, like kubectl's: they survive a pipe, and are never wrapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ansible_collections.iamsa.eks.plugins.module_utils.identity.arn import parse_role_arn

from ..terminal.console import printable

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


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, headers: bool = True) -> Iterator[str]:
    """The lines; an empty cell reads `<none>`, and the last column is not padded."""
    body = [[printable(cell, keep="") or NONE for cell in row] for row in rows]
    lines = [list(columns), *body] if headers else body
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        *padded, last = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield GAP.join((*padded, last.rstrip()))
