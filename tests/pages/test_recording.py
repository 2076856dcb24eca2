"""docs/demo.svg shows what `make demo` prints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import program
from pocket_eks.world import start_world

from pages.blocks import DOCS, ROOT

LINES = [text.text for text in ElementTree.parse(DOCS / "demo.svg").iter("{http://www.w3.org/2000/svg}text")]


def test_it_shows_what_the_demo_prints_today(tmp_path: Path) -> None:
    with start_world(path=[program.folder()]) as world:
        demo = subprocess.run(
            [sys.executable, str(ROOT / "tests" / "demo.py")],
            env=world.environ,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    assert [line for line in demo.stdout.splitlines() if line] == LINES
