# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How every module runs: libraries looked for, one job, and one place where errors become a failure."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ..errors import IamsaError
from .results import error_result


class Failed(Exception):
    """A job that has failed, with all that the module is to return."""

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__(result["msg"])
        self.result = result


def run_module(
    module: AnsibleModule, job: Callable[[AnsibleModule], dict[str, Any]], *, kubernetes: bool = False
) -> None:
    """Exit with what `job` returns, or fail with what is wrong; `warnings` of a result are told as such."""
    _require_libraries(module, kubernetes=kubernetes)
    try:
        result = job(module)
    except Failed as failed:
        result = {**failed.result, "failed": True}
    except IamsaError as error:
        result = {**error_result(error), "failed": True}
    for warning in result.pop("warnings", ()):
        module.warn(warning)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


def _require_libraries(module: AnsibleModule, *, kubernetes: bool) -> None:
    for library in ("boto3", *(["kubernetes"] if kubernetes else [])):
        try:
            # botocore is what is used; boto3 is its name on the shelf, and slow to import.
            __import__("botocore" if library == "boto3" else library)
        except ImportError:
            module.fail_json(msg=missing_required_lib(library), exception=traceback.format_exc())
