# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The code asks the kinds of binding that it is given, and names none."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.registry import KINDS
from ansible_collections.iamsa.eks.plugins.module_utils.bindings.writers import WRITERS

REGISTERED = {"KINDS", "WRITERS"}
ROOT = Path(__file__).parents[3]
CORE = ROOT / "ansible_collections/iamsa/eks/plugins/module_utils"
PLUGIN = ROOT / "plugin/kubectl_iamsa"


def core() -> Iterator[tuple[str, ast.Module]]:
    """Each file of the core, by its path."""
    return parsed(CORE)


def parsed(folder: Path) -> Iterator[tuple[str, ast.Module]]:
    for path in folder.rglob("*.py"):
        yield path.relative_to(folder).as_posix(), ast.parse(path.read_text())


def test_outside_of_its_folder_no_code_names_a_kind() -> None:
    """But for the default of a request, and the words of the schema."""
    named = {
        path
        for path, tree in core()
        if not path.startswith("bindings/")
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in KINDS)
        or (isinstance(node, ast.Name) and node.id == "USUAL_KIND")
    }
    assert named <= {"model/desired.py", "schema/spec.py"}


def test_outside_of_its_folder_no_code_reads_what_binds_by_irsa() -> None:
    """But for what the webhook itself makes of it, and doctor's checks of that."""
    its_own = {
        "ANNOTATION_ROLE_ARN",
        "ANNOTATION_AUDIENCE",
        "ANNOTATION_STS_REGIONAL",
        "ANNOTATION_TOKEN_EXPIRATION",
        "WebIdentityGrant",
    }
    reading = {
        path
        for folder in (CORE, PLUGIN)
        for path, tree in parsed(folder)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and {one.name for one in node.names} & its_own
    }
    allowed = ("bindings/irsa/", "doctor/checks/", "model/token_life.py")
    assert [path for path in sorted(reading) if not path.startswith(allowed)] == []


def test_only_jobs_fall_back_to_the_registered_kinds() -> None:
    """Whatever they call is given the kinds: a default further in would hide that they were not passed on."""
    assert [
        f"{path}:{node.lineno}"
        for path, tree in core()
        if path not in {"bindings/registry.py", "bindings/writers.py"}
        for node in ast.walk(tree)
        if isinstance(node, ast.Name)
        and node.id in REGISTERED
        and node not in (defaults_of_jobs(tree) if path.startswith("jobs/") else ())
    ] == []


def test_jobs_pass_the_kinds_on_to_each_other() -> None:
    jobs = [(path, tree) for path, tree in core() if path.startswith("jobs/")]
    with_kinds = {
        node.name
        for _path, tree in jobs
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and REGISTERED & {*map(ast.unparse, defaults_of(node))}
    }
    assert {"ensure", "verify"} <= with_kinds
    assert [
        f"{path}:{node.lineno}"
        for path, tree in jobs
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in with_kinds
        and not ast.unparse(node).endswith("kinds)")
    ] == []


def defaults_of_jobs(tree: ast.Module) -> list[ast.expr]:
    """Of the functions that a front end may call."""
    return [
        default
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        for default in defaults_of(node)
    ]


def defaults_of(node: ast.FunctionDef) -> list[ast.expr]:
    return [*node.args.defaults, *filter(None, node.args.kw_defaults)]


def test_each_kind_has_its_writer() -> None:
    assert list(WRITERS) == list(KINDS)
