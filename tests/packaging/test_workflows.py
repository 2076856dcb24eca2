"""The hosted CI runs targets of the Makefile, all that .ci/run runs among them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = {
    path.name: yaml.safe_load(path.read_text()) for path in (ROOT / ".github/workflows").glob("*.yml")
}
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def steps(workflow: Any) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def targets(workflow: Any) -> set[str]:
    return {
        name
        for step in steps(workflow)
        for name in re.findall(r"^make ([a-z-]+)", step.get("run", ""), re.MULTILINE)
    }


def test_there_are_two() -> None:
    assert WORKFLOWS.keys() == {"check.yml", "release.yml"}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_they_run_targets_that_there_are(name: str) -> None:
    assert targets(WORKFLOWS[name]) <= TARGETS


def test_the_check_runs_all_that_ci_runs() -> None:
    ci = set(re.findall(r"^ *make ([a-z-]+)", (ROOT / ".ci/run").read_text(), re.MULTILINE))
    assert ci
    assert ci <= targets(WORKFLOWS["check.yml"])


def test_the_check_tries_every_python_that_is_supported() -> None:
    tried = WORKFLOWS["check.yml"]["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert tried == ["3.10", "3.11", "3.12", "3.13"]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_action_is_pinned_to_a_release(name: str) -> None:
    used = [step["uses"] for step in steps(WORKFLOWS[name]) if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w./-]+@(v\d+|release/v\d+)", one) for one in used)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_no_more_is_permitted_than_reading_but_where_a_job_says_so(name: str) -> None:
    assert WORKFLOWS[name]["permissions"] == {"contents": "read"}


@pytest.mark.parametrize(("tag", "code"), [("v1.2.3", 0), ("v1.2.4", 1), ("1.2.3", 1)])
def test_a_tag_that_is_not_the_version_stops_the_release(tag: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "galaxy.yml").write_text("namespace: iamsa\nversion: 1.2.3\n")
    (script,) = [
        step["run"] for step in steps(WORKFLOWS["release.yml"]) if step.get("name", "").startswith("The tag")
    ]
    environ = {"GITHUB_REF_NAME": tag, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(["bash", "-e", "-c", script], env=environ, cwd=tmp_path, check=False)
    assert done.returncode == code
