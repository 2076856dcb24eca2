"""argparse, taught kubectl's manners: one-line errors, flags with `=`, no abbreviations."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue

TRUTHS = {"true": True, "false": False}


class UsageError(Exception):
    """argv cannot be understood; `help_command` shows how to write it."""

    def __init__(self, message: str, help_command: str) -> None:
        super().__init__(message)
        self.help_command = help_command


class Parser(argparse.ArgumentParser):
    """Raises UsageError instead of printing usage and exiting."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(*args, **{**kwargs, "allow_abbrev": False, "add_help": False})
        self.add_argument("-h", "--help", action="help", help=argparse.SUPPRESS)

    def verbs(self) -> dict[str, Parser]:
        """The parsers of its verbs by name."""
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                return dict(action.choices)
        return {}

    def switches(self) -> set[str]:
        """The flags that may carry `=true`, its verbs' too."""
        own = {flag for one in self._actions if isinstance(one, SwitchAction) for flag in one.option_strings}
        return own.union(*(verb.switches() for verb in self.verbs().values()))

    def error(self, message: str) -> NoReturn:
        words = message.removeprefix("argument ").replace("unrecognized arguments:", "unknown arguments:")
        raise UsageError(words, f"{self.prog} --help")


class SwitchAction(argparse.Action):
    """A flag that is on when given, and takes true or false only after `=`, as kubectl's do."""

    def __init__(self, option_strings: Sequence[str], dest: str, **kwargs: Any) -> None:
        kwargs.setdefault("default", False)
        super().__init__(option_strings, dest, nargs=0, **kwargs)

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        _values: Any,
        _option: str | None = None,
    ) -> None:
        setattr(namespace, self.dest, True)


def spelled_out(argv: Sequence[str], alone: dict[str, str], switches: set[str]) -> Iterator[str]:
    """argv with optional values made explicit, since argparse would swallow the next word as one.

    `alone` maps a flag to the value that it has without `=`; `switches` are flags that may carry `=true`.
    """
    words = iter(argv)
    for word in words:
        if word == "--":
            yield word
            break
        flag, equals, value = word.partition("=")
        if word in alone:
            yield f"{word}={alone[word]}"
        elif equals and flag in switches:
            if value not in TRUTHS:
                raise InvalidValue(
                    flag, value, "is neither true nor false", remedy=f"write {flag} or {flag}=false"
                )
            if TRUTHS[value]:
                yield flag
        else:
            yield word
    yield from words
