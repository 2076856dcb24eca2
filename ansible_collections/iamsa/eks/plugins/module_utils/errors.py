# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that can go wrong in a way a user may expect, and what is said of what nobody expected.

Each error reads as one sentence: what is wrong with which thing, and what mends it. A front end catches
IamsaError once and prints it in its own words; anything else is a bug, of which is said where it was raised
and during what, but not its text, which may hold what a credential plugin or a server printed.

Python 3.8's syntax and no dataclasses: see task/running.py and tests/unit/plugin/test_startup.py.
"""

from __future__ import annotations

import os
import traceback

from .wording.text import THE_TRACEBACK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    from .wording.text import Sentence

    # What an error is about: of AWS or Kubernetes, or another thing by its name, such as a file.
    Resource: TypeAlias = "Sentence | ResourceRef"


# The code of a RemoteError where somebody else has changed the resource meanwhile.
CONFLICT = "Conflict"


class ResourceRef:
    """A resource of AWS or Kubernetes, and which part of it where it is not the whole.

    `kind` is oidc-provider, policy or role, what a kind of binding calls its own, or RBAC's word in the
    singular, such as serviceaccount. `namespace` is "" for what is in none, and `name` "" for a list.
    """

    __slots__ = ("kind", "name", "namespace", "part")

    def __init__(self, kind: str, name: str, namespace: str = "", part: str = "") -> None:
        self.kind = kind
        self.name = name
        self.namespace = namespace
        self.part = part

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}" if self.name else self.kind

    @property
    def words(self) -> str:
        """As a sentence names it: `serviceaccount web/app`, `role app`."""
        place = "/".join(filter(None, (self.namespace, self.name)))
        return " ".join(filter(None, (self.kind, place)))

    def __repr__(self) -> str:
        return f"ResourceRef{self._parts()}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ResourceRef) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def _parts(self) -> tuple[str, str, str, str]:
        return self.kind, self.name, self.namespace, self.part


class IamsaError(Exception):
    """The base. `sentence` says it all; `problem`, `remedy` and `resource` are its parts for machines.

    `uncertain`: the write that was under way may have been done all the same.
    """

    kind = "error"

    def __init__(self, problem: Sentence, *, remedy: Sentence = "", resource: Resource = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.resource = resource
        self.uncertain = False

    @property
    def sentence(self) -> Sentence:
        return self.problem + "; " + self.remedy if self.remedy else self.problem

    def __str__(self) -> str:
        return str(self.sentence)

    def add(self, problem: Sentence) -> None:
        """Say another thing that went wrong on the way out."""
        self.problem = self.problem + "; besides, " + problem


class InvalidValue(IamsaError):
    """A value that the user typed cannot be right, whatever the world looks like (exit code 2)."""

    kind = "invalid_value"

    def __init__(self, field: Sentence, value: str, problem: Sentence, *, remedy: Sentence = "") -> None:
        super().__init__(field + f" {value!r} " + problem, remedy=remedy, resource=field)
        self.field = field
        self.value = value


class InvalidFile(IamsaError):
    """A file that the user named is missing, unreadable or says something that cannot be right."""

    kind = "invalid_file"


class Unlocated(IamsaError):
    """It cannot be told which cluster, region or account is meant."""

    kind = "unlocated"


class NotFound(IamsaError):
    """Something that must exist beforehand does not: cluster, provider, policy, namespace."""

    kind = "not_found"


class Absent(NotFound):
    """What the run itself is about is not there: nothing to delete, no ServiceAccount to look at.

    A run that is content with that asks for this type. A 404 on the way to it is a plain NotFound.
    """


class Refused(IamsaError):
    """Going on would change something that iamsa does not own, or not without being told to."""

    kind = "refused"


class Denied(IamsaError):
    """AWS or Kubernetes knows the caller and forbids the action; `action` names it."""

    kind = "denied"

    def __init__(
        self, problem: Sentence, *, action: str, remedy: Sentence = "", resource: Resource = ""
    ) -> None:
        super().__init__(problem, remedy=remedy, resource=resource)
        self.action = action


class RemoteError(IamsaError):
    """AWS or Kubernetes answered with an error, or did not answer; `code` is the service's own word."""

    kind = "remote_error"

    def __init__(
        self,
        problem: Sentence,
        *,
        code: str = "",
        remedy: Sentence = "",
        resource: Resource = "",
        uncertain: bool = False,
    ) -> None:
        super().__init__(problem, remedy=remedy, resource=resource)
        self.code = code
        self.uncertain = uncertain


class MissingLibrary(IamsaError):
    """A Python library that this run needs, and not every run, is not installed; `library` is its name."""

    kind = "missing_library"

    def __init__(self, library: str, why: str) -> None:
        problem = f"{why}, and the Python library {library} is not installed"
        super().__init__(problem, remedy=f"install {library}", resource=library)
        self.library = library
        self.why = why


class TimedOut(IamsaError):
    """A bounded wait, or the whole run, has used up its time."""

    kind = "timed_out"


_LONGEST = 80


def excerpt(value: str, longest: int = _LONGEST) -> str:
    """`value`, cut where it is too long to be read in a sentence."""
    return value if len(value) <= longest else f"{value[:longest]}…"


_REPOSITORY = "https://github.com/iamsa/iamsa"


REPORT = f"{_REPOSITORY}/issues"


# Errors name documents by URL: who installed a package has no folder docs.
DOCS = f"{_REPOSITORY}/blob/main/docs"


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
        remedy=f"this is a bug in iamsa, please report it at {REPORT} with " + THE_TRACEBACK,
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
