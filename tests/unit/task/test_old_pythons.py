"""What a Python that is too old for the collection's modules reads of them, and what it is told."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from gates.tree import ROOT
from gates.versions import interpreters

COLLECTION = ROOT / "ansible_collections/iamsa/eks"
MODULES = sorted((COLLECTION / "plugins/modules").glob("*.py"))
OLD = ("3.8", "3.9")
RUN = """\
import sys
sys.path[:0] = sys.argv[1:3]
from importlib import import_module
from ansible.module_utils.testing import patch_module_args
with patch_module_args({}):
    import_module("ansible_collections.iamsa.eks.plugins.modules." + sys.argv[3]).main()
"""
# The least that the argument spec of each asks for.
LEAST = {"iam_serviceaccount": {"name": "shop"}, "iam_oidc_provider": {"cluster_name": "demo"}}


def imported_at_the_top(path: Path) -> Iterator[ast.Import | ast.ImportFrom]:
    """What runs as soon as the file is imported, in an old Python as in a new one."""
    for node in ast.parse(path.read_text(), str(path), feature_version=(3, 8)).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If | ast.Try) and ast.unparse(node)[:16] != "if TYPE_CHECKING":
            yield from (one for one in ast.walk(node) if isinstance(one, ast.Import | ast.ImportFrom))


def file_of(node: ast.ImportFrom, path: Path) -> Path:
    folder = path.parents[node.level - 1]
    return folder.joinpath(*(node.module or "").split(".")).with_suffix(".py")


def read_at_the_top(start: Path) -> tuple[set[Path], set[str]]:
    """The files of the collection that are read with `start`, and the packages of others."""
    files, packages, waiting = set[Path](), set[str](), [start]
    while waiting:
        path = waiting.pop()
        if path in files:
            continue
        files.add(path)
        for node in imported_at_the_top(path):
            if isinstance(node, ast.Import):
                packages |= {alias.name.partition(".")[0] for alias in node.names}
            elif node.level:
                waiting.append(file_of(node, path))
            else:
                packages.add((node.module or "").partition(".")[0])
    return files, packages


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_a_module_is_read_by_python_3_8_without_any_library(module: Path) -> None:
    """All that it imports at the top is parsed as Python 3.8 on the way."""
    _files, packages = read_at_the_top(module)
    assert packages - sys.stdlib_module_names == {"ansible"}


@pytest.mark.skipif(not find_spec("ansible"), reason="ansible-core needs a newer Python than this one")
@pytest.mark.parametrize("version", OLD)
@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_an_old_python_is_told_what_it_lacks(module: Path, version: str, tmp_path: Path) -> None:
    import ansible  # noqa: PLC0415
    from ansible.module_utils import basic  # noqa: PLC0415

    if tuple(map(int, version.split("."))) < basic._PY_MIN:
        pytest.skip(f"ansible-core itself runs on no Python {version}")
    python = next((path for _version, path in interpreters([version])), None)
    if python is None:
        pytest.skip(f"there is no Python {version} here")
    (tmp_path / "ansible").symlink_to(Path(ansible.__file__).parent)
    code = RUN.replace("patch_module_args({})", f"patch_module_args({LEAST.get(module.stem, {})!r})")
    done = subprocess.run(
        [str(python), "-I", "-B", "-c", code, str(tmp_path), str(ROOT), module.stem],
        capture_output=True,
        text=True,
        check=False,
    )
    told: dict[str, Any] = json.loads(done.stdout or f'"{done.stderr}"')
    assert (told["failed"], told["changed"]) == (True, False)
    assert told["error"]["kind"] == "unmet_requirement"
    assert told["error"]["resource"] == "python"
    assert f"is {version}." in told["error"]["problem"]
    assert "ansible_python_interpreter" in told["error"]["remedy"]
