"""Asks for confirmation before a delete, if there is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused

from .console import Console

Ask = Callable[["list[str]"], None]


def asker(console: Console, deadline: Deadline, cluster: str) -> Ask | None:
    """Return a function that asks, and raises Refused unless the answer is yes. None without a terminal.

    `cluster` is the cluster in the question.
    """
    if not (_is_terminal(sys.stdin) and _is_terminal(console.stderr)):
        return None

    def ask(objects: list[str]) -> None:
        console.notice(f"The following will be deleted, in cluster {cluster}:")
        for one in objects:
            console.notice("  " + one)
        begun = time.monotonic()
        answer = _answer(console)
        # Time spent on the answer does not count toward the time limit of the run.
        deadline.extend(time.monotonic() - begun)
        if answer.strip().lower() not in ("y", "yes"):
            raise Refused("nothing was deleted: the answer was not yes", remedy="answer y, or use --yes")

    return ask


def _answer(console: Console) -> str:
    """Read a line of input. It is empty if the input ends or is not text."""
    line = ""
    try:
        console.prompt("Continue? [y/N] ")
        line = sys.stdin.readline()
    except UnicodeDecodeError:
        line = "\n"
    finally:
        if not line.endswith("\n"):
            # Ctrl-D and Ctrl-C leave the cursor after the question.
            console.notice("")
    return line


def _is_terminal(stream: object) -> bool:
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty())
