# SPDX-License-Identifier: GPL-3.0-or-later

"""Sentences that name options and commands of iamsa, which each front end spells in its own way.

    "add " + Option("adopt") + " to take it over"

is `add --adopt to take it over` on the command line, and `add adopt: true to take it over` in a task. A
sentence that names none is a plain `str`; `Sentence` is either. An option has the name of the flag, with
underscores. Commands of other programs are plain text.

Python 3.8's syntax and no dataclasses: see ../errors.py.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol, TypeAlias

    class Words(Protocol):
        """How a front end spells what is its own."""

        def knows(self, option: Option) -> bool:
            """Whether the front end has such an option."""

        def option(self, option: Option) -> str:
            """An option that is named, or with a value."""

        def command(self, command: Command) -> str:
            """A run of ours that does something else than this one."""

        def term(self, term: Term) -> str:
            """A term that the front ends have different words for."""


Sentence: TypeAlias = "str | Phrase"


class Phrase:
    """What sentences are put together of, by `+`; equal if its contents are."""

    __slots__ = ()

    def contents(self) -> tuple[object, ...]:
        """All that it says."""
        raise NotImplementedError

    def options(self) -> Iterable[Option]:
        """Those that it names."""
        return ()

    def in_words(self, words: Words) -> str:
        """As a front end says it."""
        raise NotImplementedError

    def __str__(self) -> str:
        """In the words of no front end, for tests and for debugging."""
        return self.in_words(NEUTRAL)

    def __contains__(self, words: str) -> bool:
        return words in str(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}{self.contents()!r}"

    def __add__(self, other: Sentence) -> Text:
        return Text(self, other)

    def __radd__(self, other: str) -> Text:
        return Text(other, self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Phrase) and type(self) is type(other) and self.contents() == other.contents()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.contents()))


class Text(Phrase):
    """Several parts, one after the other."""

    __slots__ = ("parts",)

    def __init__(self, *parts: Sentence) -> None:
        flat: list[Sentence] = []
        for part in parts:
            flat += part.parts if isinstance(part, Text) else (part,) if part else ()
        self.parts: tuple[Sentence, ...] = tuple(flat)

    def contents(self) -> tuple[object, ...]:
        return self.parts

    def options(self) -> Iterable[Option]:
        return [one for part in self.parts if isinstance(part, Phrase) for one in part.options()]

    def in_words(self, words: Words) -> str:
        return "".join(say(part, words) for part in self.parts)

    def __bool__(self) -> bool:
        return bool(self.parts)


class Option(Phrase):
    """An option by its name, `Option("adopt")`, or with a value, `Option("role_name", "x")`.

    `of` is the verb that has it, where that is not the one that runs. `brief`: its one letter will do.
    """

    __slots__ = ("brief", "name", "of", "value")

    def __init__(self, name: str, value: str | None = None, *, of: str = "", brief: bool = False) -> None:
        self.name = name
        self.value = value
        self.of = of
        self.brief = brief

    def contents(self) -> tuple[object, ...]:
        return (self.name, self.value, self.of, self.brief)

    def options(self) -> Iterable[Option]:
        return (self,)

    def in_words(self, words: Words) -> str:
        return words.option(self)


class Command(Phrase):
    """A run of iamsa: a verb, whom it is about, and options."""

    __slots__ = ("given", "name", "verb")

    def __init__(self, verb: str, name: str = "", given: Iterable[Option] = ()) -> None:
        self.verb = verb
        self.name = name
        self.given = tuple(given)

    def contents(self) -> tuple[object, ...]:
        return (self.verb, self.name, self.given)

    def options(self) -> Iterable[Option]:
        return self.given

    def in_words(self, words: Words) -> str:
        return words.command(self)


class Term(Phrase):
    """What each front end calls otherwise; THIS_RUN and others below."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def contents(self) -> tuple[object, ...]:
        return (self.name,)

    def in_words(self, words: Words) -> str:
        return words.term(self)


# What was typed, or the task that runs.
THIS_RUN = Term("the same command")
# How to start iamsa with arguments that do not matter here.
THE_PROGRAM = Term("iamsa …")
# What shows a bug's traceback.
THE_TRACEBACK = Term("the traceback that IAMSA_DEBUG=1 shows")


# The remedy where a run met with another, or with bad luck.
RUN_AGAIN = "run " + THIS_RUN + " again"


class Either(Phrase):
    """Alternatives, joined by commas and `last`; without those whose options the front end lacks."""

    __slots__ = ("last", "ways")

    def __init__(self, *ways: Sentence, last: str = ", or ") -> None:
        self.ways = ways
        self.last = last

    def contents(self) -> tuple[object, ...]:
        return (*self.ways, self.last)

    def options(self) -> Iterable[Option]:
        return [one for way in self.ways if isinstance(way, Phrase) for one in way.options()]

    def in_words(self, words: Words) -> str:
        *first, last = [say(way, words) for way in self.ways if _is_possible(way, words)] or [""]
        return f"{', '.join(first)}{self.last}{last}" if first else last


def say(sentence: Sentence, words: Words) -> str:
    """The sentence as a front end says it."""
    return sentence if isinstance(sentence, str) else sentence.in_words(words)


def joined(separator: str, sentences: Iterable[Sentence]) -> Text:
    """As str.join."""
    parts: list[Sentence] = []
    for sentence in sentences:
        parts += (separator, sentence) if parts else (sentence,)
    return Text(*parts)


def _is_possible(way: Sentence, words: Words) -> bool:
    return isinstance(way, str) or all(words.knows(option) for option in way.options())


class _Neutral:
    """The words of no front end."""

    def knows(self, _option: Option) -> bool:
        return True

    def option(self, option: Option) -> str:
        return f"<{option.name}>" if option.value is None else f"<{option.name}={option.value}>"

    def command(self, command: Command) -> str:
        given = (str(option)[1:-1] for option in command.given)
        return f"<{' '.join(filter(None, (command.verb, command.name, *given)))}>"

    def term(self, term: Term) -> str:
        return term.name


NEUTRAL = _Neutral()
