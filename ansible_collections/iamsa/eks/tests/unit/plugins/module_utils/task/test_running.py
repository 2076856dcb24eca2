# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a job's result, its failure, and a bug leave a module."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused
from ansible_collections.iamsa.eks.plugins.module_utils.task.running import Failed, run_module

Json = dict[str, Any]


@pytest.fixture
def module() -> Iterator[AnsibleModule]:
    """One without options."""
    with patch_module_args({}):
        yield AnsibleModule({})


@pytest.fixture
def left_with(module: AnsibleModule, capsys: pytest.CaptureFixture[str]) -> Callable[..., Json]:
    """`left_with(job)`: the exit code of the module, and what it printed, but for how it was called."""

    def run(job: Callable[[AnsibleModule], Json]) -> Json:
        with pytest.raises(SystemExit) as exited:
            run_module(module, job)
        told: Json = json.loads(capsys.readouterr().out)
        told.pop("invocation", None)
        return {"code": exited.value.code, **told}

    return run


def test_a_result_is_printed(left_with: Callable[..., Json]) -> None:
    assert left_with(lambda _: {"changed": True, "role": None}) == {"code": 0, "changed": True, "role": None}


def test_warnings_of_a_result_are_ansible_s(left_with: Callable[..., Json]) -> None:
    told = left_with(lambda _: {"changed": False, "warnings": ["look out"]})
    assert json.dumps(told["warnings"]).count("look out") == 1


def test_an_error_is_a_failure_with_its_parts(left_with: Callable[..., Json]) -> None:
    def job(_module: AnsibleModule) -> Json:
        raise Refused("role app is not ours", remedy="give --adopt", resource="role/app")

    told = left_with(job)
    assert (told["code"], told["failed"], told["changed"], told["steps"]) == (1, True, False, [])
    assert told["msg"] == "role app is not ours; give adopt: true"
    assert told["error"] == {
        "kind": "refused",
        "problem": "role app is not ours",
        "remedy": "give adopt: true",
        "resource": "role/app",
    }


def test_a_job_that_failed_tells_all_that_it_has_to_tell(left_with: Callable[..., Json]) -> None:
    def job(_module: AnsibleModule) -> Json:
        raise Failed({"msg": "1 of 2 failed", "changed": True, "results": [1, 2], "warnings": ["look out"]})

    told = left_with(job)
    assert (told["code"], told["failed"], told["msg"]) == (1, True, "1 of 2 failed")
    assert (told["changed"], told["results"]) == (True, [1, 2])
    assert told["warnings"]


def test_a_bug_keeps_its_traceback(module: AnsibleModule) -> None:
    def job(_module: AnsibleModule) -> Json:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_module(module, job)
