"""Phrases that iamsa never uses, and all texts that users and contributors read."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
COLLECTION = ROOT / "ansible_collections/iamsa/eks"

# A regular expression, and what to write instead.
PHRASES = {
    r"so long at most": "for at most TIME",
    r"Go on\?": "Continue?",
    r"is no (?:name|kind)": "is not a valid name, is not supported",
    r"cannot be right": "is invalid, usage error",
    r"could not be found out": "could not be determined",
    r"(?:broken|break|breaks|breaking|broke) off": "interrupted, stop",
    r"anew": "again",
    r"somebody else meanwhile": "concurrently, by another process",
    r"(?:take|takes|took|taken|taking) (?:it |them )?over": "adopt",
    r"mend(?:s|ed|ing)?": "fix",
    r"foreign": "not managed by iamsa, not added by iamsa",
    r"lets? (?:\w+ )?in": "is allowed to, trusts",
    r"ways? out": "fix",
    r"whose it is": "who owns it",
    r"what is there": "say what exists",
    r"has to be allowed": "needs the permission",
    r"somebody|meanwhile": "another user, another process, concurrently",
    r"all the same": "anyway, still",
    # Spelling is American.
    r"\w*(?:colo|behavio|favo|hono|neighbo)ur\w*": "-or-",
    r"licen[c]e\w*": "license",
    r"\w*(?:recogn|organ|author|initial|serial|normal|minim|optim|summar|synchron|custom|general|util)"
    r"is(?:e[sd]?|ing|ation)": "-iz-",
    r"analys(?:e[sd]?|ing)": "analyze",
    r"(?:centre|catalogue|artefact|whilst|amongst|grey|defence|judgement)s?": "center, catalog, artifact, …",
}
_NEVER = re.compile(
    "|".join(rf"(?P<p{n}>\b(?:{phrase})(?!\w))" for n, phrase in enumerate(PHRASES)), re.IGNORECASE
)
_INSTEAD = tuple(PHRASES.values())

# Code is not prose: `code` in Markdown and docstrings, C(code) in the documentation of modules.
_CODE = re.compile(r"`[^`\n]+`|\b[CEMOPV]\([^)]*\)|https?://\S+|<!--.*?-->")


class Text(NamedTuple):
    """A text, and its file and line."""

    place: str
    text: str


def offences(texts: Iterable[Text]) -> list[str]:
    """Return the phrases in `texts` that iamsa never uses, each with its place and what to write instead."""
    return [
        f"{place}: {match.group()!r}: {_INSTEAD[int((match.lastgroup or '')[1:])]}"
        for place, text in texts
        for match in _NEVER.finditer(" ".join(_CODE.sub("`…`", text).split()))
    ]


def documents() -> list[Path]:
    """Return the files with prose: Markdown, YAML and the texts of `make`."""
    return [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "docs").rglob("*.yaml"),
        ROOT / "testbed/README.md",
        ROOT / "Makefile",
        ROOT / "pyproject.toml",
        ROOT / ".ci/run",
        *(ROOT / ".github").rglob("*.yml"),
        *COLLECTION.glob("*.md"),
        *COLLECTION.glob("*.yml"),
        *(file for folder in _YAML for file in (COLLECTION / folder).rglob("*") if file.suffix in _READ),
    ]


_YAML = ("changelogs", "extensions", "meta", "playbooks", "roles", "tests/integration")
_READ = (".md", ".yml", ".template")


def paragraphs(files: Iterable[Path]) -> Iterator[Text]:
    """Return the paragraphs of each file. A phrase can continue on the next line."""
    for file in files:
        line = 1
        for part in re.split(r"(\n\s*\n)", file.read_text()):
            if part.strip():
                yield Text(f"{file.relative_to(ROOT)}:{line}", part)
            line += part.count("\n")


def sources() -> list[Path]:
    """Return the Python files that are installed, and those that build packages and documentation."""
    folders = (COLLECTION / "plugins", ROOT / "plugin", ROOT / "release", ROOT / "docs", ROOT / "testbed/src")
    return [ROOT / "hatch_build.py", *(file for folder in folders for file in sorted(folder.rglob("*.py")))]


def messages(files: Iterable[Path]) -> Iterator[Text]:
    """Return all strings of several words except docstrings: messages, help, documentation of modules."""
    for file in files:
        tree = ast.parse(file.read_text())
        docstrings = {id(node) for node in _docstrings(tree)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            if id(node) not in docstrings and len(node.value.split()) > 1:
                yield Text(_place(file, node.lineno), node.value)


def remarks(files: Iterable[Path]) -> Iterator[Text]:
    """Return all docstrings and comments. The lines of a comment are one text."""
    for file in files:
        source = file.read_text()
        for node in _docstrings(ast.parse(source)):
            yield Text(_place(file, node.lineno), str(node.value))
        lines: dict[int, str] = {}
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                lines[token.start[0]] = token.string.lstrip("# ")
        for first in [line for line in lines if line - 1 not in lines]:
            last = next(line for line in range(first, first + len(lines) + 1) if line not in lines)
            yield Text(_place(file, first), "\n".join(lines[line] for line in range(first, last)))


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def _place(file: Path, line: int) -> str:
    return f"{file.relative_to(ROOT)}:{line}"
