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

from ansible_collections.iamsa.eks.plugins.module_utils.errors import MissingLibrary, Refused, unexpected
from ansible_collections.iamsa.eks.plugins.module_utils.task.running import Failed, exception_of, run_module
from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Option

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
        raise Refused("role app is not ours", remedy="give " + Option("adopt"), resource="role/app")

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


def test_a_bug_is_told_as_one_without_its_text(
    left_with: Callable[..., Json], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IAMSA_DEBUG", raising=False)

    def job(_module: AnsibleModule) -> Json:
        raise ZeroDivisionError("hidden")

    told = left_with(job)
    assert (told["code"], told["failed"], told["changed"]) == (1, True, False)
    assert told["error"]["kind"] == "internal_error"
    assert "ZeroDivisionError at " in told["error"]["problem"]
    assert "(job), while running " in told["error"]["problem"]
    assert "/issues" in told["error"]["remedy"]
    assert "ANSIBLE_DISPLAY_TRACEBACK" in told["error"]["remedy"]
    assert "hidden" not in json.dumps(told)


def test_a_bug_has_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IAMSA_DEBUG", raising=False)

    def job(_module: AnsibleModule) -> Json:
        try:
            raise KeyError("hidden")
        except KeyError:
            raise ZeroDivisionError("hidden as well")  # noqa: B904

    with pytest.raises(ZeroDivisionError) as caught:
        job(None)
    found = exception_of(unexpected(caught.value, "testing"))["exception"]
    assert "hidden\n" not in found
    assert found.count("Traceback (most recent call last):") == 2
    assert found.rstrip().endswith("ZeroDivisionError")


def test_what_is_no_bug_is_let_through(module: AnsibleModule) -> None:
    def job(_module: AnsibleModule) -> Json:
        raise SystemExit(7)

    with pytest.raises(SystemExit) as caught:
        run_module(module, job)
    assert caught.value.code == 7


def test_a_library_that_only_this_run_needs_is_named_with_the_reason(left_with: Callable[..., Json]) -> None:
    def job(_module: AnsibleModule) -> Json:
        raise MissingLibrary("PySocks", "the API server is reached through socks5://proxy:1080")

    told = left_with(job)
    assert (told["error"]["kind"], told["error"]["resource"]) == ("unmet_requirement", "PySocks")
    assert "because the API server is reached through socks5://proxy:1080" in told["msg"]


def test_an_interruption_is_told_as_one(left_with: Callable[..., Json]) -> None:
    def job(_module: AnsibleModule) -> Json:
        raise KeyboardInterrupt

    told = left_with(job)
    assert (told["failed"], told["msg"]) == (True, "interrupted")
    assert "exception" not in told


def test_a_library_that_cannot_be_imported_is_named(left_with: Callable[..., Json]) -> None:
    def job(_module: AnsibleModule) -> Json:
        raise ImportError("broken", name="urllib3.util")

    told = left_with(job)
    assert (told["error"]["kind"], told["error"]["resource"]) == ("unmet_requirement", "urllib3")
