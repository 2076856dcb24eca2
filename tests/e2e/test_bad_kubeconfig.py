"""Bad input never reaches a socket. What is said of it is in unit/runs/test_bad_kubeconfig.py."""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path

import pytest
from e2e.bad import Bad
from pocket_eks.control import Control
from pocket_eks.world import World


@pytest.fixture
def bad(world: World, control: Control, tmp_path: Path) -> Bad:
    return Bad(world, control, tmp_path)


OFFLINE = [
    (("--region", "mars"), 2),
    (("-p", "bad.json"), 1),
    (("-p", "missing.json"), 1),
    (("--context", "nobody"), 1),
]


@pytest.mark.parametrize(("words", "code"), OFFLINE)
def test_bad_input_is_refused_before_anything_is_called(
    bad: Bad, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    (tmp_path / "bad.json").write_text("{")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        url = f"//127.0.0.1:{server.getsockname()[1]}"
        environ = {
            **bad.world.environ,
            **bad.cluster(server=f"https:{url}"),
            "AWS_ENDPOINT_URL": f"http:{url}",
        }
        argv = ["create", "app", "-p", "ReadOnlyAccess", *words]
        program = shutil.which("kubectl-iamsa", path=environ["PATH"])
        done = subprocess.run(
            [str(program), *argv], env=environ, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        with pytest.raises(TimeoutError):
            server.accept()
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
