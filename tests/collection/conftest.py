"""Fixtures for tests that run the collection's modules under real Ansible in a world."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import documents
import pytest
from e2e.fixtures import *  # noqa: F403
from e2e.shop import as_done, undated
from pocket_eks.world import World

# ansible-core needs a newer Python than iamsa does.
collect_ignore_glob = [] if find_spec("ansible") else ["test_*.py"]

ROOT = Path(__file__).parents[2]
RESULT = re.compile(r'^    "msg": ("told .*")$', re.MULTILINE)

Task = Callable[..., "dict[str, Any]"]
Play = Callable[["list[dict[str, Any]]"], "list[dict[str, Any]]"]


@dataclass(frozen=True)
class Ansible:
    """Ansible with nobody's configuration, the collection as it lies in the repository, and `environ`."""

    environ: Mapping[str, str]
    folder: Path

    def run(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        binary = Path(sys.executable).with_name(program)
        settings = {
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT),
            "ANSIBLE_HOME": str(self.folder / "ansible"),
            "ANSIBLE_LOCALHOST_WARNING": "False",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
            "ANSIBLE_NOCOLOR": "1",
        }
        return subprocess.run(
            [str(binary), *words],
            env={**self.environ, **settings},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            # For what hangs; a play of many tasks on a busy machine is slow.
            timeout=300,
            check=False,
        )


@pytest.fixture
def ansible(world: World, tmp_path: Path) -> Ansible:
    """`ansible.run("ansible-playbook", …)` in the world."""
    return Ansible(world.environ, tmp_path)


@pytest.fixture
def play(ansible: Ansible) -> Play:
    """`play([{"iam_serviceaccount": {…}, "check_mode": True, "diff": True}, …])`: what each task returns.

    A task that fails does not keep the next one from being run.
    """

    def run(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = []
        for task in tasks:
            name, *keywords = task
            steps += [
                {
                    f"iamsa.eks.{name}": task[name],
                    "register": "result",
                    "ignore_errors": True,
                    **{keyword: task[keyword] for keyword in keywords},
                },
                {"ansible.builtin.debug": {"msg": "told {{ result | to_json }}"}},
            ]
        book = [{"hosts": "localhost", "gather_facts": False, "tasks": steps}]
        (ansible.folder / "play.json").write_text(json.dumps(book))
        done = ansible.run("ansible-playbook", "play.json")
        said = done.stdout + done.stderr
        assert "Traceback" not in said, said
        assert "internal error" not in said, said
        found = [json.loads(told) for told in RESULT.findall(done.stdout)]
        assert len(found) == len(tasks), said
        results = [json.loads(text.removeprefix("told ")) for text in found]
        documents.check_returned(results)
        return results

    return run


@pytest.fixture
def foretold(play: Play) -> Callable[[dict[str, Any]], None]:
    """`foretold(task)`: check mode foretells all that the task returns; a second run has nothing to do."""

    def run(task: dict[str, Any]) -> None:
        foretold, done, again = play([{**task, "check_mode": True}, task, task])
        assert foretold["changed"], foretold
        assert foretold["diff"]
        assert undated(done) == as_done(foretold)
        assert (again["changed"], again["diff"], again["steps"]) == (False, [], [])

    return run


@pytest.fixture
def task(play: Play) -> Task:
    """`task("iam_serviceaccount", name="shop", _check=True)`: what the module returns.

    With `_fails` it must fail; else it must not.
    """

    def run(
        module: str, *, _check: bool = False, _diff: bool = False, _fails: bool = False, **options: Any
    ) -> dict[str, Any]:
        (result,) = play([{module: options, "check_mode": _check, "diff": _diff}])
        assert result["failed"] == _fails, result
        return result

    return run
