"""Fixtures for tests that run the collection's modules under real Ansible in a world."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from testbed.world import World

ROOT = Path(__file__).parents[3]
RESULT = re.compile(r"^localhost \| [A-Z]+!? => (?=\{)", re.MULTILINE)

Task = Callable[..., "dict[str, Any]"]


@dataclass(frozen=True)
class Ansible:
    """Ansible with nobody's configuration, the collection as it lies in the repository, and `environ`."""

    environ: Mapping[str, str]
    folder: Path
    more: Mapping[str, str] = field(default_factory=dict)

    def run(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        binary = Path(sys.executable).with_name(program)
        settings = {
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT),
            "ANSIBLE_HOME": str(self.folder / "ansible"),
            "ANSIBLE_LOCALHOST_WARNING": "False",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
            **self.more,
        }
        return subprocess.run(
            [str(binary), *words],
            env={**self.environ, **settings},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture
def ansible(world: World, tmp_path: Path) -> Ansible:
    """`ansible.run("ansible-playbook", …)` in the world."""
    return Ansible(world.environ, tmp_path)


@pytest.fixture
def task(ansible: Ansible) -> Task:
    """`task("iam_serviceaccount", name="shop", _check=True, _diff=True)`: what the module returns.

    With `_fails` it must fail; else it must not.
    """

    def run(
        module: str, *, _check: bool = False, _diff: bool = False, _fails: bool = False, **options: Any
    ) -> dict[str, Any]:
        flags = [*(["--check"] if _check else []), *(["--diff"] if _diff else [])]
        words = ("localhost", "-m", f"iamsa.eks.{module}", "-a", json.dumps(options), *flags)
        done = ansible.run("ansible", *words)
        said = done.stdout + done.stderr
        assert "Traceback" not in said, said
        start = RESULT.search(done.stdout)
        assert start, said
        result: dict[str, Any] = json.JSONDecoder().raw_decode(done.stdout, start.end())[0]
        assert bool(result.get("failed") or done.returncode) == _fails, said
        return result

    return run
