"""The man pages say what the parser and `--help` say, and man shows them without a warning."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from kubectl_iamsa.argv.parser import Parser
from kubectl_iamsa.gen3 import argv as gen3
from kubectl_iamsa.gen3.words import VERB
from kubectl_iamsa.verb_tree import PROG, SUMMARIES, build_parser

from release.manual import facts
from release.manual.pages import GEN3, NAME, build_man_parser, pages

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
PAGES = {name.removesuffix(".1"): text for name, text in pages("1.2.3", "2026-11-25").items()}
PARSERS: dict[str, Parser] = {
    NAME: build_man_parser(),
    **{f"{NAME}-{verb}": parser for verb, parser in build_parser().verbs().items()},
    f"{NAME}-{GEN3}": gen3.build_parser(PROG).verbs()[VERB],
}
for _parser in PARSERS.values():
    _parser.actions()  # usage and examples come with them
HELP = {"-h", "--help"}
CONNECTION = set(build_parser().flags()) - HELP - {"--version"}
# They have the connection options; the other pages refer to them.
COMPLETE = (NAME, f"{NAME}-options")


def plain(text: str) -> str:
    """Without the marks of roff."""
    text = re.sub(r"\\f[A-Z]|\\&", "", text)
    text = re.sub(r"\\\[u([0-9A-F]{4})\]", lambda found: chr(int(found[1], 16)), text)
    for mark, sign in (
        (r"\-", "-"),
        (r"\(aq", "'"),
        (r"\(ga", "`"),
        (r"\(ti", "~"),
        (r"\(ha", "^"),
        (r"\e", "\\"),
    ):
        text = text.replace(mark, sign)
    return text


def section(page: str, title: str) -> str:
    found = re.search(rf"^\.SH {title}\n(.*?)(?=^\.SH|\Z)", PAGES[page], re.MULTILINE | re.DOTALL)
    assert found, f"{page} has no section {title}"
    return plain(found[1])


def options(page: str) -> dict[str, str]:
    """What the page says of each flag, by the flag."""
    entries = re.findall(r"^\.TP\n(-.*)\n(.*)$", section(page, "OPTIONS"), re.MULTILINE)
    return {flag: words for flags, words in entries for flag in re.findall(r"(?:^|, )(--?[\w-]+)", flags)}


def test_there_is_a_page_for_every_verb_and_no_other() -> None:
    assert set(PAGES) == set(PARSERS)


@pytest.mark.parametrize("page", PARSERS)
def test_a_page_has_every_flag_of_the_parser_and_no_other(page: str) -> None:
    elsewhere = set() if page in COMPLETE else CONNECTION
    assert set(options(page)) == set(PARSERS[page].flags()) - HELP - elsewhere


@pytest.mark.parametrize("page", [page for page in PARSERS if page not in COMPLETE])
def test_a_page_refers_to_the_connection_options_if_the_verb_accepts_them(page: str) -> None:
    accepts = bool(set(PARSERS[page].flags()) & CONNECTION)
    for title in ("OPTIONS", "SEE ALSO"):
        assert (f".BR {NAME}-options (1)" in section(page, title)) == accepts


@pytest.mark.parametrize("page", PARSERS)
def test_a_page_says_of_a_flag_what_help_says(page: str) -> None:
    flags = PARSERS[page].flags()
    assert options(page) == {flag: flags[flag].help for flag in options(page)}


@pytest.mark.parametrize("page", PARSERS)
def test_a_page_has_every_argument_that_help_has(page: str) -> None:
    told = re.findall(r"^\.TP\n([^-\n].*)\n", section(page, "OPTIONS"), re.MULTILINE)
    assert told == [str(action.metavar) for action in PARSERS[page].names()]


@pytest.mark.parametrize("page", PARSERS)
def test_a_page_begins_with_the_usage_that_help_ends_with(page: str) -> None:
    assert section(page, "SYNOPSIS").strip() == PARSERS[page].usage


@pytest.mark.parametrize(("verb", "summary"), SUMMARIES.items())
def test_a_verb_has_one_summary_everywhere(verb: str, summary: str) -> None:
    assert section(f"{NAME}-{verb}", "NAME").strip() == f"{NAME}-{verb} - {summary}"
    assert f".BR {NAME}-{verb} (1)\n{summary}\n" in section(NAME, "COMMANDS")
    shown = summary[0].upper() + summary[1:]
    assert re.search(rf"^  {verb} +{re.escape(shown)}$", build_parser().format_help(), re.MULTILINE)


def test_readme_names_no_variable_that_the_manual_has_not() -> None:
    known = ", ".join({**facts.OWN_VARIABLES, **facts.OTHER_VARIABLES}).split(", ")
    assert set(re.findall(r"\b(?:IAMSA|KUBECTL|AWS)_[A-Z_]+\b", README)) - set(known) == set()


def test_every_variable_that_is_read_is_in_the_manual() -> None:
    code = "".join(path.read_text() for path in (ROOT / "plugin").rglob("*.py"))
    read = set(re.findall(r'"((?:IAMSA|KUBECTL)_[A-Z_]+|NO_COLOR)"', code))
    assert "IAMSA_PATH" in read
    assert read - set(", ".join({**facts.OWN_VARIABLES, **facts.OTHER_VARIABLES}).split(", ")) == set()


@pytest.mark.parametrize("page", [page for page in PARSERS if page not in (NAME, f"{NAME}-{GEN3}")])
def test_a_page_has_the_commands_of_the_helps_examples(page: str) -> None:
    """Folded where they are too long for it, as a shell reads them."""
    examples = str(PARSERS[page].epilog).replace("\\\n", "").splitlines()
    wanted = [line.strip() for line in examples if line.strip() and not line.lstrip().startswith("#")]
    blocks = re.findall(r"^\.EX\n(.*?)\n\.EE", section(page, "EXAMPLES"), re.MULTILINE | re.DOTALL)
    shown = [line for block in blocks for line in block.replace("\\\n", "").splitlines()]
    assert wanted
    assert [shlex.split(line) for line in shown] == [shlex.split(line) for line in wanted]


@pytest.mark.parametrize("verb", [verb for verb in facts.EXIT_CODES if verb])
def test_a_page_says_the_exit_codes_of_its_verb(verb: str) -> None:
    told = re.findall(r"^\.TP\n(\d)\n(.*)$", section(f"{NAME}-{verb}", "EXIT STATUS"), re.MULTILINE)
    assert {int(code): words for code, words in told}.items() >= facts.EXIT_CODES[verb].items()


def read_by(program: str, *words: str, page: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """What the program says of a page; skipped where it is not installed."""
    found = shutil.which(program)
    if not found:
        pytest.skip(
            f"{program} is not here; install it with apt-get install {program} or brew install {program}"
        )
    (tmp_path / f"{page}.1").write_text(PAGES[page])
    check = [found, *words, f"{page}.1"]
    return subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("page", PAGES)
def test_roff_has_nothing_to_say_about_a_page(page: str, tmp_path: Path) -> None:
    words = ("-man", "-Tutf8", "-ww", "-rCHECKSTYLE=3", "-z")
    done = read_by("groff", *words, page=page, tmp_path=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("page", PAGES)
def test_mandoc_finds_no_error_in_a_page(page: str, tmp_path: Path) -> None:
    done = read_by("mandoc", "-Tlint", "-Wwarning", page=page, tmp_path=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("page", PAGES)
def test_no_line_of_a_page_is_wider_than_a_terminal(page: str, tmp_path: Path) -> None:
    done = read_by("groff", "-man", "-Tutf8", "-rLL=78n", "-P-cbou", page=page, tmp_path=tmp_path)
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if len(line) > 80] == []
