"""docs/troubleshooting.md is generated from the checks, and tests break each of them in a real world."""

from __future__ import annotations

import runpy
from collections import Counter
from pathlib import Path

import pytest
from breakages import associations, chain, cluster, pod_identity, pods, trust

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.check import Check
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.registry import CHECKS
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.symptoms import SYMPTOMS

DOCS = Path(__file__).parents[2] / "docs"
BREAKAGES = (
    *(*chain.BREAKAGES, *trust.CAUSES, *trust.WARNINGS, *cluster.PROVIDER, *cluster.WEBHOOK, *cluster.TOKENS),
    *(*pods.IDENTITY, *pods.SETTINGS, *pod_identity.BREAKAGES, *associations.BREAKAGES),
)
SHOWN = Counter(breakage.check for breakage in BREAKAGES)


def test_the_page_is_what_make_docs_writes() -> None:
    page = runpy.run_path(str(DOCS / "troubleshooting.py"))["page"]()
    assert (DOCS / "troubleshooting.md").read_text() == page, "run make docs"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_has_two_breakages_or_one_where_it_warns(check: Check) -> None:
    assert SHOWN[check.id] >= (1 if check.warns else 2)


def test_breakages_have_names_of_their_own() -> None:
    names = Counter(breakage.name for breakage in BREAKAGES)
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_explains_itself(check: Check) -> None:
    assert check.page.startswith("https://")
    assert check.explanation.count(". ") == 1
    assert check.explanation.endswith(".")
    assert check.symptom in SYMPTOMS
    assert not check.looks_at.endswith(".")


def test_every_symptom_has_a_check() -> None:
    assert [symptom for symptom in SYMPTOMS if symptom not in {check.symptom for check in CHECKS}] == []


def test_checks_come_after_checks_that_there_are() -> None:
    ids = [check.id for check in CHECKS]
    assert len(ids) == len(set(ids))
    assert {name for check in CHECKS for name in check.after} <= set(ids)
