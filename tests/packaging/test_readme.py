"""The README names only flags and make targets that exist."""

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
