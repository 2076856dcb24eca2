# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of an exception that nobody expected: where it was raised and during what, but not its text.

The text may hold what a credential plugin or a server printed. Python 3.8's syntax: see task/running.py.
"""

from __future__ import annotations

import os
import traceback

from .errors import IamsaError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

REPORT = "https://github.com/iamsa/iamsa/issues"
# With it set, a traceback with the exception's text is shown.
DEBUG = "IAMSA_DEBUG"
_OURS = ("/plugins/module_utils/", "/plugins/modules/", "/kubectl_iamsa/")
_DOING = "_iamsa_doing"


class Unexpected(IamsaError):
    """A bug of iamsa; `__cause__` is the exception itself."""

    kind = "internal_error"


def unexpected(error: Exception, doing: str) -> Unexpected:
    """The sentence for `error`; `doing` completes "while …", and what was noted on the error wins over it."""
    found = Unexpected(
        f"internal error: {_type(error)} at {_place(error)}, while {getattr(error, _DOING, doing)}",
        remedy="this is a bug in iamsa, please report it at "
        f"{REPORT} with the traceback that {DEBUG}=1 shows",
    )
    found.__cause__ = error
    return found


def note(error: BaseException, doing: str) -> BaseException:
    """The same error, which now knows during what it was raised, if it did not yet."""
    if not isinstance(error, IamsaError) and not hasattr(error, _DOING):
        setattr(error, _DOING, doing)
    return error


def is_debugged(environ: Mapping[str, str]) -> bool:
    """Whether the text of exceptions may be shown."""
    return environ.get(DEBUG, "") not in ("", "0")


def traceback_of(error: BaseException, *, with_text: bool) -> str:
    """As Python prints it; without the exceptions' own texts unless they are asked for."""
    if with_text:
        return "".join(traceback.format_exception(type(error), error, error.__traceback__))
    parts = []
    for one in reversed([*_chain(error)]):
        frames = "".join(traceback.format_tb(one.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{frames}{_type(one)}\n")
    return "\n".join(parts)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _place(error: BaseException) -> str:
    """Where it was raised, and the last line of ours before that if it was not in one."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "an unknown place"
    told = [_frame(frames[-1])]
    ours = [frame for frame in frames if _ours(frame.filename)]
    if ours and ours[-1] is not frames[-1]:
        told.append(f"called from {_frame(ours[-1])}")
    return ", ".join(told)


def _frame(frame: traceback.FrameSummary) -> str:
    name = frame.filename.replace(os.sep, "/")
    short = _ours(name) or name.rpartition("-packages/")[2].rpartition("/lib/")[2]
    return f"{short}:{frame.lineno} ({frame.name})"


def _ours(filename: str) -> str:
    """Its path within iamsa, or "" for what is not of iamsa."""
    name = filename.replace(os.sep, "/")
    return next((name.rpartition(part)[2] for part in _OURS if part in name), "")


def _type(error: BaseException) -> str:
    kind = type(error)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
