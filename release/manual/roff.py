"""Formats text for man(7). https://man7.org/linux/man-pages/man7/groff_man.7.html"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

# The width of 80 columns without indents and margin.
WIDTH = 66
# Characters that roff would replace by typographic ones: commands copied from the page must still work.
_LITERAL = {"\\": r"\e", "-": r"\-", "'": r"\(aq", "`": r"\(ga", "~": r"\(ti", "^": r"\(ha"}
_PROSE = {"\\": r"\e", "-": r"\-", "~": r"\(ti", "^": r"\(ha"}
_SPACE_OUTSIDE_QUOTES = re.compile(r" (?=(?:[^']*'[^']*')*[^']*$)")


def ascii_only(page: str) -> str:
    """Escape other characters, so that readers need not guess the encoding of the page."""
    return "".join(sign if sign.isascii() else rf"\[u{ord(sign):04X}]" for sign in page)


def prose(text: str) -> str:
    """Return filled text. An empty line starts a paragraph."""
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip())]
    return "\n.PP\n".join(_safe(_translated(part, _PROSE)) for part in paragraphs)


def literal(line: str) -> str:
    """Return a line exactly as it is."""
    return _safe(_translated(line, _LITERAL))


def bold(text: str) -> str:
    return rf"\fB{_translated(text, _LITERAL)}\fR"


def tagged(entries: Mapping[str, str]) -> str:
    """Return terms with their descriptions."""
    return "\n".join(f".TP\n{bold(term)}\n{prose(meaning)}" for term, meaning in entries.items())


def examples(text: str) -> str:
    """Return the examples of a help text. A line `# …` describes the commands below it."""
    return "\n.PP\n".join(_example(block) for block in re.split(r"\n\s*\n", text.strip("\n")))


def _example(block: str) -> str:
    lines = [line.strip() for line in _joined(block.splitlines())]
    words = " ".join(line.lstrip("# ") for line in lines if line.startswith("#"))
    shown = [part for line in lines if not line.startswith("#") for part in _folded(line)]
    said = words if words.endswith((".", "?")) else f"{words}:"
    return "\n".join([prose(said), ".PP", ".RS 4", ".EX", *map(literal, shown), ".EE", ".RE"])


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Join commands that continue after a backslash to one line each."""
    kept = ""
    for line in lines:
        kept += line.strip() if kept else line
        if kept.endswith("\\"):
            kept = kept[:-1]
        else:
            yield kept
            kept = ""


def _folded(command: str) -> Iterator[str]:
    """Return lines that fit. All except the last end in a backslash."""
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
    """Escape a line that looks like a request."""
    return rf"\&{line}" if line.startswith((".", "'")) else line
