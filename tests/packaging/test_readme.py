"""The README shows what the program has: every flag, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from kubectl_iamsa.verb_tree import build_parser

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


VERBS = build_parser().verbs()


def flags_of(verb: str) -> set[str]:
    return {flag for action in VERBS[verb].actions() for flag in action.option_strings} - {"-h", "--help"}


def shared_flags() -> set[str]:
    """Those that say where to work; the README lists them once, with create's."""
    return set(build_parser().flags()) & flags_of("create")


def section_of(verb: str) -> str:
    """What stands under the heading that ends in the verb's name."""
    found = re.search(rf"^### [^\n]*`{verb}`\n(.*?)(?=^##)", README, re.MULTILINE | re.DOTALL)
    assert found, f"README has no section that is headed by `{verb}`"
    return found[1]


def documented(verb: str) -> set[str]:
    """The flags in the first column of the tables of the verb's section."""
    rows = re.findall(r"^\| (`-.*?) \|", section_of(verb), re.MULTILINE)
    return {flag for row in rows for flag in re.findall(r"`(--?[A-Za-z][a-z-]*)`", row)}


@pytest.mark.parametrize("verb", VERBS)
def test_readme_lists_no_option_that_a_verb_has_not(verb: str) -> None:
    assert documented(verb) - flags_of(verb) == set()


@pytest.mark.parametrize("verb", VERBS)
def test_readme_lists_every_option_of_a_verb(verb: str) -> None:
    """A section may say that its verb has options of `create`, and then lists only the others."""
    elsewhere = shared_flags() if verb != "create" else set()
    if "options of `create`" in section_of(verb).lower():
        elsewhere = flags_of("create")
    assert flags_of(verb) - elsewhere - documented(verb) == set()


# Of `aws eks get-token`, which a kubeconfig may run.
OF_OTHERS = {"--role-arn"}


def test_readme_uses_only_flags_that_exist() -> None:
    used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README))
    assert used - {"--help"} - OF_OTHERS - {flag for verb in VERBS for flag in flags_of(verb)} == set()


@pytest.mark.parametrize(
    "target", sorted(set(re.findall(r"(?:`|^    )make ([a-z-]+)", README, re.MULTILINE)))
)
def test_readme_names_only_make_targets_that_exist(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)
