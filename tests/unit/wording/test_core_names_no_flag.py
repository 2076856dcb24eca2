# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No text of the core spells a flag or a command of iamsa, and both front ends know each Option."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from kubectl_iamsa import spelling
from kubectl_iamsa.argv.parser import Parser
from kubectl_iamsa.verb_tree import build_parser

from ansible_collections.iamsa.eks.plugins.module_utils.task.words import ONE_SIDED, WORDS
from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Option

CORE = Path(__file__).parents[3] / "ansible_collections/iamsa/eks/plugins/module_utils"
# The reference of the documents is written for readers of both front ends.
ROOMS = sorted({path.relative_to(CORE).parts[0] for path in CORE.rglob("*.py")} - {"schema"})
FLAG = re.compile(r"(?<![\w-])(?:--[a-z][a-z-]*|-[a-zA-Z])(?![\w-])")
# A command of another program, up to the end of its clause.
OTHER_PROGRAM = re.compile(r"\b(?:aws|aws-vault|kubectl(?! iamsa))\b[^;,]*")


def flags(parser: Parser) -> Iterator[str]:
    yield from parser.flags()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for verb in action.choices.values():
                yield from flags(verb)


OURS = frozenset(flags(build_parser()))


def modules(room: str) -> Iterator[tuple[str, ast.AST]]:
    for path in [CORE / room] if (CORE / room).is_file() else sorted((CORE / room).rglob("*.py")):
        yield str(path.relative_to(CORE)), ast.parse(path.read_text())


def texts(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int]]:
    """What holds each text, and the text, with `…` for what an f-string puts in; no docstrings."""
    for parent in ast.walk(tree):
        for child in ast.iter_child_nodes(parent):
            if isinstance(child, ast.JoinedStr):
                parts = (one.value if isinstance(one, ast.Constant) else "…" for one in child.values)
                yield parent, "".join(map(str, parts)), child.lineno
            elif isinstance(parent, (ast.Expr, ast.JoinedStr)):
                continue
            elif isinstance(child, ast.Constant) and isinstance(child.value, str):
                yield parent, child.value, child.lineno


def is_ours(parent: ast.AST, text: str) -> bool:
    if "kubectl iamsa" in text:
        return True
    if not set(FLAG.findall(OTHER_PROGRAM.sub("", text))) & OURS:
        return False
    # A word of another program's argv: among others, or looked for there.
    looked_for = isinstance(parent, ast.Call) and ast.unparse(parent.func) in ("option", "options.get")
    is_word = " " not in text and (isinstance(parent, (ast.Tuple, ast.Set)) or looked_for)
    return not is_word


@pytest.mark.parametrize("room", ROOMS)
def test_no_text_spells_a_flag_or_a_command_of_ours(room: str) -> None:
    found = [
        f"{name}:{line}: {text}"
        for name, tree in modules(room)
        for parent, text, line in texts(tree)
        if is_ours(parent, text)
    ]
    assert not found


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ('f(remedy="add --adopt")', True),
        ('f(remedy=f"add --adopt to {x}")', True),
        ('f("--role-name")', True),
        ('x = "run kubectl iamsa create"', True),
        ('f("run aws eks describe-cluster --region r; give --region")', True),
        ('f("run aws eks describe-cluster --region r")', False),
        ('f("kubectl --context dev auth whoami")', False),
        ('words = ("aws", "eks", "--region", region)', False),
        ('option(argv, "--profile")', False),
        ('"""--adopt"""', False),
        ('f("check the name and -n")', True),
        ('f("kubectl get pods -n web")', False),
        ('words = ("kubectl", "-n", namespace)', False),
        ('f("--no-flag-of-ours")', False),
    ],
)
def test_such_a_text_would_be_found(code: str, is_found: bool) -> None:
    assert any(is_ours(parent, text) for parent, text, _ in texts(ast.parse(code))) == is_found


def named_options() -> set[str]:
    """The names of all options that the core names by a literal."""
    return {
        node.args[0].value
        for room in ROOMS
        for _, tree in modules(room)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Option" and node.args
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    }


def test_the_command_line_has_each_option_or_says_which_module_has_it() -> None:
    named = named_options()
    assert {"--" + name.replace("_", "-") for name in named - spelling.MODULE_OPTIONS.keys()} <= OURS
    assert spelling.MODULE_OPTIONS.keys() - named == set()


def test_a_task_has_each_option_or_other_words_for_it() -> None:
    unknown = {name for name in named_options() if not WORDS.knows(Option(name))}
    assert unknown - ONE_SIDED.keys() == set()


def test_no_option_is_said_to_be_one_sided_in_vain() -> None:
    assert ONE_SIDED.keys() - named_options() == set()
    assert {"--" + name.replace("_", "-") for name in ONE_SIDED} <= OURS
