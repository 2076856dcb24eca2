"""The README's rules, and that it leads a newcomer to the answer of each question in one click."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pages.blocks import PAGES, ROOT, is_generated

README = (ROOT / "README.md").read_text()
LINKS = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", README)

# The page of an answer, and words of the answer.
ANSWERS = {
    "What is it?": ("docs/how-it-works.md", "IAM roles for service accounts"),
    "Why not eksctl?": ("docs/coming-from-eksctl.md", "Use it if it manages your cluster"),
    "Is it safe?": ("docs/guarantees.md", "never changes a role that it did not create"),
    "How do I try it?": ("docs/first-role.md", "## Preview with a dry run"),
    "Which permissions does it need?": ("docs/permissions/README.md", "## Which document to use"),
    "What if Helm owns the ServiceAccount?": ("docs/helm-argocd-flux.md", "## Keep the annotation in Git"),
    "How do I remove it?": ("docs/deleting.md", "## Remove iamsa from a cluster"),
    "What if something fails?": ("docs/troubleshooting.md", "kubectl iamsa doctor NAME"),
    "Which versions are supported?": ("docs/install.md", "## Supported versions"),
    "How do I report a vulnerability?": ("SECURITY.md", "## Report a vulnerability"),
}


@pytest.mark.parametrize("question", ANSWERS)
def test_a_question_is_answered_one_click_away(question: str) -> None:
    page, words = ANSWERS[question]
    assert page in LINKS
    assert words in (ROOT / page).read_text()


def test_it_is_short() -> None:
    assert len(README.splitlines()) <= 150


def test_its_first_lines_name_irsa_in_full_and_by_its_acronym() -> None:
    """People search for both."""
    first = "\n".join(README.splitlines()[:3])
    assert re.search(r"IAM roles for service accounts", first)
    assert re.search(r"\bIRSA\b", first)


def test_it_says_that_it_is_not_released_and_has_not_run_against_aws() -> None:
    (status,) = re.findall(r"^\*\*Status: (.+)\*\*$", README, re.MULTILINE)
    assert "not released" in status
    assert "not yet run against AWS" in status


def test_it_repeats_no_options() -> None:
    """docs/reference has them."""
    assert re.findall(r"^\| `-", README, re.MULTILINE) == []


def test_its_one_picture_is_the_demo() -> None:
    """A badge would need something that it reports on."""
    assert re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README) == ["docs/demo.svg"]


OFFERED = re.compile(
    r"(?:pip|pipx|uv tool|krew) (?:install|upgrade) iamsa\b(?!\.)"
    r"|collection install iamsa\.eks\b|pypi\.org/project/iamsa"
)


WRITTEN = [page for page in (ROOT / "README.md", *PAGES) if not is_generated(page)]


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_is_not_published_is_not_offered(page: Path) -> None:
    assert OFFERED.findall(page.read_text()) == []
