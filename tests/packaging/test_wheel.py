"""The wheel as users of kubectl install it: without Ansible."""

from __future__ import annotations

import email
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from adapters.behind_socks import VERSION, behind_socks
from gates.bare import bare_interpreter, clean_environ
from gates.tree import ROOT
from packaging.requirements import Requirement


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """kubectl-iamsa in a virtual environment that has the wheel and what it requires."""
    dist = tmp_path_factory.mktemp("dist")
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    build = (*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(dist), str(ROOT))
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    (wheel,) = dist.glob("iamsa-*.whl")
    python = bare_interpreter(tmp_path_factory.mktemp("user"), *required(wheel))
    install = (*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel))
    subprocess.run(install, check=True, capture_output=True, timeout=120)
    return python.with_name("kubectl-iamsa")


def required(wheel: Path) -> list[str]:
    """The names of what the wheel's metadata require where no extra is asked for."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = email.message_from_bytes(archive.read(name))
    found = [Requirement(line) for line in metadata.get_all("Requires-Dist", [])]
    return [one.name for one in found if one.marker is None or one.marker.evaluate({"extra": ""})]


def run(program: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(program), *words],
        env=clean_environ(HOME="/nonexistent", AWS_EC2_METADATA_DISABLED="true"),
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_environment_has_no_ansible(program: Path) -> None:
    """Or the tests below would show nothing."""
    python = program.with_name("python")
    done = subprocess.run([str(python), "-c", "import ansible"], capture_output=True, text=True, check=False)
    assert "No module named 'ansible'" in done.stderr


def test_help_is_shown(program: Path) -> None:
    done = run(program, "--help")
    assert (done.returncode, "Usage:\n  kubectl iamsa COMMAND [options]" in done.stdout, done.stderr) == (
        0,
        True,
        "",
    )


def test_dry_run_without_a_cluster_fails_with_one_sentence_that_says_what_to_give(program: Path) -> None:
    done = run(program, "create", "shop", "-p", "AmazonS3ReadOnlyAccess", "--dry-run")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "--cluster-name" in done.stderr


def test_an_api_server_behind_a_socks_proxy_is_reached(program: Path, tmp_path: Path) -> None:
    with behind_socks(tmp_path) as words:
        done = run(program, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert VERSION in done.stdout
