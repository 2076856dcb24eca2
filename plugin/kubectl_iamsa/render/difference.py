"""Shows the differences between current and planned resources, as a unified diff or with another program."""

from __future__ import annotations

import difflib
import hashlib
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, Refused
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step

from ..terminal.console import Console

RED, GREEN, CYAN, BOLD = "31", "32", "36", "1"
EXTERNAL = "KUBECTL_EXTERNAL_DIFF"
# As in kubectl, arguments with characters that are special in a shell are ignored.
# https://kubernetes.io/docs/reference/kubectl/generated/kubectl_diff/
_ARGUMENT = re.compile(r"[A-Za-z0-9=-]+")
# Most file systems limit names to 255 bytes.
_LONGEST_NAME = 200


class Difference:
    """Receives the plan from the core, and shows it afterwards."""

    def __init__(self) -> None:
        self._before: Mapping[str, Any] = {}
        self._after: Mapping[str, Any] = {}

    def planned(self, _steps: tuple[Step, ...], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        self._before, self._after = before, after

    def include(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Add the plan for one more ServiceAccount."""
        self._before = {**self._before, **before}
        self._after = {**self._after, **after}

    def done(self, step: Step) -> None:
        raise AssertionError(f"diff must not run steps: {step.sentence}")

    def left(self, step: Step, why: str) -> None:
        raise AssertionError(f"diff must not run steps: {step.sentence}, {why}")

    def show(self, console: Console, environ: Mapping[str, str]) -> None:
        """Show the differences with the program in KUBECTL_EXTERNAL_DIFF, or as a unified diff on stdout."""
        command = environ.get(EXTERNAL, "").split()
        if not command:
            for line in unified(self._before, self._after):
                console.painted((line, color_of(line)), keep="\t")
            return
        name, *arguments = command
        with _folder() as folder:
            now, then = Path(folder, "LIVE"), Path(folder, "MERGED")
            with _written():
                self._write(now, self._before, self._after)
                self._write(then, self._after, self._before)
            _run([name, *filter(_ARGUMENT.fullmatch, arguments), str(now), str(then)], console)

    @staticmethod
    def _write(folder: Path, documents: Mapping[str, Any], others: Mapping[str, Any]) -> None:
        """Write a file for each resource that exists and differs."""
        folder.mkdir()
        names = _file_names({**documents, **others})
        for title, document in documents.items():
            lines = _lines(document)
            if lines and lines != _lines(others.get(title)):
                (folder / names[title]).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def unified(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Return the lines of a unified diff of all resources that differ."""
    for title in {**before, **after}:
        old, new = _lines(before.get(title)), _lines(after.get(title))
        for line in difflib.unified_diff(old, new, f"{title} (current)", f"{title} (planned)", lineterm=""):
            yield line.rstrip("\n")


def color_of(line: str) -> str:
    """Return the color (SGR) of a line of a unified diff, as in git."""
    for start, color in (("+++", BOLD), ("---", BOLD), ("@@", CYAN), ("+", GREEN), ("-", RED)):
        if line.startswith(start):
            return color
    return ""


def _lines(document: Any) -> list[str]:
    import yaml  # noqa: PLC0415

    if document is None:
        return []
    if isinstance(document, str):
        # YAML would add a line of dots after a single word.
        return document.splitlines()
    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=1000)
    return text.splitlines()


def _file_names(titles: Iterable[str]) -> dict[str, str]:
    """Return a unique file name for each title, the same in both folders."""
    plain = {title: re.sub(r"[^A-Za-z0-9.-]+", ".", title) for title in titles}
    taken = Counter(plain.values())
    return {
        title: name
        if taken[name] == 1 and len(name) <= _LONGEST_NAME
        else f"{name[:_LONGEST_NAME]}.{hashlib.sha256(title.encode()).hexdigest()[:8]}"
        for title, name in plain.items()
    }


@contextmanager
def _folder() -> Iterator[str]:
    """Create a temporary folder that is deleted afterwards."""
    with _written():
        folder = tempfile.TemporaryDirectory(prefix="iamsa-diff-", ignore_cleanup_errors=True)
    with folder as path:
        yield path


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise IamsaError(
            f"the files for {EXTERNAL} could not be written: {(error.strerror or 'unknown').lower()}",
            remedy=f"free some space or set TMPDIR to another folder, or unset {EXTERNAL}",
        ) from None


def _run(argv: list[str], console: Console) -> None:
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError as error:
        raise Refused(
            f'{EXTERNAL} names "{argv[0]}", which cannot be run: {(error.strerror or "unknown").lower()}',
            remedy="name a program on PATH, or unset it",
        ) from None
    if done.stdout:
        console.result(done.stdout.decode(errors="replace").rstrip("\n"))
    if done.stderr:
        console.notice(done.stderr.decode(errors="replace").rstrip("\n"))
    if done.returncode not in (0, 1):
        how = f"ended with exit code {done.returncode}"
        if done.returncode < 0:
            how = f"was killed by signal {-done.returncode}"
        raise IamsaError(f'{EXTERNAL} "{argv[0]}" {how}', remedy="see its output above")
