# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors that a user can expect, and the message for an unexpected exception.

Each error has a problem and a remedy. A front end catches IamsaError once and prints both in its own words.
Any other exception is a bug. Its message shows where it was raised and what iamsa was doing, but not the
exception's own text, which may hold the output of a credential plugin or a server.

Python 3.8 syntax and no dataclasses: see task/running.py and tests/unit/plugin/test_startup.py.
"""

from __future__ import annotations

import os
import traceback

from .wording.text import THE_TRACEBACK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TypeAlias

    from .wording.text import Sentence

    # The subject of an error: an AWS or Kubernetes resource, or the name of something else, such as a file.
    Resource: TypeAlias = "Sentence | ResourceRef"


# The code of a RemoteError when another process changed the resource concurrently.
CONFLICT = "Conflict"


class ResourceRef:
    """An AWS or Kubernetes resource; `part` names a part of it, and is "" for the whole resource.

    `kind` is `oidc-provider`, `policy`, `role`, a kind that a binding defines, or the singular of RBAC's
    resource name, such as `serviceaccount`. `namespace` is "" for a cluster-scoped or AWS resource. `name` is
    "" for a list.
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
        """The resource's name in a sentence: `serviceaccount web/app`, `role app`."""
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
    """The base class. `sentence` is the whole message: `problem`, and `remedy` if there is one.

    `uncertain`: the write that failed may have taken effect.
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
        """The problem and the remedy in one sentence."""
        return self.problem + "; " + self.remedy if self.remedy else self.problem

    @property
    def parts(self) -> tuple[IamsaError, ...]:
        """The errors that it consists of, which a terminal shows one by one."""
        return (self,)

    def __str__(self) -> str:
        return str(self.sentence)

    def add(self, problem: Sentence) -> None:
        """Append another problem, which occurred during cleanup."""
        self.problem = self.problem + "; also, " + problem


class InvalidValue(IamsaError):
    """A value that the user gave is invalid, whatever the state of the cluster and of AWS (exit code 2).

    `problem` completes `invalid value "x" for --flag: `.
    """

    kind = "invalid_value"

    def __init__(self, field: Sentence, value: str, problem: Sentence, *, remedy: Sentence = "") -> None:
        sentence = f"invalid value {quoted(value)} for " + field + ": " + problem
        super().__init__(sentence, remedy=remedy, resource=field)
        self.field = field
        self.value = value
        self.predicate = problem


class InvalidFile(IamsaError):
    """A file that the user named is missing, unreadable or has invalid contents."""

    kind = "invalid_file"


class InvalidFiles(InvalidFile):
    """Several faults in files, at least one."""

    def __init__(self, faults: Sequence[InvalidFile]) -> None:
        first, *others = faults
        super().__init__(first.problem, remedy=first.remedy, resource=first.resource)
        self.faults = tuple(faults)
        for fault in others:
            self.problem = self.sentence + ". " + fault.problem
            self.remedy = fault.remedy

    @property
    def parts(self) -> tuple[IamsaError, ...]:
        return self.faults


class Unlocated(IamsaError):
    """The cluster, the region or the AWS credentials could not be determined."""

    kind = "unlocated"


class NotFound(IamsaError):
    """A prerequisite does not exist: a cluster, provider, policy or namespace."""

    kind = "not_found"


class Absent(NotFound):
    """The object of the run does not exist: nothing to delete, no ServiceAccount to describe.

    A run that accepts this catches this type. A 404 for anything else is a plain NotFound.
    """


class Refused(IamsaError):
    """To continue would change something that iamsa does not own, or that needs an explicit option."""

    kind = "refused"


class Denied(IamsaError):
    """AWS or Kubernetes authenticated the caller and denied `action`, such as `iam:GetRole`."""

    kind = "denied"

    def __init__(
        self, problem: Sentence, *, action: str, remedy: Sentence = "", resource: Resource = ""
    ) -> None:
        super().__init__(problem, remedy=remedy, resource=resource)
        self.action = action


class RemoteError(IamsaError):
    """AWS or Kubernetes returned an error or did not answer; `code` is the service's own error code."""

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
    """A Python library that only some runs need is not installed; `library` is its name."""

    kind = "missing_library"

    def __init__(self, library: str, why: str) -> None:
        problem = f"{why}, and the Python library {library} is not installed"
        remedy = (
            f"install it where iamsa is: pip install {library}, pipx inject iamsa {library}, or"
            f" uv tool install --with {library} ./iamsa"
        )
        super().__init__(problem, remedy=remedy, resource=library)
        self.library = library
        self.why = why


class TimedOut(IamsaError):
    """A wait, or the whole run, timed out."""

    kind = "timed_out"


_LONGEST = 80


def excerpt(value: str, longest: int = _LONGEST) -> str:
    """`value`, truncated after `longest` characters."""
    return value if len(value) <= longest else f"{value[:longest]}…"


def quoted(value: str) -> str:
    """`value` in double quotes on one line: quotes, backslashes and unprintable characters are escaped."""
    escaped = value.replace("\\", r"\\").replace('"', r"\"")
    return '"' + "".join(char if char.isprintable() else ascii(char)[1:-1] for char in escaped) + '"'


_REPOSITORY = "https://github.com/iamsa/iamsa"


REPORT = f"{_REPOSITORY}/issues"


# Errors name documents by URL, because an installed package has no docs folder.
DOCS = f"{_REPOSITORY}/blob/main/docs"


# If set, the traceback is shown with the exception's text.
DEBUG = "IAMSA_DEBUG"


_OURS = ("/plugins/module_utils/", "/plugins/modules/", "/kubectl_iamsa/")


_DOING = "_iamsa_doing"


class Unexpected(IamsaError):
    """A bug in iamsa; `__cause__` is the exception itself."""

    kind = "internal_error"


def unexpected(error: Exception, doing: str) -> Unexpected:
    """The error to print for `error`; `doing` completes "while …", unless `note` has set it before."""
    found = Unexpected(
        f"internal error: {_type(error)} at {_place(error)}, while {getattr(error, _DOING, doing)}",
        remedy=f"this is a bug in iamsa, please report it at {REPORT} with " + THE_TRACEBACK,
    )
    found.__cause__ = error
    return found


def note(error: BaseException, doing: str) -> BaseException:
    """`error`, with `doing` recorded on it unless an earlier call recorded it."""
    if not isinstance(error, IamsaError) and not hasattr(error, _DOING):
        setattr(error, _DOING, doing)
    return error


def is_debugged(environ: Mapping[str, str]) -> bool:
    """Whether IAMSA_DEBUG is set: the text of exceptions may be shown."""
    return environ.get(DEBUG, "") not in ("", "0")


def traceback_of(error: BaseException, *, with_text: bool) -> str:
    """The traceback as Python prints it; without the exceptions' own texts unless `with_text`."""
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
    """The line that raised `error`, and the last line of iamsa's own before it if that differs."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "an unknown place"
    places = [_frame(frames[-1])]
    ours = [frame for frame in frames if _ours(frame.filename)]
    if ours and ours[-1] is not frames[-1]:
        places.append(f"called from {_frame(ours[-1])}")
    return ", ".join(places)


def _frame(frame: traceback.FrameSummary) -> str:
    name = frame.filename.replace(os.sep, "/")
    short = _ours(name) or name.rpartition("-packages/")[2].rpartition("/lib/")[2]
    return f"{short}:{frame.lineno} ({frame.name})"


def _ours(filename: str) -> str:
    """The file's path within iamsa; "" for a file of another package."""
    name = filename.replace(os.sep, "/")
    return next((name.rpartition(part)[2] for part in _OURS if part in name), "")


def _type(error: BaseException) -> str:
    kind = type(error)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
