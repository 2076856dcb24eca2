"""Every page of the documentation: its links lead somewhere, and its commands are the program's."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from kubectl_iamsa.argv.reader import parse
from kubectl_iamsa.gen3 import argv as gen3
from kubectl_iamsa.verb_tree import build_parser
from pages.blocks import DOCS, PAGES, ROOT, blocks, examples

DOCUMENTS = [*PAGES, *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md"))]
LINK = re.compile(r"(?<!`)\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def title(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """As the repository's web page and the site make them of headings."""
    plain = (re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", text) for text in HEADING.findall(page.read_text()))
    return {re.sub(r"[^\w\- ]", "", text.lower()).strip().replace(" ", "-") for text in plain}


def commands(page: Path) -> Iterator[str]:
    """Each `kubectl iamsa …` of the page's blocks, lines that go on in one, and those in its sentences and
    tables that say more than a verb's name."""
    yield from re.findall(r"(?<!`)`(kubectl iamsa [a-z-]+ [^`]+)`", page.read_text())
    for block in blocks(page):
        if block.language in ("sh", "console"):
            lines = "\n".join(line for example in examples(block) for line in example.command)
            yield from re.findall(r"(kubectl iamsa (?:(?! >)[^\n|;)])*)", lines.replace("\\\n", " "))


@pytest.mark.parametrize("page", DOCUMENTS, ids=title)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text()):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link


def test_every_page_is_in_a_list_of_the_index() -> None:
    """The site's tree of pages is made of these lists; each page of a verb is in the table of commands."""
    lists = (DOCS / "index.md", DOCS / "reference/README.md")
    listed = {(page.parent / link).resolve() for page in lists for link in LINK.findall(page.read_text())}
    assert set(PAGES) - {DOCS / "index.md"} <= listed


@pytest.mark.parametrize("page", DOCUMENTS, ids=title)
def test_every_command_can_be_read(page: Path) -> None:
    for command in commands(page):
        words = shlex.split(command, comments=True)[2:]
        # A pattern for the reader to fill in, such as [-p POLICY ...].
        if any(word[0] in "[(<" or word == "…" for word in words if word):
            continue
        if gen3.is_meant(words):
            parse(gen3.build_parser("kubectl iamsa"), gen3.parsable(words))
        else:
            parse(build_parser(), words)
