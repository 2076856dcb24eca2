"""The archive for krew, unpacked and linked as krew does it, on each Python and without pip."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import botocore.credentials
import botocore.tokens
import pytest
from adapters.behind_socks import VERSION, behind_socks
from gates.bare import clean_environ
from gates.tree import ROOT
from gates.versions import interpreters
from packaging.requirements import Requirement
from pocket_eks.world import World

from release.program import REQUIREMENTS, SERVICES

PYTHONS = ["3.10", "3.11", "3.12", "3.13"]


def bin_of(version: str, tmp_path: Path) -> Path:
    """A folder with nothing but python3, of that version."""
    found = dict(interpreters((version,)))
    if version not in found:
        pytest.skip(f"there is no Python {version} here: pyenv install {version} brings it")
    folder = tmp_path / "python"
    folder.mkdir()
    (folder / "python3").symlink_to(found[version])
    return folder


def started(
    krew_store: Path, python: Path, home: Path, *words: str, **more: str
) -> subprocess.CompletedProcess[str]:
    """The program as a user with an empty home starts it."""
    path = os.pathsep.join([str(krew_store / "bin"), str(python), "/usr/bin", "/bin"])
    return subprocess.run(
        ["kubectl-iamsa", *words],
        env=clean_environ(HOME=str(home), **more) | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("version", PYTHONS)
def test_it_runs_on_each_python_without_pip(
    krew_store: Path, world: World, version: str, tmp_path: Path
) -> None:
    environ = {
        **world.environ,
        "PATH": os.pathsep.join(
            [str(krew_store / "bin"), str(bin_of(version, tmp_path)), world.environ["PATH"]]
        ),
        "SHIV_ROOT": str(tmp_path / "shiv"),
    }

    def run(*words: str) -> str:
        done = subprocess.run(
            ["kubectl", "iamsa", *words],
            env=environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert f"python      {version}." in run("version")
    name = f"krew-{version.replace('.', '-')}"
    assert "created" in run("create", name, "-p", "AmazonS3ReadOnlyAccess")
    assert "unchanged" in run("create", name, "-p", "AmazonS3ReadOnlyAccess")
    assert "verified" in run("verify", name)
    assert "deleted" in run("delete", name, "--yes")


def test_completion_is_set_up_by_its_own_command(krew_store: Path, tmp_path: Path) -> None:
    environ = clean_environ(HOME=str(tmp_path), PATH=f"{krew_store / 'bin'}{os.pathsep}{os.environ['PATH']}")
    kubectl_iamsa = [str(krew_store / "bin" / "kubectl-iamsa"), "completion", "install"]
    subprocess.run(kubectl_iamsa, env=environ, check=True, capture_output=True, timeout=60)
    done = subprocess.run(
        [str(krew_store / "bin" / "kubectl_complete-iamsa"), "cr"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.startswith("create\t")


@pytest.mark.parametrize("version", PYTHONS)
def test_it_starts_alike_when_it_unpacks_itself_and_later(
    krew_store: Path, version: str, tmp_path: Path
) -> None:
    python = bin_of(version, tmp_path)
    first, later = (started(krew_store, python, tmp_path, "version", "--client") for _ in range(2))
    assert list((tmp_path / ".shiv").glob("kubectl-iamsa_*/site-packages/kubectl_iamsa"))
    assert (first.returncode, first.stderr, later.stderr) == (0, "", "")
    assert first.stdout == later.stdout
    assert "unknown" not in first.stdout


@pytest.mark.parametrize("version", PYTHONS)
def test_each_library_does_without_what_was_compiled(krew_store: Path, version: str, tmp_path: Path) -> None:
    """socks is loaded where there is a SOCKS proxy, and kubernetes by nothing of ours."""
    python = bin_of(version, tmp_path)
    started(krew_store, python, tmp_path, "--help")
    (site,) = (tmp_path / ".shiv").glob("kubectl-iamsa_*/site-packages")
    names = "boto3, charset_normalizer, kubernetes.client, requests, socks, websocket, yaml"
    load = f"import {names}; yaml.safe_load('1')"
    done = subprocess.run(
        [str(python / "python3"), "-S", "-c", load],
        env=clean_environ(PYTHONPATH=str(site)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_an_api_server_behind_a_socks_proxy_is_reached(krew_store: Path, tmp_path: Path) -> None:
    python = bin_of(".".join(map(str, sys.version_info[:2])), tmp_path)
    with behind_socks(tmp_path) as words:
        done = started(krew_store, python, tmp_path, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert VERSION in done.stdout


def test_nothing_in_it_is_compiled_or_tells_of_the_machine(krew_store: Path) -> None:
    with zipfile.ZipFile(krew_store / "store/kubectl-iamsa") as archive:
        names = archive.namelist()
    unwanted = (".so", ".pyc", ".dylib", "/direct_url.json", "/RECORD")
    assert [name for name in names if name.endswith(unwanted)] == []


def test_an_older_python_is_told_in_one_sentence(krew_store: Path, tmp_path: Path) -> None:
    done = started(krew_store, bin_of("3.9", tmp_path), tmp_path, "--help")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: python3 is Python 3.9 but iamsa requires 3.10 or later; put one first on PATH\n"
    )


def test_a_place_that_cannot_be_written_is_told_in_one_sentence(krew_store: Path, tmp_path: Path) -> None:
    python = bin_of("3.11", tmp_path)
    done = started(krew_store, python, tmp_path, "--help", SHIV_ROOT="/dev/null/iamsa")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "error: iamsa cannot unpack itself into /dev/null/iamsa: not a directory;"
        " set SHIV_ROOT to another folder\n"
    )


def test_the_versions_that_it_carries_are_allowed() -> None:
    carried = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", REQUIREMENTS.read_text(), re.MULTILINE))
    listed = re.search(r"^dependencies = \[\n(.*?)^\]", (ROOT / "pyproject.toml").read_text(), re.M | re.S)
    assert listed
    for one in map(Requirement, re.findall(r'^  "(.*)",$', listed[1], re.MULTILINE)):
        assert one.specifier.contains(carried[one.name.lower()]), one


def test_each_service_that_botocore_gets_credentials_from_is_there() -> None:
    """Else SSO, aws login or an assumed role would fail in the archive alone."""
    called = set[str]()
    for module in (botocore.credentials, botocore.tokens):
        code = Path(str(module.__file__)).read_text()
        called |= set(re.findall(r"client(?:_creator)?\((?:self\._session,)?\s*['\"]([a-z-]+)['\"]", code))
    assert {"sts", "sso", "sso-oidc"} <= called <= SERVICES
