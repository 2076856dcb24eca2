"""The parser of a command. Uses argparse's tables and help, which are the same on every Python.

reader.py reads argv by kubectl's rules. argparse reads it differently, and not the same on every Python.
"""

from __future__ import annotations

import argparse
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    # Not imported at run time: typing alone would take a tenth of the time of --help.
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, NoReturn

TRUTHS = {"true": True, "false": False}
SEE_OPTIONS = 'Use "kubectl iamsa options" for options that all commands share.'
# The maximum length of a word in messages and in searches for similar words.
LONGEST = 60


class UsageError(Exception):
    """A usage error: the problem, and the remedy."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy


def quoted(word: str) -> str:
    """Return a word of argv in double quotes, on one line."""
    shown = word if len(word) <= LONGEST else f"{word[:LONGEST]}…"
    escaped = shown.replace("\\", r"\\").replace('"', r"\"")
    return '"' + "".join(one if one.isprintable() else ascii(one)[1:-1] for one in escaped) + '"'


def unquoted(word: str) -> str:
    """Return a word of argv, in quotes only if it needs them."""
    safe = quoted(word)
    return safe if "\\" in safe or " " in safe or not word else safe[1:-1]


class Parser(argparse.ArgumentParser):
    """The flags and names of one command, or of the whole program."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("formatter_class", HelpFormatter)
        super().__init__(*args, **{**kwargs, "allow_abbrev": False, "add_help": False})
        self.add_argument("-h", "--help", action=SwitchAction, help=argparse.SUPPRESS)
        self._fill: Callable[[Parser], None] | None = None
        self.shared_group: argparse._ArgumentGroup | None = None

    def add_shared_group(self, title: str) -> argparse._ArgumentGroup:
        """Add a group of options that all commands share, which the help only refers to."""
        group = self.shared_group = self.add_argument_group(title)
        return group

    def show_shared_group(self) -> None:
        """Show the shared options in the help."""
        self.shared_group = None

    def defer(self, fill: Callable[[Parser], None]) -> None:
        """Call `fill` to add the options when they are first read. A run reads only one command's."""
        self._fill = fill

    def actions(self) -> list[argparse.Action]:
        """Return all flags and names."""
        if self._fill:
            fill, self._fill = self._fill, None
            fill(self)
        return list(self._actions)

    @property
    def see_help(self) -> str:
        """Return the remedy if there is no better one."""
        return f'see "{self.prog} --help"'

    def verbs(self) -> dict[str, Parser]:
        """Return the parsers of its commands by name."""
        for action in self.actions():
            if isinstance(action, argparse._SubParsersAction):
                return dict(action.choices)
        return {}

    def flags(self) -> dict[str, argparse.Action]:
        """Return the actions by flag, short and long."""
        return {flag: action for action in self.actions() for flag in action.option_strings}

    def names(self) -> list[argparse.Action]:
        """Return the positional arguments in order, without the command."""
        return [one for one in self.actions() if not one.option_strings and one.dest != "verb"]

    def required(self) -> Iterator[argparse.Action]:
        """Return the required flags."""
        return (one for one in self.actions() if one.option_strings and one.required)

    def defaults(self) -> argparse.Namespace:
        """Return the values of flags and names that argv does not set."""
        values = {one.dest: one.default for one in self.actions() if one.default is not argparse.SUPPRESS}
        return argparse.Namespace(**{**values, **self._defaults})

    def format_help(self) -> str:
        """Return the help in kubectl's order: description, examples, options, usage."""
        self.actions()
        formatter = self._get_formatter()
        for group in self._action_groups:
            if group is self.shared_group:
                continue
            formatter.start_section(group.title)
            formatter.add_arguments(group._group_actions)
            formatter.end_section()
        parts = [_filled(self.description or ""), f"Examples:\n{self.epilog.rstrip()}" if self.epilog else ""]
        usage = f"Usage:\n  {self.usage}" if self.usage else ""
        more = SEE_OPTIONS if self.shared_group else ""
        return "\n\n".join(filter(None, (*parts, formatter.format_help().strip("\n"), usage, more))) + "\n"

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, self.see_help)


class SwitchAction(argparse.Action):
    """A switch: true if given, with true or false only after `=`, as in kubectl."""

    def __init__(self, option_strings: Sequence[str], dest: str, **kwargs: Any) -> None:
        kwargs.setdefault("default", False)
        super().__init__(option_strings, dest, nargs=0, **kwargs)

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        _option: str | None = None,
    ) -> None:
        setattr(namespace, self.dest, values if isinstance(values, bool) else True)


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Writes flags as Python 3.13 does, `-n, --namespace NAME`, on every Python."""

    def __init__(self, prog: str, *args: Any, **kwargs: Any) -> None:
        # argparse would import shutil, with all its archive formats, to get the width.
        super().__init__(prog, *args, **{"width": _width(), "max_help_position": 30, **kwargs})

    def _format_action_invocation(self, action: argparse.Action) -> str:
        if not action.option_strings:
            return super()._format_action_invocation(action)
        flags = ", ".join(action.option_strings)
        if action.nargs == 0:
            return flags
        return f"{flags}[={action.metavar}]" if action.nargs == "?" else f"{flags} {action.metavar}"


def _filled(text: str) -> str:
    """Wrap paragraphs to the width of the terminal, up to a readable maximum."""
    import textwrap  # noqa: PLC0415

    width = min(_width(), 80)
    return "\n\n".join(
        textwrap.fill(" ".join(part.split()), width, break_long_words=False, break_on_hyphens=False)
        for part in text.split("\n\n")
    )


def _width() -> int:
    """Return the width of the terminal, within limits."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and len(columns) < 6:
        wide = int(columns)
    else:
        try:
            wide = os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else 0
        except (OSError, ValueError):
            wide = 0
    return min(max(wide or 80, 40), 110) - 2
