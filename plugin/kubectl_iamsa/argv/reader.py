"""argv, read by kubectl's rules: flags anywhere, `--flag value` and `--flag=value`, the last one counts."""

from __future__ import annotations

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue

from .other_tools import LONGEST, instead
from .parser import TRUTHS, Parser, SwitchAction, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from typing import Any


def parse(top: Parser, argv: Sequence[str]) -> tuple[Parser, argparse.Namespace]:
    """The parser of argv's verb, or `top` where there is none, and what argv says.

    Where help or the version is asked for, nothing after that is looked at.

    Raises:
        UsageError: an unknown flag or verb, a missing value or name, one too many.
        InvalidValue: a flag's value is none of those that it takes.
    """
    reader = _Reader(top)
    reader.read(argv)
    return reader.parser, reader.said()


class WordReader:
    """Tells flags and names apart, and takes flags out of their words; what becomes of them is for others.

    `only_names` says that a `--` was read. `stopped` ends the reading.
    """

    only_names = False
    stopped = False

    def read(self, argv: Sequence[str]) -> None:
        words = list(reversed(argv))
        while words and not self.stopped:
            word = words.pop()
            if self.only_names or not word.startswith("-") or word == "-":
                self.name(word)
            elif word == "--":
                self.only_names = True
            elif word.startswith("--"):
                flag, equals, value = word.partition("=")
                self.flag(flag, value if equals else None, words)
            else:
                self._short(word, words)

    def _short(self, word: str, words: list[str]) -> None:
        """`-n web`, `-n=web`, `-nweb`, and switches in a row."""
        flag, rest = word[:2], word[2:]
        while rest and rest[0] != "=" and isinstance(self.action(flag), SwitchAction):
            self.flag(flag, None, words)
            if self.stopped:
                return
            flag, rest = f"-{rest[0]}", rest[1:]
        self.flag(flag, rest.removeprefix("=") if rest else None, words)

    def action(self, flag: str) -> argparse.Action | None:
        """What stands behind a flag."""
        raise NotImplementedError

    def flag(self, flag: str, value: str | None, words: list[str]) -> None:
        """A flag; its value may be the last of `words`, which are those that follow, in reverse."""
        raise NotImplementedError

    def name(self, word: str) -> None:
        """A word without a flag."""
        raise NotImplementedError


class _Reader(WordReader):
    def __init__(self, top: Parser) -> None:
        self.parser = top
        self._verbs = top.verbs()
        self._verb = ""
        self._given: list[tuple[str, Any]] = []
        self._names: list[str] = []
        self._without_value = ""

    def said(self) -> argparse.Namespace:
        namespace = self.parser.defaults()
        flags = self.parser.flags()
        for flag, value in self._given:
            flags[flag](self.parser, namespace, value, flag)
        if not self.stopped:
            self._refuse_missing()
            for action, name in zip(self.parser.names(), self._names, strict=False):
                setattr(namespace, action.dest, name)
            namespace.verb = self._verb
        return namespace

    def flag(self, flag: str, value: str | None, words: list[str]) -> None:
        action = self.action(flag)
        if isinstance(action, SwitchAction):
            self._switch(flag, action, value)
            return
        if value is None and action.nargs == "?":
            value, self._without_value = str(action.const), flag
        elif value is None:
            if not words or words[-1].partition("=")[0] in self.parser.flags():
                raise UsageError(f"flag {flag} needs a value", self.parser.see_help)
            value = words.pop()
        if action.choices is not None and value not in action.choices:
            among = ", ".join(map(str, action.choices))
            raise UsageError(f"{flag} {_quoted(value)} is none of {among}", self.parser.see_help)
        self._given.append((flag, value))

    def _switch(self, flag: str, action: argparse.Action, value: str | None) -> None:
        if value not in (None, *TRUTHS):
            raise InvalidValue(
                flag,
                str(value)[:LONGEST],
                "is neither true nor false",
                remedy=f"write {flag} or {flag}=false",
            )
        on = value is None or TRUTHS[value]
        self.stopped = on and action.dest in ("help", "version")
        if self.stopped or flag in self.parser.flags():
            self._given.append((flag, on))

    def action(self, flag: str) -> argparse.Action:
        flags = self.parser.flags()
        if flag in flags:
            return flags[flag]
        behind = [name for name, verb in self._verbs.items() if flag in verb.flags()]
        if behind and not self._verb:
            raise UsageError(
                f"flag {flag} belongs to a verb", f"write it after {' or '.join(behind)}, not before"
            )
        raise UsageError(f"unknown flag {_plain(flag)}", instead(flag, flags, self.parser))

    def name(self, word: str) -> None:
        if not self._verb:
            if word not in self._verbs:
                raise UsageError(f"unknown verb {_quoted(word)}", instead(word, self._verbs, self.parser))
            self._verb, self.parser = word, self._verbs[word]
            return
        self._names.append(word)
        wanted = self.parser.names()
        if len(self._names) <= len(wanted):
            return
        if self._without_value:
            raise UsageError(
                f"{_quoted(word)} is one name too many",
                f"if it is meant for {self._without_value}, write {self._without_value}={_plain(word)}",
            )
        if not wanted:
            raise UsageError(f"{_quoted(word)} is a word too many", self.parser.see_help)
        takes = " and ".join(f"one {action.metavar}" for action in wanted)
        raise UsageError(
            f"{self._verb} takes {takes}, and {_quoted(word)} is one too many", self.parser.see_help
        )

    def _refuse_missing(self) -> None:
        if not self._verb:
            if self._given:
                raise UsageError("a verb is missing", self.parser.see_help)
            return
        missing = [
            f"a {action.metavar}" for action in self.parser.names()[len(self._names) :] if action.nargs != "?"
        ]
        given = {self.parser.flags()[flag].dest for flag, _ in self._given}
        missing += [
            f"at least one {action.option_strings[-1]}"
            for action in self.parser.required()
            if action.dest not in given
        ]
        if missing:
            raise UsageError(f"{self._verb} needs {' and '.join(missing)}", self.parser.see_help)


def _quoted(word: str) -> str:
    return repr(word if len(word) <= LONGEST else f"{word[:LONGEST]}…")


def _plain(word: str) -> str:
    quoted = _quoted(word)
    return quoted if "\\" in quoted or " " in quoted or not word else quoted[1:-1]
