"""What would change, as a unified diff, or for the program that KUBECTL_EXTERNAL_DIFF names."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from kubectl_iamsa.render.difference import EXTERNAL, Difference, unified
from kubectl_iamsa.render.progress import Progress
from kubectl_iamsa.terminal.console import Console

from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, Refused

BEFORE = {"role/app tags": {"team": "web", "cost": 7}, "role/app policies": ["a"], "role/app trust": None}
AFTER = {
    "role/app tags": {"team": "ops", "cost": 7},
    "role/app policies": ["a"],
    "role/app trust": {"Sid": "new"},
}

SPY = """\
#!{python}
import json, pathlib, sys
*words, now, then = sys.argv[1:]
files = lambda folder: {{one.name: one.read_text() for one in sorted(pathlib.Path(folder).iterdir())}}
print(json.dumps([words, files(now), files(then)]))
print("\\x1b[31mhint", file=sys.stderr)
sys.exit({code})
"""


class Shown(NamedTuple):
    out: str
    err: str


def show(command: str, before: Mapping[str, Any] = BEFORE, after: Mapping[str, Any] = AFTER) -> Shown:
    difference, out, err = Difference(), io.StringIO(), io.StringIO()
    difference.planned((), before, after)
    difference.show(Console(out, err), {EXTERNAL: command} if command else {})
    return Shown(out.getvalue(), err.getvalue())


@pytest.fixture
def spy(tmp_path: Path) -> Path:
    """A program that prints what it was given."""
    return program(tmp_path, 1)


def program(folder: Path, code: int) -> Path:
    path = folder / f"spy-{code}"
    path.write_text(SPY.format(python=sys.executable, code=code), encoding="utf-8")
    path.chmod(0o755)
    return path


def colored(text: str, color: str) -> str:
    return f"\x1b[{color}m{text}\x1b[0m"


BOLD, RED, GREEN, CYAN = "1", "31", "32", "36"
IN_COLOR = [
    colored("--- tags (current)", BOLD),
    colored("+++ tags (planned)", BOLD),
    colored("@@ -1,2 +1,2 @@", CYAN),
    colored("-a: 1", RED),
    colored("+a: 2", GREEN),
    " b: 1",
]
OLD, NEW = {"tags": {"a": 1, "b": 1}}, {"tags": {"a": 2, "b": 1}}


def test_a_diff_has_the_colors_of_gits() -> None:
    out, difference = io.StringIO(), Difference()
    console = Console(out, None)
    console.colors = True
    difference.planned((), OLD, NEW)
    difference.show(console, {})
    assert out.getvalue().splitlines() == IN_COLOR


@pytest.mark.parametrize("output", ["text", "json"])
def test_only_a_diff_on_stdout_has_colors(output: str) -> None:
    out, err = io.StringIO(), io.StringIO()
    console = Console(out, err)
    console.colors = True
    progress = Progress(console, output=output, dry_run="client", diff=True)
    progress.planned((), OLD, NEW)
    shown = (out.getvalue().splitlines(), err.getvalue().splitlines())
    assert shown == ((IN_COLOR, []) if output == "text" else ([], list(unified(OLD, NEW))))


def test_only_what_differs_is_shown() -> None:
    assert list(unified(BEFORE, AFTER)) == [
        "--- role/app tags (current)",
        "+++ role/app tags (planned)",
        "@@ -1,2 +1,2 @@",
        "-team: web",
        "+team: ops",
        " cost: 7",
        "--- role/app trust (current)",
        "+++ role/app trust (planned)",
        "@@ -0,0 +1 @@",
        "+Sid: new",
    ]


def test_what_goes_altogether_is_shown_as_gone() -> None:
    assert list(unified({"role/app": {"path": "/"}}, {"role/app": None}))[-1] == "-path: /"


def test_a_document_that_was_not_read_is_one_line() -> None:
    assert list(unified({"role/app inline policy x": "(not read)"}, {}))[2:] == [
        "@@ -1 +0,0 @@",
        "-(not read)",
    ]


def test_the_same_is_nothing_to_show() -> None:
    assert list(unified(BEFORE, BEFORE)) == []
    assert show("", BEFORE, BEFORE) == ("", "")


@pytest.mark.parametrize("command", ["", " "])
def test_without_another_program_it_is_a_unified_diff(command: str) -> None:
    shown = show(command)
    assert shown.out.splitlines() == list(unified(BEFORE, AFTER))
    assert shown.err == ""


def test_text_of_others_does_not_steer_the_terminal() -> None:
    shown = show("", {}, {"role/app tags": {"team": "\x1b[2J"}})
    assert "\x1b" not in shown.out


def test_another_program_gets_two_folders_with_a_file_for_each_resource_that_differs(spy: Path) -> None:
    assert show(str(spy)).out == (
        '[[], {"role.app.tags": "team: web\\ncost: 7\\n"},'
        ' {"role.app.tags": "team: ops\\ncost: 7\\n", "role.app.trust": "Sid: new\\n"}]\n'
    )


def test_what_another_program_says_is_passed_on_where_it_belongs(spy: Path) -> None:
    assert show(str(spy)).err == "\\x1b[31mhint\n"


@pytest.mark.parametrize(
    ("words", "passed"),
    [
        ("-u -N", '["-u", "-N"]'),
        ("--unified=1", '["--unified=1"]'),
        ("-u;id $(id) `id` |x >y ../../etc", "[]"),
        ("--label='a b' -u", '["-u"]'),
    ],
)
def test_of_its_arguments_kubectls_alphabet_is_kept(spy: Path, words: str, passed: str) -> None:
    assert show(f"{spy} {words}").out.startswith(f"[{passed}, ")


@pytest.mark.parametrize("code", [0, 1])
def test_its_exit_code_may_say_that_something_differs(tmp_path: Path, code: int) -> None:
    assert show(str(program(tmp_path, code))).out


@pytest.mark.parametrize("code", [2, 127])
def test_a_program_that_fails_is_an_error(tmp_path: Path, code: int) -> None:
    with pytest.raises(IamsaError, match=f"ended with exit code {code}; see its output above"):
        show(str(program(tmp_path, code)))


def test_a_program_that_is_killed_says_nothing_of_a_difference(tmp_path: Path) -> None:
    killed = tmp_path / "killed"
    killed.write_text("#!/bin/sh\nkill -9 $$\n", encoding="utf-8")
    killed.chmod(0o755)
    with pytest.raises(IamsaError, match="was killed by signal 9"):
        show(str(killed))


def test_where_its_files_cannot_be_written_that_is_an_error(
    spy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with pytest.raises(IamsaError) as caught:
        show(str(spy))
    assert "TMPDIR" in caught.value.remedy


def test_names_that_no_file_can_have_are_cut_and_stay_apart(spy: Path) -> None:
    long = f"serviceaccount/{'a' * 253} annotations"
    titles = {
        long: {"a": "1"},
        f"{long}.more": {"b": "2"},
        "role/app x": {"c": "3"},
        "role/app.x": {"d": "4"},
    }
    _words, _now, then = json.loads(show(str(spy), before={}, after=titles).out)
    assert sorted(then.values()) == ["a: '1'\n", "b: '2'\n", "c: '3'\n", "d: '4'\n"]


@pytest.mark.parametrize("command", ["no-such-program-here -u", "/", "/dev/null"])
def test_a_program_that_cannot_be_run_is_named(command: str) -> None:
    name = command.removesuffix(" -u")
    with pytest.raises(Refused, match=f'{EXTERNAL} names "{name}", which cannot be run: '):
        show(command)


def test_nothing_of_it_stays_behind(spy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    assert show(str(spy)).out
    assert list(folder.iterdir()) == []
