# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CONTRIBUTING's table of rooms is true: a room imports only from floors below its own, or from itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "ansible_collections/iamsa/eks/plugins/module_utils"
ROW = re.compile(r"^\| (\d+) \| (.+?) \|", re.MULTILINE)
FLOORS = {
    room.rstrip("/"): int(floor)
    for floor, rooms in ROW.findall((ROOT / "CONTRIBUTING.md").read_text())
    for room in re.findall(r"`([a-z_/]+)`", rooms)
}
MODULES = sorted(path.relative_to(CORE) for path in CORE.rglob("*.py") if path.name != "__init__.py")


def room_of(parts: tuple[str, ...]) -> str:
    return parts[0].removesuffix(".py")


def imports(module: Path) -> Iterator[str]:
    """The rooms of the core that a module imports from, also where only types are checked."""
    for node in ast.walk(ast.parse((CORE / module).read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            above = module.parts[: len(module.parts) - node.level]
            for name in [node.module] if node.module else [alias.name for alias in node.names]:
                yield room_of((*above, *str(name).split(".")))


@pytest.mark.parametrize("room", sorted(FLOORS.keys() - {"plugin"}))
def test_a_room_imports_from_below(room: str) -> None:
    modules = [module for module in MODULES if room_of(module.parts) == room]
    above = {
        f"{module} imports {name}"
        for module in modules
        for name in imports(module)
        if name != room and FLOORS[name] >= max(FLOORS[room], 1)
    }
    assert not above


def test_every_room_is_in_the_table() -> None:
    assert {room_of(module.parts) for module in MODULES} == FLOORS.keys() - {"plugin"}


def test_errors_deadline_and_concurrency_are_the_only_loose_files() -> None:
    assert {path.stem for path in CORE.glob("*.py")} == {"errors", "deadline", "concurrency"}
