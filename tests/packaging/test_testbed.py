"""pocket-eks, the world that tests run in, stands apart from iamsa."""

from __future__ import annotations

import re
from importlib.metadata import requires

from gates.tree import ROOT, sources

SOURCES = sources()
OURS = [path for path in SOURCES if path.startswith("testbed/src/")]


def test_it_knows_nothing_of_iamsa() -> None:
    assert OURS
    assert not [path for path in OURS if "iamsa" in (ROOT / path).read_text().lower()]


def test_its_own_tests_import_nothing_of_iamsas() -> None:
    tests = [path for path in SOURCES if re.fullmatch(r"testbed/tests/.*\.py", path)]
    elsewhere = re.compile(
        r"^\s*(?:from|import) (?:ansible_collections|kubectl_iamsa|e2e|unit|program)\b", re.MULTILINE
    )
    assert tests
    assert not [path for path in tests if elsewhere.search((ROOT / path).read_text())]


def test_no_other_folder_has_its_name() -> None:
    assert {path.partition("/pocket_eks/")[0] for path in SOURCES if "/pocket_eks/" in f"/{path}"} == {
        "testbed/src"
    }


def test_iamsa_needs_nothing_that_only_it_needs() -> None:
    needed = {re.split(r"[^\w-]", one)[0].lower() for one in requires("iamsa") or ()}
    assert needed
    assert needed.isdisjoint(
        {"pocket-eks", "moto", "starlette", "uvicorn", "httpx", "joserfc", "cryptography"}
    )
