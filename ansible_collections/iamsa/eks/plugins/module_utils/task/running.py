# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the job of a module, and turns its errors into a failed result.

Python 3.8's syntax and the standard library only: see requirements.py.
"""

from __future__ import annotations

import logging
import os
import signal

from ansible.module_utils.basic import missing_required_lib

from ..errors import IamsaError, MissingLibrary, Unexpected, is_debugged, traceback_of, unexpected
from .requirements import fail, library_of, require

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ansible.module_utils.basic import AnsibleModule


class Failed(Exception):
    """Raised by a job that failed. `result` is the result of the module."""

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__(result["msg"])
        self.result = result


def run_module(
    module: AnsibleModule, job: Callable[[AnsibleModule], dict[str, Any]], *, kubernetes: bool = False
) -> None:
    """Check the requirements, run `job`, and exit with its result or its failure.

    `warnings` of the result become warnings of the module. `job` must do its own imports, so that they happen
    after the requirements are checked.
    """
    require(module, kubernetes=kubernetes)
    # botocore logs failed credentials with a traceback, which Python prints if there is no log handler.
    logging.getLogger().addHandler(logging.NullHandler())
    # Raise KeyboardInterrupt, as for Ctrl-C, so that child processes are stopped.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        result = job(module)
    except KeyboardInterrupt:
        from ..local.programs import interrupted  # noqa: PLC0415

        result = {"msg": interrupted(), "failed": True}
    except Failed as failed:
        result = {**failed.result, "failed": True}
    except MissingLibrary as error:
        fail(module, error.library, missing_required_lib(error.library, reason=f"because {error.why}"), "")
    except IamsaError as error:
        result = _failure(error)
    except ImportError as error:
        package = (error.name or "").partition(".")[0]
        if library_of(package):
            told = traceback_of(error, with_text=True)
            fail(module, library_of(package), missing_required_lib(library_of(package)), "", exception=told)
        result = _failure(unexpected(error, doing_of(module)))
    except Exception as error:  # a bug
        result = _failure(unexpected(error, doing_of(module)))
    for warning in result.pop("warnings", ()):
        module.warn(warning)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


def doing_of(module: AnsibleModule) -> str:
    return f"running {module._name}{' in check mode' if module.check_mode else ''}"


def exception_of(error: object) -> dict[str, str]:
    """Return Ansible's `exception` for a bug, and nothing for other errors."""
    if not isinstance(error, Unexpected) or error.__cause__ is None:
        return {}
    return {"exception": traceback_of(error.__cause__, with_text=is_debugged(os.environ))}


def _failure(error: IamsaError) -> dict[str, Any]:
    from .failures import error_result  # noqa: PLC0415

    return {**error_result(error), **exception_of(error), "failed": True}
