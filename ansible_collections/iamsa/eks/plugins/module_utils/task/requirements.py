# SPDX-License-Identifier: GPL-3.0-or-later

"""The Python and the libraries that the modules need, checked before anything else is imported.

In Python 3.8's syntax and with the standard library alone, as all that a module imports at the top: an older
Python then gets a sentence and not a traceback.
"""

from __future__ import annotations

import platform
import re
import sys
from importlib import metadata
from importlib.util import find_spec

from ansible.module_utils.basic import missing_required_lib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ansible.module_utils.basic import AnsibleModule

KIND = "unmet_requirement"
PYTHON = (3, 10)
INTERPRETER = "set ansible_python_interpreter"


class Library:
    """A distribution as requirements.txt names it.

    `imported` is the package that is used, and `measured` the distribution whose version counts.
    """

    def __init__(
        self, name: str, minimum: str, refused: tuple[str, ...] = (), imported: str = "", measured: str = ""
    ) -> None:
        self.name = name
        self.minimum = minimum
        self.refused = refused
        self.imported = imported or name
        self.measured = measured or name

    def problem(self, found: str) -> str:
        """What is wrong with this version, or "" """
        if found in self.refused:
            return f"{', '.join(self.refused)} cannot be used"
        return f"{self.minimum} or later is needed" if _numbers(found) < _numbers(self.minimum) else ""


# botocore is what is used of boto3, with which it shares its versions; boto3 itself is slow to import.
BOTO3 = Library("boto3", "1.40", imported="botocore", measured="botocore")
# PyYAML of any version does; requirements.txt asks for one that can be installed on each Python.
KUBERNETES = (
    Library("kubernetes", "31", ("36.0.0", "36.0.1", "37.0.2")),
    # Earlier ones cannot be imported by Python 3.12.
    Library("urllib3", "1.26.16" if sys.version_info >= (3, 12) else "1.26"),
    Library("PyYAML", "0", imported="yaml"),
)


def require(module: AnsibleModule, *, kubernetes: bool) -> None:
    """Fail the module unless Python and the libraries are there and new enough."""
    if sys.version_info < PYTHON:
        needed = ".".join(map(str, PYTHON))
        fail(
            module,
            "python",
            f"Python {needed} or later is needed, and {_here()} is {platform.python_version()}",
            f"{INTERPRETER} to a newer Python, which also has {_names(kubernetes=kubernetes)}",
        )
    for library in (BOTO3, *(KUBERNETES if kubernetes else ())):
        if not _is_there(library.imported):
            fail(module, library.name, missing_required_lib(library.name), "")
        found = _version(library.measured)
        problem = library.problem(found) if found else ""
        if problem:
            fail(
                module,
                library.name,
                f"{library.measured} {found} is installed for {_here()}, and {problem}",
                f"upgrade it there with pip, or {INTERPRETER} to a Python that has another version",
            )


def fail(module: AnsibleModule, resource: str, problem: str, remedy: str, **more: Any) -> None:
    """End the module, whose result has the parts of any other error."""
    module.fail_json(
        msg=f"{problem}; {remedy}" if remedy else problem,
        error={"kind": KIND, "problem": problem, "remedy": remedy, "resource": resource},
        changed=False,
        steps=[],
        **more,
    )


def library_of(package: str) -> str:
    """The required distribution that brings `package`, or "" """
    return next((one.name for one in (BOTO3, *KUBERNETES) if one.imported == package), "")


def _here() -> str:
    return f"{sys.executable} on {platform.node()}"


def _names(*, kubernetes: bool) -> str:
    names = [library.name for library in (BOTO3, *(KUBERNETES if kubernetes else ()))]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _is_there(package: str) -> bool:
    """Without importing it: kubernetes takes a third of a run that changes nothing."""
    try:
        return find_spec(package) is not None
    except ValueError:
        return False


def _version(distribution: str) -> str:
    """ "" where nobody has written it down: what is there is then taken as it is."""
    try:
        return metadata.version(distribution) or ""
    except metadata.PackageNotFoundError:
        return ""


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:3]]
