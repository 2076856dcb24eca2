"""The examples on the pages of the documentation run, and print what the pages show."""

from __future__ import annotations

from pathlib import Path

import program
import pytest
from pocket_eks.world import start_world

from pages.blocks import DOCS, PAGES, blocks, examples
from pages.runner import agrees, played

# The loop of that page takes roles of gen3 that its own test makes.
ELSEWHERE = {"coming-from-gen3.md"}
RUN = [page for page in PAGES if page.name not in ELSEWHERE and any(block.is_run for block in blocks(page))]


@pytest.mark.parametrize("page", RUN, ids=lambda page: str(page.relative_to(DOCS)))
def test_its_examples_print_what_they_are_said_to(page: Path, tmp_path: Path) -> None:
    with start_world(path=[program.folder()]) as world:
        for block, ran in played(page, world, tmp_path):
            if block.language != "console":
                continue
            for shown, found in zip(examples(block), ran, strict=True):
                assert agrees(shown.output, found.output), "\n".join([shown.typed, *found.output])
