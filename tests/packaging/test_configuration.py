"""docs/configuration.md has every variable that the manual has, and docs/ci.md every exit code."""

from __future__ import annotations

import re

import pytest
from pages.blocks import DOCS

from release.manual import facts

CONFIGURATION = (DOCS / "configuration.md").read_text()
EXIT_CODES = (DOCS / "ci.md").read_text().partition("\n## Exit codes\n")[2].partition("\n## ")[0]


def variables() -> set[str]:
    """In the first column of its tables."""
    cells = re.findall(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|", CONFIGURATION, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([A-Z_]+)`", cell)}


def test_the_page_has_every_variable_of_the_manual_and_no_other() -> None:
    assert variables() == set(", ".join({**facts.OWN_VARIABLES, **facts.OTHER_VARIABLES}).split(", "))


@pytest.mark.parametrize("verb", facts.EXIT_CODES)
def test_a_verb_has_the_exit_codes_of_the_manual(verb: str) -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in EXIT_CODES.splitlines() if line]
    codes = [int(code) for code in rows[0][1:]]
    row = next(row for row in rows if row[0] == (f"`{verb}`" if verb else "all others"))
    said = {code for code, words in zip(codes, row[1:], strict=True) if words}
    assert said == facts.EXIT_CODES[""].keys() | facts.EXIT_CODES[verb].keys()
