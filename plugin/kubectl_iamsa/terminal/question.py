"""The question before something is deleted: only where somebody is there to answer it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused

from .console import Console

Ask = Callable[["list[str]"], None]


def asker(console: Console, deadline: Deadline) -> Ask | None:
    """What asks whether the steps may be done, and raises Refused where not; None without a terminal."""
    if not (_is_terminal(sys.stdin) and _is_terminal(console.stderr)):
        return None

    def ask(sentences: list[str]) -> None:
        for sentence in sentences:
            console.notice("would be done: " + sentence)
        begun = time.monotonic()
        answer = _answer(console)
        # Thinking takes none of the run's own time.
        deadline.extend(time.monotonic() - begun)
        if answer.strip().lower() not in ("y", "yes"):
            raise Refused("nothing was deleted: the answer was not yes", remedy="answer y, or add --yes")

    return ask


def _answer(console: Console) -> str:
    """A line; less of one where the input ends, and nothing where it is no text."""
    line = ""
    try:
        console.prompt("Go on? [y/N] ")
        line = sys.stdin.readline()
    except UnicodeDecodeError:
        line = "\n"
    finally:
        if not line.endswith("\n"):
            # Ctrl-D and Ctrl-C leave the cursor behind the question.
            console.notice("")
    return line


def _is_terminal(stream: object) -> bool:
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty())
