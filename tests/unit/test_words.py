# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One word a thing: `account` is AWS's alone, and what was observed is more than a role.

As far as annotations tell: of parameters, fields, variables, and what functions return.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = (ROOT / "ansible_collections/iamsa/eks/plugins", ROOT / "plugin", Path(__file__).parent)
# The words that a name must not have, by the beginning of the types that it may not be of.
WRONG = {
    "ServiceAccount": re.compile(r"(?<!service_)(?<![a-z])accounts?(?![a-z])"),
    "Observed": re.compile(r"^_?roles?$"),
}


def misnamed(tree: ast.AST) -> Iterator[str]:
    """The names that say another thing than their types do, each with its line."""
    for node in ast.walk(tree):
        match node:
            case (
                ast.arg(arg=name, annotation=kind)
                | ast.AnnAssign(target=ast.Name(id=name), annotation=kind)
                | ast.AnnAssign(target=ast.Attribute(attr=name), annotation=kind)
                | ast.FunctionDef(name=name, returns=kind)
            ) if kind:
                types = re.findall(r"\w+", ast.unparse(kind))
                for beginning, wrong in WRONG.items():
                    if any(one.startswith(beginning) for one in types) and wrong.search(name.lower()):
                        yield f"{name} in line {node.lineno}"


@pytest.mark.parametrize(
    "code",
    [
        "def f(account: ServiceAccount | None): ...",
        "def f(*, other_accounts: dict[Subject, ServiceAccount]): ...",
        "class C:\n    account: 'ServiceAccountSpec'",
        "self.account: ServiceAccount | None = None",
        "ACCOUNTS: tuple[ServiceAccount, ...] = ()",
        "def _account_of(name) -> ServiceAccount: ...",
        "class C:\n    role: Observed",
    ],
)
def test_another_things_word_is_found(code: str) -> None:
    assert len(list(misnamed(ast.parse(code)))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "def f(account: str, service_account: ServiceAccount): ...",
        "def read_service_accounts(account: str) -> tuple[ServiceAccount, ...]: ...",
        "def forecast_role(observed: Observed, role: Role) -> Observed: ...",
    ],
)
def test_its_own_is_left(code: str) -> None:
    assert not list(misnamed(ast.parse(code)))


@pytest.mark.parametrize("folder", CODE, ids=lambda folder: folder.name)
def test_each_thing_has_its_own_word(folder: Path) -> None:
    found = {
        f"{path.relative_to(folder)}: {name}"
        for path in folder.rglob("*.py")
        for name in misnamed(ast.parse(path.read_text()))
    }
    assert not found
