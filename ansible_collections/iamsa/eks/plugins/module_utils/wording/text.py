# SPDX-License-Identifier: GPL-3.0-or-later

"""Sentences that name options and commands of iamsa, which each front end spells in its own way.

    "to adopt it, add " + Option("adopt")

is `to adopt it, add --adopt` on the command line, and `to adopt it, add adopt: true` in a task. A sentence
without options and commands is a plain `str`; `Sentence` is either. An option's name is that of the flag,
with underscores. Commands of other programs are plain text.

Python 3.8 syntax and no dataclasses: see ../errors.py.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol, TypeAlias

    class Words(Protocol):
        """How a front end spells options, commands and terms."""

        def knows(self, option: Option) -> bool:
            """Whether the front end has this option."""

        def option(self, option: Option) -> str:
            """The option's name, with its value if it has one."""

        def command(self, command: Command) -> str:
            """Another run of iamsa, as the user starts it."""

        def term(self, term: Term) -> str:
            """The front end's word for the term."""


Sentence: TypeAlias = "str | Phrase"


class Phrase:
    """A part of a sentence; parts are joined with `+`. Two phrases are equal if their contents are."""

    __slots__ = ()

    def contents(self) -> tuple[object, ...]:
        """Everything that the phrase consists of, for comparison."""
        raise NotImplementedError

    def options(self) -> Iterable[Option]:
        """The options that the phrase names."""
        return ()

    def in_words(self, words: Words) -> str:
        """The phrase as a front end spells it."""
        raise NotImplementedError

    def __str__(self) -> str:
        """The phrase in neutral spelling, for tests and debugging."""
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

    `of` is the verb that has the option, if that is not the current one. `brief`: use its short form.
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
    """A run of iamsa: a verb, the name of a ServiceAccount, and options."""

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
    """A term that the front ends have different words for: THIS_RUN and others below."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def contents(self) -> tuple[object, ...]:
        return (self.name,)

    def in_words(self, words: Words) -> str:
        return words.term(self)


# The command that the user typed, or the task that runs.
THIS_RUN = Term("the same command")
# The start of iamsa with any arguments.
THE_PROGRAM = Term("iamsa …")
# The traceback of an internal error.
THE_TRACEBACK = Term("the traceback that IAMSA_DEBUG=1 shows")


# The remedy for a concurrent change or a temporary failure.
RUN_AGAIN = "run " + THIS_RUN + " again"


class Either(Phrase):
    """Alternatives, joined by commas and `last`; those whose options the front end lacks are left out."""

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
    """The sentence as a front end spells it."""
    return sentence if isinstance(sentence, str) else sentence.in_words(words)


def joined(separator: str, sentences: Iterable[Sentence]) -> Text:
    """Like str.join."""
    parts: list[Sentence] = []
    for sentence in sentences:
        parts += (separator, sentence) if parts else (sentence,)
    return Text(*parts)


def _is_possible(way: Sentence, words: Words) -> bool:
    return isinstance(way, str) or all(words.knows(option) for option in way.options())


class _Neutral:
    """A spelling that belongs to no front end."""

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
