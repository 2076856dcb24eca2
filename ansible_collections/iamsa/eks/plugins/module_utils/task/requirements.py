# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the Python version and the required libraries before anything else is imported.

Like everything that a module imports at the top, this file uses only Python 3.8's syntax and the standard
library, so that an older Python shows an error message instead of a traceback.
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
    """A distribution of requirements.txt.

    `imported` is the package that is imported, and `measured` the distribution whose version is checked.
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
        """Return why the version `found` is not supported, or "" if it is."""
        if found in self.refused:
            return f"{', '.join(self.refused)} are not supported"
        return f"{self.minimum} or later is required" if _numbers(found) < _numbers(self.minimum) else ""


# Only botocore is used, which has the same versions as boto3: boto3 is slow to import.
BOTO3 = Library("boto3", "1.40", imported="botocore", measured="botocore")
# Any version of PyYAML works. requirements.txt requires one that installs on every Python.
KUBERNETES = (
    Library("kubernetes", "31", ("36.0.0", "36.0.1", "37.0.2")),
    # Earlier versions cannot be imported on Python 3.12.
    Library("urllib3", "1.26.16" if sys.version_info >= (3, 12) else "1.26"),
    Library("PyYAML", "0", imported="yaml"),
)


def require(module: AnsibleModule, *, kubernetes: bool) -> None:
    """Fail the module unless Python and the libraries are installed in supported versions."""
    if sys.version_info < PYTHON:
        needed = ".".join(map(str, PYTHON))
        fail(
            module,
            "python",
            f"Python {needed} or later is required, but {_here()} is {platform.python_version()}",
            f"{INTERPRETER} to a newer Python that has {_names(kubernetes=kubernetes)}",
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
                f"{library.measured} {found} is installed for {_here()}, but {problem}",
                f"upgrade it with pip, or {INTERPRETER} to a Python that has a supported version",
            )


def fail(module: AnsibleModule, resource: str, problem: str, remedy: str, **more: Any) -> None:
    """Fail the module with a result that has the same parts as for other errors."""
    module.fail_json(
        msg=f"{problem}; {remedy}" if remedy else problem,
        error={"kind": KIND, "problem": problem, "remedy": remedy, "resource": resource},
        changed=False,
        steps=[],
        **more,
    )


def library_of(package: str) -> str:
    """Return the required distribution that contains `package`, or "" if none does."""
    return next((one.name for one in (BOTO3, *KUBERNETES) if one.imported == package), "")


def _here() -> str:
    return f"{sys.executable} on {platform.node()}"


def _names(*, kubernetes: bool) -> str:
    names = [library.name for library in (BOTO3, *(KUBERNETES if kubernetes else ()))]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _is_there(package: str) -> bool:
    """Check without importing, because importing kubernetes takes a third of a run without changes."""
    try:
        return find_spec(package) is not None
    except ValueError:
        return False


def _version(distribution: str) -> str:
    """Return the installed version, or "" if there is no metadata; then the version is not checked."""
    try:
        return metadata.version(distribution) or ""
    except metadata.PackageNotFoundError:
        return ""


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:3]]
