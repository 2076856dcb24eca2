# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything that can go wrong in a way a user may expect.

Each error reads as one sentence: what is wrong with which thing, and what mends it. A front end catches
IamsaError once and prints it; anything else is a bug, for which see unexpected.py.
"""

from __future__ import annotations


class IamsaError(Exception):
    """The base. `str()` is the sentence; `resource` and `remedy` are its parts for machines.

    `uncertain`: the write that was under way may have been done all the same.
    """

    kind = "error"

    def __init__(self, problem: str, *, remedy: str = "", resource: str = "") -> None:
        super().__init__(f"{problem}; {remedy}" if remedy else problem)
        self.problem = problem
        self.remedy = remedy
        self.resource = resource
        self.uncertain = False

    def add(self, problem: str) -> None:
        """Say another thing that went wrong on the way out."""
        self.problem = f"{self.problem}; besides, {problem}"
        self.args = (f"{self.problem}; {self.remedy}" if self.remedy else self.problem,)


class InvalidValue(IamsaError):
    """A value that the user typed cannot be right, whatever the world looks like (exit code 2)."""

    kind = "invalid_value"

    def __init__(self, field: str, value: str, problem: str, *, remedy: str = "") -> None:
        super().__init__(f"{field} {value!r} {problem}", remedy=remedy, resource=field)
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


class Refused(IamsaError):
    """Going on would change something that iamsa does not own, or not without being told to."""

    kind = "refused"


class Denied(IamsaError):
    """AWS or Kubernetes knows the caller and forbids the action; `action` names it."""

    kind = "denied"

    def __init__(self, problem: str, *, action: str, remedy: str = "", resource: str = "") -> None:
        super().__init__(problem, remedy=remedy, resource=resource)
        self.action = action


class RemoteError(IamsaError):
    """AWS or Kubernetes answered with an error, or did not answer; `code` is the service's own word."""

    kind = "remote_error"

    def __init__(
        self, problem: str, *, code: str = "", remedy: str = "", resource: str = "", uncertain: bool = False
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
