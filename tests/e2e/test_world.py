"""tests/world as a user calls it: a world that has the program under test."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

WORLD = Path(__file__).parents[1] / "world"


def run(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [WORLD, *words], env=os.environ | environ, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_command_has_the_plugin_before_and_all_else_of_the_callers(tmp_path: Path) -> None:
    mine = tmp_path / "ansible-playbook"
    mine.write_text("#!/bin/sh\necho mine\n")
    mine.chmod(0o755)
    script = (
        "kubectl iamsa list && kubectl __complete iamsa creat && ansible-playbook; "
        'echo "${PYTHONPATH-none}"; pwd; exit 7'
    )
    environ = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [WORLD, "--", "sh", "-c", script],
        env={**environ, "PATH": os.pathsep.join([str(tmp_path), environ["PATH"]])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    completed, _, *rest = done.stdout.splitlines()
    assert completed.startswith("create\t")
    assert rest == ["mine", "none", str(tmp_path)]


def test_the_world_that_stays_is_where_iamsa_world_says(tmp_path: Path) -> None:
    environ = {"IAMSA_WORLD": str(tmp_path / "world")}
    assert run("env", **environ).stderr == "no world is up; start one with tests/world up\n"
    try:
        up = run("up", **environ)
        assert (up.returncode, up.stdout) == (0, "")
        assert up.stderr == 'the world is up; for a shell in it: eval "$(tests/world env)"\n'
        shell = f'eval "$({WORLD} env)"; dirname "$KUBECONFIG"; kubectl iamsa version --client'
        done = subprocess.run(
            ["sh", "-c", shell], env=os.environ | environ, capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[0] == str(tmp_path / "world")
    finally:
        assert run("down", **environ).returncode == 0
    assert not (tmp_path / "world").exists()


def test_help_calls_it_by_its_name() -> None:
    done = run("--help")
    assert done.returncode == 0
    assert "tests/world -- COMMAND..." in done.stdout
    assert "pocket-eks" not in done.stdout
