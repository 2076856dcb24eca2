"""Which tests run by default, and where CONTRIBUTING.md says the others are."""

from __future__ import annotations

import re

import pytest
from gates.tree import ROOT, sources

MAKEFILE = (ROOT / "Makefile").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()


def test_pytest_runs_by_default_what_make_test_runs(pytestconfig: pytest.Config) -> None:
    suites = re.findall(r"^(?:UNIT|WORLD) := (.*)$", MAKEFILE, re.MULTILINE)
    assert sorted(pytestconfig.getini("testpaths")) == sorted(" ".join(suites).split())


def test_no_mark_hides_a_test(pytestconfig: pytest.Config) -> None:
    assert "-m" not in pytestconfig.getini("addopts")


def test_every_folder_of_tests_is_listed() -> None:
    folders = {path.split("/")[1] for path in sources() if re.match(r"tests/[^/]+/", path)}
    assert folders == set(re.findall(r"^\| `tests/(\w+)/` \|", CONTRIBUTING, re.MULTILINE))


def test_every_folder_that_is_not_run_by_default_has_a_target(pytestconfig: pytest.Config) -> None:
    tested = {path.split("/")[1] for path in sources() if re.match(r"tests/[^/]+/(.+/)?test_\w+\.py$", path)}
    others = {f"tests/{name}" for name in tested} - set(pytestconfig.getini("testpaths"))
    assert others
    assert {
        folder for folder in others if not re.search(rf"^\t.*{folder}\b", MAKEFILE, re.MULTILINE)
    } == set()
