"""The virtual environment of ministack, without installing anything from PyPI."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from pathlib import Path

import pytest
from pocket_eks.cache import locked
from pocket_eks.errors import WorldError
from pocket_eks.ministack import venv


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache directory, and requirements that are met by nothing."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("# none\n")
    monkeypatch.setattr(venv, "REQUIREMENTS", requirements)
    return tmp_path / "cache" / "pocket-eks" / "ministack"


def test_made_once_and_said_so(cache: Path, capfd: pytest.CaptureFixture[str]) -> None:
    python = venv.find_python()
    assert "installing ministack from PyPI" in capfd.readouterr().err
    # It works where it was moved to, and has nothing of ours.
    asked = [str(python), "-I", "-c", "import sys; print(sys.prefix, sys.version_info[:3]); import moto"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.stdout == f"{python.parents[1]} {sys.version_info[:3]}\n"
    assert "No module named 'moto'" in done.stderr
    assert venv.find_python() == python
    assert capfd.readouterr().err == ""
    assert list(cache.iterdir()) == [python.parents[1]]


def test_other_requirements_get_another_one(cache: Path) -> None:
    before = venv.environment_name()
    venv.REQUIREMENTS.write_text("# others\n")
    assert venv.environment_name() != before
    assert not cache.exists()


def test_one_whose_interpreter_is_gone_is_made_anew(cache: Path) -> None:
    old = cache / venv.environment_name() / "bin" / "python"
    old.parent.mkdir(parents=True)
    old.symlink_to(cache / "uninstalled")
    assert venv.find_python() == old
    assert old.exists()


def test_failed_installation_leaves_nothing_and_shows_why(cache: Path) -> None:
    venv.REQUIREMENTS.write_text("--no-index\nministack==0\n")
    with pytest.raises(WorldError, match=r"(?s)installing ministack failed with code 1:.*ministack==0"):
        venv.find_python()
    assert list(cache.iterdir()) == []


def test_waits_for_another_installation(cache: Path, capfd: pytest.CaptureFixture[str]) -> None:
    cache.mkdir(parents=True)
    with ThreadPoolExecutor() as pool:
        with locked(cache, "installs ministack"):
            found = pool.submit(venv.find_python)
            with pytest.raises(TimeoutError):
                found.result(timeout=0.5)
        assert found.result(timeout=60).exists()
    assert "waiting for another process that installs ministack" in capfd.readouterr().err
