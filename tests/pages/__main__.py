"""Writes into the pages what their commands print today: `python -m pages [PAGE …]`, run in tests.

A block in which a `…` stands is left alone: what it leaves out is chosen by hand.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import program
from pocket_eks.world import start_world

from pages.blocks import PAGES, blocks, examples, written
from pages.runner import ANYTHING, agrees, played


def main(names: list[str]) -> int:
    for page in [Path(name).resolve() for name in names] or PAGES:
        if any(block.is_run for block in blocks(page)) and _anew(page):
            print(f"{page} written anew", file=sys.stderr)
    return 0


def _anew(page: Path) -> bool:
    lines = page.read_text().splitlines()
    moved = 0
    with start_world(path=[program.folder()]) as world, tempfile.TemporaryDirectory() as folder:
        for block, ran in played(page, world, Path(folder)):
            shown = examples(block)
            if block.language != "console" or any(ANYTHING in line for line in block.lines):
                continue
            if all(agrees(old.output, new.output) for old, new in zip(shown, ran, strict=True)):
                continue
            first = block.line + moved
            lines[first : first + len(block.lines)] = written(ran)
            moved += len(written(ran)) - len(block.lines)
    text = "\n".join(lines) + "\n"
    changed = text != page.read_text()
    page.write_text(text)
    return changed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
