"""`completion install`: one small file, where kubectl looks for it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kubectl_iamsa.completion.installation import NAME, SCRIPT


@pytest.fixture
def bin_directory(tmp_path: Path) -> Path:
    """A directory on PATH with kubectl-iamsa in it, as krew makes it: a link."""
    directory = tmp_path / "bin"
    directory.mkdir()
    (tmp_path / "store").write_text("#!/bin/sh\n")
    (tmp_path / "store").chmod(0o755)
    (directory / "kubectl-iamsa").symlink_to(tmp_path / "store")
    return directory


def test_it_is_written_beside_the_plugin(iamsa: Callable[..., Any], bin_directory: Path) -> None:
    done = iamsa("completion", "install", PATH=str(bin_directory))
    path = bin_directory / NAME
    assert (done.code, done.out, done.err) == (0, f"{path} written\n", "")
    assert path.read_text() == SCRIPT
    assert os.access(path, os.X_OK)


def test_a_second_time_nothing_changes(iamsa: Callable[..., Any], bin_directory: Path) -> None:
    iamsa("completion", "install", PATH=str(bin_directory))
    done = iamsa("completion", "install", PATH=str(bin_directory))
    assert done.out == f"{bin_directory / NAME} unchanged\n"


def test_what_pip_has_installed_stays(iamsa: Callable[..., Any], bin_directory: Path) -> None:
    (bin_directory / NAME).write_text("from kubectl_iamsa.completion.__main__ import main\n")
    assert iamsa("completion", "install", PATH=str(bin_directory)).out.endswith(" unchanged\n")


def test_anothers_file_is_overwritten_only_by_force(iamsa: Callable[..., Any], bin_directory: Path) -> None:
    (bin_directory / NAME).write_text("theirs")
    done = iamsa("completion", "install", PATH=str(bin_directory))
    assert (done.code, done.error) == (
        1,
        f"{bin_directory / NAME} already exists and was not written by iamsa; add --force to overwrite it",
    )
    assert (bin_directory / NAME).read_text() == "theirs"
    assert iamsa("completion", "install", "--force", PATH=str(bin_directory)).code == 0
    assert (bin_directory / NAME).read_text() == SCRIPT


def test_another_directory(iamsa: Callable[..., Any], tmp_path: Path) -> None:
    assert iamsa("completion", "install", "--directory", str(tmp_path)).code == 0
    assert (tmp_path / NAME).read_text() == SCRIPT


@pytest.mark.parametrize("directory", ["", "/nonexistent"])
def test_a_directory_that_is_none(iamsa: Callable[..., Any], directory: str) -> None:
    done = iamsa("completion", "install", f"--directory={directory}")
    assert done.code == 2
    assert done.error == (
        f'invalid value "{directory}" for --directory: must be a directory that exists; '
        "use a directory of PATH"
    )


def test_where_the_plugin_is_not_on_path(iamsa: Callable[..., Any], tmp_path: Path) -> None:
    done = iamsa("completion", "install", PATH=str(tmp_path))
    assert (done.code, done.error) == (
        1,
        "kubectl-iamsa is not on PATH; use --directory with a directory of PATH",
    )


def test_without_install_it_shows_its_help(iamsa: Callable[..., Any]) -> None:
    assert iamsa("completion").out == iamsa("completion", "--help").out
