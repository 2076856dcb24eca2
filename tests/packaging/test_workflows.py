"""The hosted CI runs the parts of `make ci`, which .ci/run runs whole."""

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
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z0-9-]+):", MAKEFILE, re.MULTILINE))
PARTS = re.findall(r"^ci: ([a-z -]+?)  ##", MAKEFILE, re.MULTILINE)[0].split()


def steps(workflow: Any) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def targets(workflow: Any) -> set[str]:
    return {
        name
        for step in steps(workflow)
        for name in re.findall(r"^make ([a-z0-9-]+)", step.get("run", ""), re.MULTILINE)
    }


def test_there_are_two() -> None:
    assert WORKFLOWS.keys() == {"check.yml", "release.yml"}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_they_run_targets_that_there_are(name: str) -> None:
    assert targets(WORKFLOWS[name]) <= TARGETS


def test_ci_runs_the_one_list() -> None:
    assert re.search(r"^make ci$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    assert len(PARTS) > 1


def test_each_part_of_it_is_a_job_and_there_are_no_others() -> None:
    jobs = WORKFLOWS["check.yml"]["jobs"]
    ran = [name for job in jobs.values() for name in targets({"jobs": {"": job}})]
    assert sorted(ran) == sorted(PARTS)


def test_the_quick_part_comes_first() -> None:
    jobs = WORKFLOWS["check.yml"]["jobs"]
    assert targets({"jobs": {"": jobs["quick"]}}) == {PARTS[0]} == {"ci-quick"}
    assert {name: job.get("needs") for name, job in jobs.items() if name != "quick"} == {
        name: "quick" for name in jobs if name != "quick"
    }


@pytest.mark.parametrize("job", ["quick", "world"])
def test_every_python_that_is_supported_is_tried(job: str) -> None:
    tried = WORKFLOWS["check.yml"]["jobs"][job]["strategy"]["matrix"]["python"]
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
        step["run"]
        for step in steps(WORKFLOWS["release.yml"])
        if step.get("name", "").startswith("Check that the tag")
    ]
    environ = {"GITHUB_REF_NAME": tag, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(["bash", "-e", "-c", script], env=environ, cwd=tmp_path, check=False)
    assert done.returncode == code
