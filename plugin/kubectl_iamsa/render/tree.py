"""Draws a tree of lines, in ASCII if the stream supports nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Sentence


@dataclass
class Node:
    """A line, its color (SGR) or "", and its child nodes."""

    text: Sentence
    color: str = ""
    children: list[Node] = field(default_factory=list)

    def add(self, text: Sentence, color: str = "") -> Node:
        """Add a child node, and return it."""
        child = Node(text, color)
        self.children.append(child)
        return child


@dataclass(frozen=True)
class Signs:
    """The characters for branches, and the mark for something broken."""

    middle: str = "├─ "
    last: str = "└─ "
    beside: str = "│  "
    below: str = "   "
    broken: str = "✗ "

    def fit(self, encoding: str) -> bool:
        try:
            (self.middle + self.last + self.beside + self.broken).encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return False
        return True


ASCII = Signs("|- ", "`- ", "|  ", "   ", "")


def signs_for(encoding: str) -> Signs:
    signs = Signs()
    return signs if signs.fit(encoding) else ASCII


def lines(node: Node, signs: Signs, lead: str = "", branch: str = "") -> Iterator[tuple[str, Node]]:
    """Return each node with the prefix of its line, from the top down."""
    yield branch, node
    for child in node.children:
        is_last = child is node.children[-1]
        below = lead + (signs.below if is_last else signs.beside)
        yield from lines(child, signs, below, lead + (signs.last if is_last else signs.middle))
