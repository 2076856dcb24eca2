"""docs/reference has a page for each verb, with every option, as the parser has it."""

from __future__ import annotations

import re
from argparse import SUPPRESS, Action
from pathlib import Path

import pytest
from kubectl_iamsa.verb_tree import build_parser
from pages.blocks import DOCS

from docs import reference

FOLDER = DOCS / "reference"
VERBS = build_parser().verbs()
FLAGS = {
    verb: [action for action in parser.actions() if action.option_strings] for verb, parser in VERBS.items()
}
# The command `options` has a page of the connection options.
WITH_OPTIONS = [verb for verb in VERBS if verb != "options"]
# `--help` is not on the pages.
HELP = {"-h", "--help"}


def page(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text()


def rows(name: str) -> dict[str, str]:
    """What a page says of each option, by the option."""
    found = re.findall(r"^\| (`-.*?`) \| (.*) \|$", page(name), re.MULTILINE)
    return {flag: words for flags, words in found for flag in re.findall(r"`(--?[\w-]+)", flags)}


def connection_flags() -> set[str]:
    return set(build_parser().flags()) - HELP - {"--version"}


def test_the_pages_are_what_make_docs_writes() -> None:
    written = {path.name: path.read_text() for path in reference.generated()}
    assert written == reference.pages(), "run make docs"


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_has_its_page_with_its_usage(verb: str) -> None:
    assert f"\n    {VERBS[verb].usage}\n" in page(verb)
    assert f"[{verb}]({verb}.md)" in page("README")


@pytest.mark.parametrize("verb", WITH_OPTIONS)
def test_a_page_has_every_option_of_the_verb_and_no_other(verb: str) -> None:
    assert set(rows(verb)) == set(VERBS[verb].flags()) - connection_flags() - HELP


def test_one_page_has_every_connection_option_and_no_other() -> None:
    assert set(rows("options")) == connection_flags()


@pytest.mark.parametrize("verb", WITH_OPTIONS)
def test_a_page_links_to_the_connection_options_where_the_verb_accepts_them(verb: str) -> None:
    assert ("](options.md)" in page(verb)) == bool(set(VERBS[verb].flags()) & connection_flags())


def with_default() -> list[tuple[str, Action]]:
    return [
        (verb, action)
        for verb, actions in FLAGS.items()
        for action in actions
        if isinstance(action.default, str) and action.default != SUPPRESS
    ]


@pytest.mark.parametrize(("verb", "action"), with_default(), ids=str)
def test_a_page_says_the_default_that_the_parser_uses(verb: str, action: Action) -> None:
    assert f"Default: `{action.default}`." in rows(verb)[action.option_strings[-1]]


@pytest.mark.parametrize("verb", VERBS)
def test_a_page_says_every_allowed_value(verb: str) -> None:
    said = rows(verb)
    for action in FLAGS[verb]:
        for choice in action.choices or ():
            assert f"`{choice}`" in said[action.option_strings[-1]]


def test_a_page_of_a_verb_that_is_gone_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "FOLDER", tmp_path)
    (tmp_path / "gone.md").write_text(reference.NOTE)
    (tmp_path / "documents.md").write_text("# Documents\n")
    assert [path.name for path in reference.generated()] == ["gone.md"]
