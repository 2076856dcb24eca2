"""What of a page is commands: its fenced blocks of shell, read from the Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = tuple(sorted(DOCS.rglob("*.md")))

LANGUAGES = ("sh", "console")
REMARK = re.compile(r"^<!-- (before|not run): (.+) -->$")
FENCE = re.compile(r"^(`{3,})(\w*)$")
HIDDEN_FENCE = re.compile(r"^\s+`{3}")
GENERATED = re.compile(r"make docs|make bench")
PROMPT = "$ "


def is_generated(page: Path) -> bool:
    """Whether its head says that a target of make writes it: then its sentences are the program's."""
    return GENERATED.search(page.read_text().partition("\n## ")[0]) is not None


@dataclass(frozen=True)
class Block:
    """A fenced block: `line` is the number of its opening fence, `not_run` the reason that stands above it,
    `before` the scenes that are to be set first."""

    language: str
    lines: tuple[str, ...]
    line: int
    before: tuple[str, ...] = ()
    not_run: str | None = None

    @property
    def is_run(self) -> bool:
        return self.language in LANGUAGES and self.not_run is None


@dataclass
class Example:
    """A command as one types it, and the lines that it prints; a block without a prompt prints nothing that
    is shown."""

    command: list[str]
    output: list[str] = field(default_factory=list)

    @property
    def typed(self) -> str:
        return "\n".join(self.command)


def blocks(page: Path) -> Iterator[Block]:
    """The page's blocks, in order. ValueError: a fence is indented, and would be overlooked."""
    lines = page.read_text().splitlines()
    before: list[str] = []
    not_run = None
    number = 0
    while number < len(lines):
        remark, fence = REMARK.match(lines[number]), FENCE.match(lines[number])
        if remark and remark[1] == "before":
            before.append(remark[2])
        elif remark:
            not_run = remark[2]
        elif fence:
            end = lines.index(fence[1], number + 1)
            yield Block(fence[2], tuple(lines[number + 1 : end]), number + 1, tuple(before), not_run)
            before, not_run, number = [], None, end
        elif HIDDEN_FENCE.match(lines[number]):
            raise ValueError(
                f"{page.name}:{number + 1}: a fence is indented; write it at the line's beginning"
            )
        number += 1


def examples(block: Block) -> list[Example]:
    """The commands of a block: each that stands behind a prompt, or the whole of one without prompts."""
    if block.language != "console":
        return [Example(list(block.lines))]
    found: list[Example] = []
    for line in block.lines:
        if line.startswith(PROMPT):
            found.append(Example([line.removeprefix(PROMPT)]))
        elif not found:
            raise ValueError(f"a console block begins with {line!r}, not with a prompt")
        elif found[-1].command[-1].endswith("\\") and not found[-1].output:
            found[-1].command.append(line)
        else:
            found[-1].output.append(line)
    for example in found:
        while example.output and not example.output[-1]:
            example.output.pop()
    return found


def written(found: list[Example]) -> list[str]:
    """The lines of a console block that holds these."""
    lines: list[str] = []
    for example in found:
        if lines:
            lines.append("")
        lines += [PROMPT + example.command[0], *example.command[1:], *example.output]
    return lines
