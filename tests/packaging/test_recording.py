"""docs/demo.svg shows what `make demo` prints, and can stand in a README."""

from __future__ import annotations

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from pages.blocks import DOCS, ROOT
from pages.contrast import ENOUGH, contrast

SVG = "{http://www.w3.org/2000/svg}"
TEXT = (DOCS / "demo.svg").read_text()
PICTURE = ElementTree.fromstring(TEXT)


def lines() -> list[str]:
    """What it shows in the end, from top to bottom."""
    return [str(text.text) for text in PICTURE.iter(f"{SVG}text")]


def readme() -> list[str]:
    """The console block of the README's demo."""
    block = re.search(r"^## Demo$.*?^```console\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S)
    assert block
    return [line for line in block[1].splitlines() if line]


def test_the_readme_shows_lines_of_it_in_their_order() -> None:
    shown = iter(lines())
    assert [line for line in readme() if line not in shown] == []


def test_the_readme_shows_it_and_says_in_words_what_it_shows() -> None:
    assert re.search(r"^!\[[^\]]{40,}\]\(docs/demo\.svg\)$", (ROOT / "README.md").read_text(), re.M)


def test_each_line_stands_below_the_one_before() -> None:
    tops = [int(text.attrib["y"]) for text in PICTURE.iter(f"{SVG}text")]
    assert all(above < below for above, below in pairwise(tops))


def test_it_names_itself_for_who_cannot_see_it() -> None:
    assert PICTURE.attrib["role"] == "img"
    named = {
        f"{SVG}{part}": PICTURE.find(f"{SVG}{part}") for part in PICTURE.attrib["aria-labelledby"].split()
    }
    assert all(part is not None and part.text for part in named.values())


def test_it_asks_no_other_host_runs_no_script_and_is_small() -> None:
    assert re.findall(r"https?:[^\"' ]+", TEXT) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"<script|@import|url\((?!#)", TEXT)
    assert len(TEXT) < 200_000


def test_it_begins_with_the_finished_screen() -> None:
    """Every line is there, and nothing covers a command. The same is shown where nothing is animated."""
    begins = re.findall(r"@keyframes (\w)\d+ \{ 0% \{ opacity: (\d); \}", TEXT)
    assert begins.count(("r", "1")) == len(lines())
    assert set(begins) == {("r", "1"), ("c", "0")}
    assert re.search(r"@keyframes fade \{ [1-9][\d.]+% \{ opacity: 1; \}", TEXT)
    assert re.search(r"^\.cover \{ opacity: 0; \}$", TEXT, re.MULTILINE)


def test_it_holds_still_for_a_reader_who_prefers_reduced_motion() -> None:
    assert re.search(r"@media \(prefers-reduced-motion: reduce\) \{[^}]* animation: none !important;", TEXT)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_text_stands_out_from_its_ground(scheme: str) -> None:
    light, dark = (
        dict(re.findall(r"--(\w+): (#\w+)", rule))
        for rule in re.findall(r"^svg \{(.*)\}$", TEXT, re.MULTILINE)
    )
    colors = {"light": light, "dark": dark}[scheme]
    assert all(contrast(colors[name], colors["ground"]) >= ENOUGH for name in ("text", "quiet", "command"))
