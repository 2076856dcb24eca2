"""Help: kubectl's order, verbs in groups, and the same by three ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kubectl_iamsa.argv.other_tools import OTHER_FLAGS, OTHER_WORDS
from kubectl_iamsa.verb_tree import GROUPS, build_parser

VERBS = build_parser().verbs()


def test_every_verb_is_in_one_group() -> None:
    assert [verb for group in GROUPS.values() for verb in group] == list(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_shows_what_it_is_examples_options_usage(verb: str) -> None:
    text = VERBS[verb].format_help()
    places = [text.index(part) for part in ("\n\nExamples:\n", ":\n  ", f"\nUsage:\n  kubectl iamsa {verb}")]
    assert text[0].isupper()
    assert places[0] < places[2]


@pytest.mark.parametrize("verb", VERBS)
def test_help_asked_for_by_its_verb_is_the_same(iamsa: Callable[..., Any], verb: str) -> None:
    assert iamsa("help", verb).out == iamsa(verb, "--help").out == iamsa(verb, "-h").out


def test_help_without_a_verb_is_that_of_the_program(iamsa: Callable[..., Any]) -> None:
    assert iamsa("help").out == iamsa("--help").out == iamsa().out


def test_help_for_what_is_no_verb(iamsa: Callable[..., Any]) -> None:
    done = iamsa("help", "creat")
    assert (done.code, done.out) == (2, "")
    assert done.error == "unknown verb 'creat'; write create, or see kubectl iamsa --help"


def test_words_of_other_tools_lead_to_verbs_and_flags_that_there_are() -> None:
    flags = {flag for verb in VERBS.values() for flag in verb.flags()}
    assert set(OTHER_WORDS.values()) <= VERBS.keys()
    assert set(OTHER_FLAGS.values()) <= flags
    assert not OTHER_WORDS.keys() & VERBS.keys()
    assert not OTHER_FLAGS.keys() & flags
