"""Where on the line we are: as words.py reads a whole line, but never astonished."""

from __future__ import annotations

from ..cli import PROG, build_parser
from ..commands import predecessor
from ..parser import Parser, SwitchAction

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


class Line:
    """What the words before the cursor say.

    `verb` is "" where none was given, and `parser` is then that of the program. `given` are the values of
    flags by their destination, the last one first; `names` what stands without a flag. `waiting` is the flag
    whose value comes next; `only_names` says that a `--` was given.
    """

    def __init__(self, top: Parser, verb: str = "") -> None:
        self.parser = top
        self.verb = verb
        self.given: dict[str, list[str]] = {}
        self.names: list[str] = []
        self.waiting: argparse.Action | None = None
        self.only_names = False
        self._verbs = top.verbs()
        if verb:
            self.parser = self._verbs[verb]

    @property
    def verbs(self) -> dict[str, Parser]:
        """Those that may come next, by name."""
        return {} if self.verb else self._verbs

    def flags(self) -> dict[str, argparse.Action]:
        """Those that may come here."""
        return self.parser.flags()

    def read(self, words: Sequence[str]) -> None:
        left = list(reversed(words))
        while left:
            word = left.pop()
            if self.only_names or not word.startswith("-") or word == "-":
                self._name(word)
            elif word == "--":
                self.only_names = True
            elif word.startswith("--"):
                flag, equals, value = word.partition("=")
                self._flag(flag, value if equals else None, left)
            else:
                self._short(word, left)

    def _short(self, word: str, left: list[str]) -> None:
        flag, rest = word[:2], word[2:]
        while rest and rest[0] != "=" and isinstance(self.flags().get(flag), SwitchAction):
            self._flag(flag, None, left)
            flag, rest = f"-{rest[0]}", rest[1:]
        self._flag(flag, rest.removeprefix("=") if rest else None, left)

    def _flag(self, flag: str, value: str | None, left: list[str]) -> None:
        action = self.flags().get(flag)
        if action is None:
            return
        if value is None and not isinstance(action, SwitchAction) and action.nargs != "?":
            if not left:
                self.waiting = action
                return
            if left[-1].partition("=")[0] in self.flags():
                return
            value = left.pop()
        self.given.setdefault(action.dest, []).insert(0, value or "")

    def _name(self, word: str) -> None:
        if self.verb or word not in self._verbs:
            self.names.append(word)
        else:
            self.verb, self.parser = word, self._verbs[word]


def read_line(words: Sequence[str]) -> Line:
    """The line before the word to complete."""
    if predecessor.is_meant(words):
        line = Line(predecessor.build_parser(PROG), predecessor.VERB)
    else:
        line = Line(build_parser())
    line.read(words)
    return line
