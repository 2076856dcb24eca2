"""Reads an incomplete command line, by the rules of argv/reader.py but without errors."""

from __future__ import annotations

from ..argv.parser import Parser, SwitchAction
from ..argv.reader import WordReader
from ..gen3 import argv as gen3
from ..gen3.words import VERB
from ..verb_tree import PROG, build_parser

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


class Line(WordReader):
    """The words before the cursor.

    `verb` is "" if none was given; `parser` is then that of the program. `given` has the values of flags by
    their destination, the last one first; `names` are the words without a flag. `waiting` is the flag whose
    value comes next; `only_names` is set after a `--`.
    """

    def __init__(self, top: Parser, verb: str = "") -> None:
        self.parser = top
        self.verb = verb
        self.given: dict[str, list[str]] = {}
        self.names: list[str] = []
        self.waiting: argparse.Action | None = None
        self._verbs = top.verbs()
        if verb:
            self.parser = self._verbs[verb]

    @property
    def verbs(self) -> dict[str, Parser]:
        """Return the commands that can come next, by name."""
        return {} if self.verb else self._verbs

    def flags(self) -> dict[str, argparse.Action]:
        """Return the flags that can come next."""
        return self.parser.flags()

    def action(self, flag: str) -> argparse.Action | None:
        return self.flags().get(flag)

    def flag(self, flag: str, value: str | None, words: list[str]) -> None:
        action = self.action(flag)
        if action is None:
            return
        if value is None and not isinstance(action, SwitchAction) and action.nargs != "?":
            if not words:
                self.waiting = action
                return
            if words[-1].partition("=")[0] in self.flags():
                return
            value = words.pop()
        self.given.setdefault(action.dest, []).insert(0, value or "")

    def name(self, word: str) -> None:
        if self.verb or word not in self._verbs:
            self.names.append(word)
        else:
            self.verb, self.parser = word, self._verbs[word]


def read_line(words: Sequence[str]) -> Line:
    """Read the words before the word to complete."""
    line = Line(gen3.build_parser(PROG), VERB) if gen3.is_meant(words) else Line(build_parser())
    line.read(words)
    return line
