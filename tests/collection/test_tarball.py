"""The collection as users install it: from its tarball or from git, beside just boto3 and kubernetes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gates.bare import bare_interpreter, clean_environ
from gates.tree import PLACE, ROOT, build_tarball, copy_collection
from pocket_eks.world import World

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="ansible-core 2.19 needs Python 3.11")

Run = Callable[..., "dict[str, Any]"]


@pytest.fixture(scope="module")
def control_node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with ansible-core and nothing of iamsa."""
    return bare_interpreter(tmp_path_factory.mktemp("control-node"), "ansible-core")


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with boto3 and kubernetes, and nothing of iamsa or Ansible."""
    return bare_interpreter(tmp_path_factory.mktemp("target"), "boto3", "kubernetes")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the collection's part of the repository, with what tests and tools leave behind in it."""
    folder = tmp_path_factory.mktemp("tree")
    collection = copy_collection(folder)
    (folder / "galaxy.yml").symlink_to(PLACE / "galaxy.yml")
    for left in (
        "plugins/module_utils/__pycache__/errors.cpython-311.pyc",
        "tests/output/junit/results.xml",
        ".ansible/collections/requirements.txt",
    ):
        (collection / left).parent.mkdir(parents=True, exist_ok=True)
        (collection / left).touch()
    return folder


@pytest.fixture(scope="module")
def tarball(tree: Path, control_node: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    galaxy = (str(control_node), "-m", "ansible", "galaxy")
    return build_tarball(galaxy, tree / PLACE, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def git_url(tree: Path) -> str:
    """Of a repository that has the collection where iamsa's has it."""
    shutil.copy(ROOT / ".gitignore", tree)
    identity = ("-c", "user.name=iamsa", "-c", "user.email=iamsa@example.org", "-c", "commit.gpgSign=false")
    for words in (("init", "-q"), ("add", "-A"), (*identity, "commit", "-qm", "Release")):
        subprocess.run(["git", *words], cwd=tree, check=True, capture_output=True)
    return f"git+file://{tree}#/{PLACE}"


@pytest.fixture(params=["tarball", "git_url"], scope="module")
def installed(
    request: pytest.FixtureRequest, control_node: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A COLLECTIONS_PATH that was empty before `ansible-galaxy collection install`."""
    folder = tmp_path_factory.mktemp("installed")
    source = str(request.getfixturevalue(request.param))
    done = subprocess.run(
        [str(control_node), "-m", "ansible", "galaxy", "collection", "install", source],
        env=clean_environ(ANSIBLE_COLLECTIONS_PATH=str(folder), ANSIBLE_HOME=str(folder / "home")),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def run(world: World, control_node: Path, target: Path, tmp_path: Path) -> Run:
    """`run(installed, "iam_serviceaccount", options, *flags)`: what the module returns, run by `python`."""

    def run(
        collections: Path, module: str, options: dict[str, Any], *flags: str, python: Path = target
    ) -> dict[str, Any]:
        ansible = (str(control_node), "-m", "ansible", "adhoc", "localhost")
        # A variable, because Ansible's own Python is localhost's, whatever its settings say.
        variables = ("-e", f"ansible_python_interpreter={python}")
        done = subprocess.run(
            [*ansible, *variables, "-m", f"iamsa.eks.{module}", "-a", json.dumps(options), *flags],
            env=clean_environ(
                **_of(world),
                ANSIBLE_COLLECTIONS_PATH=str(collections),
                ANSIBLE_HOME=str(tmp_path / "home"),
                ANSIBLE_NOCOLOR="1",
            ),
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert "=> {" in done.stdout, done.stdout + done.stderr
        told: dict[str, Any] = json.loads(done.stdout.partition("=> ")[2])
        return told

    return run


def _of(world: World) -> dict[str, str]:
    """What the world adds to the environment of those who work in it."""
    return {name: value for name, value in world.environ.items() if name in world.variables}


class TestTarball:
    def test_holds_every_file_that_git_has(self, tarball: Path, tree: Path) -> None:
        """Apart from those that only its making needs."""
        there = {str(path.relative_to(tree / PLACE)) for path in (tree / PLACE).rglob("*") if path.is_file()}
        left_over = {
            name for name in there if name.startswith((".ansible/", "tests/output/")) or ".pyc" in name
        }
        made = {"FILES.json", "MANIFEST.json"}
        assert _files(tarball) == (there - left_over - {"galaxy.yml", ".ansible-lint"}) | made

    def test_holds_nothing_that_tests_and_tools_leave_behind(self, tarball: Path) -> None:
        with tarfile.open(tarball) as archive:
            names = archive.getnames()
        assert [
            name for name in names if "__pycache__" in name or name.startswith((".", "tests/output"))
        ] == []

    def test_holds_the_license_of_the_repository(self, tarball: Path) -> None:
        with tarfile.open(tarball) as archive:
            found = archive.extractfile("LICENSE")
            assert found is not None
            assert found.read() == (ROOT / "LICENSE").read_bytes()


class TestInstalled:
    def test_check_mode_predicts_what_the_run_returns(
        self, installed: Path, run: Run, namespace: str
    ) -> None:
        wanted = {"name": "shop", "namespace": namespace, "policies": ["AmazonS3ReadOnlyAccess"]}
        predicted = run(installed, "iam_serviceaccount", wanted, "--check")
        done = run(installed, "iam_serviceaccount", wanted)
        assert (predicted["changed"], predicted["role_arn"]) == (True, done["role_arn"])

    def test_second_run_changes_nothing(self, installed: Path, run: Run, namespace: str) -> None:
        wanted = {"name": "shop", "namespace": namespace, "policies": ["AmazonS3ReadOnlyAccess"]}
        assert [run(installed, "iam_serviceaccount", wanted)["changed"] for _ in range(2)] == [True, False]

    @pytest.mark.parametrize(("missing", "there"), [("boto3", "kubernetes"), ("kubernetes", "boto3")])
    def test_missing_library_is_told_by_its_name(
        self, installed: Path, run: Run, tmp_path: Path, missing: str, there: str
    ) -> None:
        python = bare_interpreter(tmp_path / "python", there, "PyYAML")
        told = run(installed, "iam_serviceaccount", {"name": "shop"}, python=python)
        assert f"Failed to import the required Python library ({missing})" in told["msg"]


def _files(tarball: Path) -> set[str]:
    with tarfile.open(tarball) as archive:
        return {member.name for member in archive.getmembers() if member.isfile()}
