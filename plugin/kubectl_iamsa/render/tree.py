"""A tree of lines with its branches drawn, in ASCII where the stream takes nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Sentence


@dataclass
class Node:
    """A line, the number of its color (SGR) or "", and what hangs below it."""

    text: Sentence
    color: str = ""
    children: list[Node] = field(default_factory=list)

    def add(self, text: Sentence, color: str = "") -> Node:
        """A new last child."""
        child = Node(text, color)
        self.children.append(child)
        return child


@dataclass(frozen=True)
class Signs:
    """What branches are drawn with, and what stands before something broken."""

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
    """What stands before each node's text, and the node, from the top down."""
    yield branch, node
    for child in node.children:
        is_last = child is node.children[-1]
        below = lead + (signs.below if is_last else signs.beside)
        yield from lines(child, signs, below, lead + (signs.last if is_last else signs.middle))
