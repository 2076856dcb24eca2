"""Reads argv by kubectl's rules: flags anywhere, `--flag value` or `--flag=value`, last value wins."""

from __future__ import annotations

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue

from .other_tools import instead
from .parser import LONGEST, TRUTHS, Parser, SwitchAction, UsageError, quoted, unquoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from typing import Any


# The maximum number of names in an error message.
_SHOWN = 4


def parse(top: Parser, argv: Sequence[str]) -> tuple[Parser, argparse.Namespace]:
    """Return the parser of argv's command, or `top` if there is none, and the parsed values.

    If help or the version is requested, nothing after that is read.

    Raises:
        UsageError: an unknown flag or command, a missing value or name, too many names.
        InvalidValue: a switch has a value other than true or false.
    """
    reader = _Reader(top)
    reader.read(argv)
    return reader.parser, reader.said()


class WordReader:
    """Splits argv into flags and names, which subclasses handle.

    `only_names` is set after a `--`. If `stopped` is set, reading ends.
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
        """Read `-n web`, `-n=web`, `-nweb`, or combined switches."""
        flag, rest = word[:2], word[2:]
        while rest and rest[0] != "=" and isinstance(self.action(flag), SwitchAction):
            self.flag(flag, None, words)
            if self.stopped:
                return
            flag, rest = f"-{rest[0]}", rest[1:]
        self.flag(flag, rest.removeprefix("=") if rest else None, words)

    def action(self, flag: str) -> argparse.Action | None:
        """Return the action of a flag."""
        raise NotImplementedError

    def flag(self, flag: str, value: str | None, words: list[str]) -> None:
        """Handle a flag. Its value may be the last of `words`: the following words, in reverse."""
        raise NotImplementedError

    def name(self, word: str) -> None:
        """Handle a word without a flag."""
        raise NotImplementedError


class _Reader(WordReader):
    def __init__(self, top: Parser) -> None:
        self.parser = top
        self._verbs = top.verbs()
        self._verb = ""
        self._given: list[tuple[str, Any]] = []
        self._names: list[str] = []
        self._without_value = ""
        # A flag without a value, and the first extra name, which may be meant as its value.
        self._strayed: tuple[str, str] | None = None

    def said(self) -> argparse.Namespace:
        namespace = self.parser.defaults()
        flags = self.parser.flags()
        for flag, value in self._given:
            flags[flag](self.parser, namespace, value, flag)
        if not self.stopped:
            self._refuse_too_many()
            self._refuse_missing()
            for action, name in zip(self.parser.names(), self._names, strict=False):
                action(self.parser, namespace, name)
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
                raise UsageError(f"flag {flag} requires a value", self.parser.see_help)
            value = words.pop()
        if action.choices is not None and value not in action.choices:
            among = ", ".join(map(str, action.choices))
            raise UsageError(
                f"invalid value {quoted(value)} for {flag}: must be one of {among}", self.parser.see_help
            )
        self._given.append((flag, value))

    def _switch(self, flag: str, action: argparse.Action, value: str | None) -> None:
        if value not in (None, *TRUTHS):
            raise InvalidValue(
                flag,
                str(value)[:LONGEST],
                "must be true or false",
                remedy=f"use {flag} or {flag}=false",
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
                f"flag {flag} must follow its command", f"write it after {_alternatives(behind)}"
            )
        raise UsageError(f"unknown flag {unquoted(flag)}", instead(flag, flags, self.parser))

    def name(self, word: str) -> None:
        if not self._verb:
            if word not in self._verbs:
                raise UsageError(f"unknown command {quoted(word)}", instead(word, self._verbs, self.parser))
            self._verb, self.parser = word, self._verbs[word]
            return
        self._names.append(word)
        if self._without_value and len(self._names) > len(self.parser.names()) and not self._strayed:
            self._strayed = (self._without_value, word)

    def _refuse_too_many(self) -> None:
        """Raise UsageError if there are too many names. Every command takes at most one."""
        wanted = self.parser.names()
        count = len(self._names)
        if count <= len(wanted):
            return
        got = ", ".join(quoted(name) for name in self._names[:_SHOWN]) + ", …" * (count > _SHOWN)
        takes = "accepts no arguments"
        if wanted:
            how_many = "accepts at most" if wanted[0].nargs == "?" else "requires exactly"
            takes = f"{how_many} one {wanted[0].metavar}"
        remedy = self.parser.see_help
        if self._strayed:
            flag, value = self._strayed
            remedy = f"if {quoted(value)} is the value of {flag}, write {flag}={unquoted(value)}"
        raise UsageError(f"{self._verb} {takes}, got {count}: {got}", remedy)

    def _refuse_missing(self) -> None:
        if not self._verb:
            if self._given:
                raise UsageError("a command is required", self.parser.see_help)
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
            raise UsageError(f"{self._verb} requires {' and '.join(missing)}", self.parser.see_help)


def _alternatives(words: Sequence[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
