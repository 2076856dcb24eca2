"""Help: kubectl's order, verbs in groups, and the same by three ways."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from kubectl_iamsa.argv.other_tools import OTHER_FLAGS, OTHER_WORDS
from kubectl_iamsa.verb_tree import GROUPS, build_parser

from ansible_collections.iamsa.eks.plugins.module_utils.plan.status import STATE_WORDS

VERBS = build_parser().verbs()


def test_every_verb_is_in_one_group() -> None:
    assert [verb for group in GROUPS.values() for verb in group] == list(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_shows_what_it_is_examples_options_usage(verb: str) -> None:
    text = VERBS[verb].format_help()
    places = [text.index(part) for part in ("\n\nExamples:\n", ":\n  ", f"\nUsage:\n  kubectl iamsa {verb}")]
    assert text[0].isupper()
    assert places[0] < places[2]


CONNECTION = {flag for flag in build_parser().flags() if flag not in ("-h", "--help", "--version")}


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "options"])
def test_the_connection_options_are_on_one_page(verb: str) -> None:
    text = VERBS[verb].format_help()
    connects = VERBS[verb].flags().keys() >= CONNECTION
    assert "--kubeconfig FILE" not in text
    assert text.endswith('\n\nUse "kubectl iamsa options" for options that all commands share.\n') == connects


def test_that_page_has_all_of_them(iamsa: Callable[..., Any]) -> None:
    shown = iamsa("options").out
    assert shown == iamsa("options", "--help").out
    assert not [flag for flag in CONNECTION if f"{flag} " not in shown and f"{flag}," not in shown]


def test_a_status_is_one_word_that_the_help_of_list_explains() -> None:
    described = re.findall(
        r"(?:of: |; )([A-Z]\w+)(?=[:;])", " ".join((VERBS["list"].description or "").split())
    )
    assert described == list(STATE_WORDS.values())


def test_the_help_of_create_fits_on_a_screen_and_a_half(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert len(VERBS["create"].format_help().splitlines()) <= 75


@pytest.mark.parametrize("verb", VERBS)
def test_help_is_not_wider_than_the_terminal_but_for_commands(
    monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = VERBS[verb].format_help()
    assert not [line for line in text.splitlines() if len(line) > 80 and "kubectl iamsa " not in line]


GROUPS_OF_OPTIONS = {
    "create": ["Arguments", "Options", "Overrides", "Preview and output"],
    "update": ["Arguments", "Options", "Overrides", "Preview and output"],
    "delete": ["Arguments", "Options", "Manifests", "Overrides", "Preview and output"],
    "diff": ["Arguments", "Options", "Overrides", "Manifests", "Output"],
    "apply": [
        "Options",
        "Defaults for what a manifest does not set",
        "Overrides",
        "Preview and output",
    ],
    "schema": [],
    "list": ["Arguments", "Options", "Output"],
    "describe": ["Arguments", "Options", "Output"],
    "verify": ["Arguments", "Options", "Manifests", "Output"],
    "doctor": ["Arguments", "Options", "Output"],
    "completion": ["Arguments", "Options"],
    "help": ["Arguments"],
    "options": ["Connection"],
    "version": ["Options"],
}


@pytest.mark.parametrize("verb", VERBS)
def test_options_are_grouped_alike(verb: str) -> None:
    titles = [
        line[:-1] for line in VERBS[verb].format_help().splitlines() if re.fullmatch(r"\w[\w ]*:", line)
    ]
    assert titles == ["Examples", *GROUPS_OF_OPTIONS[verb], "Usage"]


@pytest.mark.parametrize("verb", VERBS)
def test_help_asked_for_by_its_verb_is_the_same(iamsa: Callable[..., Any], verb: str) -> None:
    assert iamsa("help", verb).out == iamsa(verb, "--help").out == iamsa(verb, "-h").out


def test_help_without_a_verb_is_that_of_the_program(iamsa: Callable[..., Any]) -> None:
    assert iamsa("help").out == iamsa("--help").out == iamsa().out


def test_help_for_what_is_no_verb(iamsa: Callable[..., Any]) -> None:
    done = iamsa("help", "creat")
    assert (done.code, done.out) == (2, "")
    assert done.error == 'unknown command "creat"; did you mean create?'


def test_words_of_other_tools_lead_to_verbs_and_flags_that_there_are() -> None:
    flags = {flag for verb in VERBS.values() for flag in verb.flags()}
    assert set(OTHER_WORDS.values()) <= VERBS.keys()
    assert set(OTHER_FLAGS.values()) <= flags
    assert not OTHER_WORDS.keys() & VERBS.keys()
    assert not OTHER_FLAGS.keys() & flags
