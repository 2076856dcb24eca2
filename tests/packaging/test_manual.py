"""The manual says what the parser takes, the README likewise, and man shows it without a complaint."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from kubectl_iamsa.cli import build_parser
from kubectl_iamsa.verbs import GROUPS

from release.manual import ENVIRONMENT, EXIT_STATUS, pages

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
PLUGIN = ROOT / "plugin" / "kubectl_iamsa"
PAGES = pages("1.2.3")
VERBS = build_parser().verbs()


def plain(page: str) -> str:
    """A page without man's marks."""
    return re.sub(r"\\f[BIR]|\\,|\\/|\\&", "", PAGES[page]).replace("\\-", "-").replace("\\(aq", "'")


def test_there_is_a_page_for_each_verb_and_one_for_all() -> None:
    assert PAGES.keys() == {"kubectl-iamsa.1", "kubectl-iamsa-gen3.1"} | {
        f"kubectl-iamsa-{verb}.1" for verb in VERBS
    }


@pytest.mark.parametrize("verb", VERBS)
def test_a_page_has_the_flags_of_its_verb_and_no_others(verb: str) -> None:
    flags = {flag for flag in VERBS[verb].flags() if flag not in ("-h", "--help")}
    listed = re.findall(r"^\.TP\n(.*)$", plain(f"kubectl-iamsa-{verb}.1"), re.MULTILINE)
    assert {flag for line in listed for flag in re.findall(r"(?<![\w-])--?[a-zA-Z][a-z-]*", line)} == flags


@pytest.mark.parametrize("verb", VERBS)
def test_help_readme_and_page_have_one_line_about_it(verb: str) -> None:
    summary = next(verbs[verb] for verbs in GROUPS.values() if verb in verbs)
    assert f"kubectl-iamsa-{verb} - {summary}" in plain(f"kubectl-iamsa-{verb}.1")
    assert f"kubectl iamsa {verb}\n{summary}" in plain("kubectl-iamsa.1")
    assert summary in build_parser().format_help()


@pytest.mark.parametrize("verb", VERBS)
def test_a_page_has_the_examples_of_the_help(verb: str) -> None:
    VERBS[verb].actions()
    for line in (VERBS[verb].epilog or "").splitlines():
        assert line.strip().replace("\\", "\\e") in plain(f"kubectl-iamsa-{verb}.1")


def test_every_variable_that_is_read_is_in_the_manual_and_the_readme() -> None:
    read = {
        name
        for path in PLUGIN.rglob("*.py")
        for name in re.findall(r'"((?:IAMSA|KUBECTL)_[A-Z_]+|NO_COLOR)"', path.read_text())
    }
    assert "IAMSA_PATH" in read
    assert read <= ENVIRONMENT.keys()
    assert {name for name in read if name.startswith("IAMSA_")} <= set(
        re.findall(r"`(IAMSA_[A-Z_]+)`", README)
    )


def test_every_exit_code_of_the_readme_is_in_the_manual() -> None:
    section = README.split("### Exit codes")[1].split("\n## ")[0]
    assert set(re.findall(r"\b(\d+)\b", section)) <= EXIT_STATUS.keys()


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
@pytest.mark.parametrize("page", PAGES)
def test_man_shows_it_without_a_warning(page: str) -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-rLL=78n"],
        input=PAGES[page],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    assert (
        done.stdout.startswith(page.removesuffix(".1").upper())
        or page.removesuffix(".1").upper() in done.stdout
    )
