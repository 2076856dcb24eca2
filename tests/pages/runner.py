"""Runs the examples of a page in a world, as a reader would: in order, with real kubectl."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from pocket_eks.world import World

from pages.blocks import Block, Example, blocks, examples
from pages.scenes import SCENES

ANYTHING = "…"
DURATION = re.compile(r"\bin \d+\.\d+ s\b")


def played(page: Path, world: World, folder: Path) -> Iterator[tuple[Block, list[Example]]]:
    """Each block of the page that is run, with what its commands really print: stdout and stderr as a
    terminal would show them. `folder` is where they run.

    AssertionError: a block that shows no output fails.
    """
    for block in blocks(page):
        for scene in block.before:
            SCENES[scene](world, folder)
        if block.is_run:
            yield block, [_ran(block, example, world, folder) for example in examples(block)]


def agrees(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether a page may show these lines for what was printed: `…` stands for any lines, and for the rest of
    a line; how long a thing took may differ."""
    pattern = ""
    for line in shown:
        if line == ANYTHING:
            pattern += r"(?:.*\n)*"
        else:
            parts = re.split(DURATION, line)
            text = r"in \d+\.\d+ s".join(".*".join(map(re.escape, part.split(ANYTHING))) for part in parts)
            pattern += text + r"\n"
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in printed)) is not None


def _ran(block: Block, example: Example, world: World, folder: Path) -> Example:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", example.typed],
        env=world.environ,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stdout, done.stdout
    if block.language == "sh":
        assert done.returncode == 0, f"{example.typed}\n{done.stdout}"
    return Example(example.command, [line.rstrip() for line in done.stdout.splitlines()])
