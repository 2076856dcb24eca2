"""Text as man(7) wants it. https://man7.org/linux/man-pages/man7/groff_man.7.html"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

# Of 80 columns, without the indents and the margin.
WIDTH = 66
# What roff would print as a typographer's sign: a command that is copied from the page must still work.
_LITERAL = {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "~": r"\(ti", "^": r"\(ha"}
_PROSE = {"\\": r"\e", "-": r"\-", "~": r"\(ti", "^": r"\(ha"}
_SPACE_OUTSIDE_QUOTES = re.compile(r" (?=(?:[^']*'[^']*')*[^']*$)")


def ascii_only(page: str) -> str:
    """With each other sign by its number, so that no reader has to guess the page's encoding."""
    return "".join(sign if sign.isascii() else rf"\[u{ord(sign):04X}]" for sign in page)


def prose(text: str) -> str:
    """Filled text; an empty line begins a paragraph."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip())]
    return "\n.PP\n".join(_safe(_translated(part, _PROSE)) for part in paragraphs)


def literal(line: str) -> str:
    """A line as it is typed."""
    return _safe(_translated(line, _LITERAL))


def bold(text: str) -> str:
    return rf"\fB{_translated(text, _LITERAL)}\fR"


def tagged(entries: Mapping[str, str]) -> str:
    """Terms, each with its meaning."""
    return "\n".join(f".TP\n{bold(term)}\n{prose(meaning)}" for term, meaning in entries.items())


def examples(text: str) -> str:
    """A help's examples: `# …` says what the commands below it are for."""
    return "\n.PP\n".join(_example(block) for block in re.split(r"\n\s*\n", text.strip("\n")))


def _example(block: str) -> str:
    lines = [line.strip() for line in _joined(block.splitlines())]
    words = " ".join(line.lstrip("# ") for line in lines if line.startswith("#"))
    shown = [part for line in lines if not line.startswith("#") for part in _folded(line)]
    said = words if words.endswith((".", "?")) else f"{words}:"
    return "\n".join([prose(said), ".PP", ".RS 4", ".EX", *map(literal, shown), ".EE", ".RE"])


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Commands that go on behind a backslash as one line each."""
    kept = ""
    for line in lines:
        kept += line.strip() if kept else line
        if kept.endswith("\\"):
            kept = kept[:-1]
        else:
            yield kept
            kept = ""


def _folded(command: str) -> Iterator[str]:
    """Lines that fit; each but the last ends in a backslash."""
    indent = ""
    while len(indent + command) > WIDTH:
        places = [one.start() for one in _SPACE_OUTSIDE_QUOTES.finditer(command)]
        fitting = [place for place in places if len(indent) + place <= WIDTH - 2]
        if not fitting:
            break
        yield f"{indent}{command[: fitting[-1]]} \\"
        command, indent = command[fitting[-1] + 1 :], "  "
    yield indent + command


def _translated(text: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(sign, sign) for sign in text)


def _safe(line: str) -> str:
    """A line that begins like a request is none."""
    return rf"\&{line}" if line.startswith((".", "'")) else line
