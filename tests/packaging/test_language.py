"""Documents are in plain, idiomatic English: phrases that are never right stand nowhere in their prose."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pages.blocks import PAGES, ROOT, is_generated

NEVER = (
    "so long at most",
    "Go on?",
    "is no name",
    "is no kind",
    "cannot be right",
    "could not be found out",
    "broken off",
    "anew",
    "somebody else meanwhile",
    "take over",
    "taken over",
    "taking over",
    "mend",
    "foreign",
    "lets in",
    "let in",
    "ways out",
    "the way out",
    "whose it is",
    "what is there",
    "has to be allowed",
)
# The sentences of doctor's checks are prose, though the page is generated.
TROUBLESHOOTING = ROOT / "docs" / "troubleshooting.md"
WRITTEN = (page for page in (ROOT / "README.md", ROOT / "SECURITY.md", *PAGES) if not is_generated(page))
PROSE = [*WRITTEN, TROUBLESHOOTING]


def prose(page: Path) -> str:
    """Without what commands print and what is typed, which the program decides."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]+`|<!--.*?-->", "", text)


@pytest.mark.parametrize("page", PROSE, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_document_has_no_phrase_that_is_never_right(page: Path) -> None:
    text = prose(page)
    assert [words for words in NEVER if re.search(rf"\b{re.escape(words)}", text, re.IGNORECASE)] == []


# British spellings of words that documents of this kind use.
BRITISH = re.compile(r"\w*(?:colour|behaviour|favour|licen[c]e\b|recognis|organis|authoris|initialis)\w*")


@pytest.mark.parametrize("page", PROSE, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_document_has_american_spelling(page: Path) -> None:
    assert BRITISH.findall(prose(page).lower()) == []
