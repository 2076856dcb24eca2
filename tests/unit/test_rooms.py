# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CONTRIBUTING's tables of rooms are true: a room imports only from floors below its own, or from itself.

Imports inside functions count, and those where only types are checked.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from kubectl_iamsa.verb_tree import SUMMARIES

ROOT = Path(__file__).parents[2]
CORE = ROOT / "ansible_collections/iamsa/eks/plugins/module_utils"
PLUGIN = ROOT / "plugin/kubectl_iamsa"
LOOSE = {
    CORE: {"errors", "deadline", "concurrency"},
    PLUGIN: {"__main__", "cli", "verb_tree", "spelling", "version"},
}
ROW = re.compile(r"^\| (\d+) \| (.+?) \|", re.MULTILINE)


def floors(table: str) -> dict[str, int]:
    """The floor of each room."""
    return {
        room.rstrip("/"): int(floor)
        for floor, rooms in ROW.findall(table)
        for room in re.findall(r"`([a-z0-9_/]+)`", rooms)
    }


IN_CORE, IN_PLUGIN = (
    floors(part) for part in (ROOT / "CONTRIBUTING.md").read_text().split("### The plugin's rooms")
)
FLOORS = {CORE: {room: floor for room, floor in IN_CORE.items() if room != "plugin"}, PLUGIN: IN_PLUGIN}
ROOMS = [(root, room) for root, found in FLOORS.items() for room in sorted(found)]


def modules(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*.py") if path.name != "__init__.py")


def room_of(path: Path, root: Path) -> str:
    return path.relative_to(root).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[Path]:
    """The modules that one imports from its own package, also those that it loads by a name."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.ImportFrom(module=module, names=names, level=level) if level:
                above = path.parents[level - 1].joinpath(*(module or "").split("."))
                for name in names:
                    inside = above / f"{name.name}.py"
                    yield inside if inside.is_file() else above.with_suffix(".py")
            case ast.Call(func=ast.Name("import_module"), args=[name, *_]):
                for constant in ast.walk(name):
                    if isinstance(constant, ast.Constant) and str(constant.value).startswith("."):
                        yield from loaded(path.parent, str(constant.value))


def loaded(package: Path, name: str) -> list[Path]:
    """The module of a name such as .gen3.jobs; all that begin with one such as .runs."""
    *above, last = name.removeprefix(".").split(".")
    return [package.joinpath(*above, f"{last}.py")] if last else modules(package.joinpath(*above))


@pytest.mark.parametrize(("root", "room"), ROOMS, ids=lambda value: getattr(value, "name", value))
def test_a_room_imports_from_below(root: Path, room: str) -> None:
    above = {
        f"{path.relative_to(root)} imports {name}"
        for path in modules(root)
        if room_of(path, root) == room
        for name in {room_of(imported, root) for imported in imports(path)} - {room}
        if FLOORS[root][name] >= max(FLOORS[root][room], 1)
    }
    assert not above


@pytest.mark.parametrize("root", FLOORS, ids=lambda root: root.name)
def test_no_module_imports_itself_by_way_of_others(root: Path) -> None:
    try:
        TopologicalSorter({path: set(imports(path)) for path in modules(root)}).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(str(path.relative_to(root)) for path in reversed(error.args[1])))


@pytest.mark.parametrize("root", FLOORS, ids=lambda root: root.name)
def test_every_room_is_in_the_table(root: Path) -> None:
    assert {room_of(path, root) for path in modules(root)} == FLOORS[root].keys()


@pytest.mark.parametrize("root", FLOORS, ids=lambda root: root.name)
def test_there_is_no_other_loose_file(root: Path) -> None:
    assert {path.stem for path in root.glob("*.py") if path.name != "__init__.py"} == LOOSE[root]


def test_each_verb_has_its_flags_and_its_job() -> None:
    commands, runs = ({path.stem for path in modules(PLUGIN / room)} for room in ("commands", "runs"))
    assert (commands, runs & commands) == (set(SUMMARIES), commands)
