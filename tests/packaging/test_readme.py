"""The README shows what the program has: every flag, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from kubectl_iamsa.cli import build_parser

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def flags_of_create() -> set[str]:
    create = build_parser().verbs()["create"]
    flags = {flag for action in create.actions() for flag in action.option_strings}
    return flags - {"-h", "--help"}


def test_readme_lists_every_option_of_create_and_no_other() -> None:
    options = README.split("### Options")[1].split("\n## ")[0]
    assert set(re.findall(r"`(--?[a-z][a-z-]*)`", options)) == flags_of_create()


def test_readme_uses_only_flags_that_exist() -> None:
    used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README))
    assert used - flags_of_create() == set()


@pytest.mark.parametrize(
    "target", sorted(set(re.findall(r"(?:`|^    )make ([a-z-]+)", README, re.MULTILINE)))
)
def test_readme_names_only_make_targets_that_exist(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)
