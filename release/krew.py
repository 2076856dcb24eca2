"""The archive for krew, which runs on any Python 3.10 or later without pip, and its manifest.

Source: https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest/
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from release.archive import Member, write_tarball

PLUGIN, PROGRAM = "iamsa", "kubectl-iamsa"
HOME = "https://github.com/iamsa/iamsa"
# What iamsa and the credentials of its user can ask for; AWS has 400 services more.
SERVICES = {"eks", "iam", "signin", "sso", "sso-oidc", "sts"}
# The newest whose dependencies are of Python alone: later ones need pydantic's, built for one version of it.
KUBERNETES = "kubernetes>=31,<36"
DESCRIPTION = """\
Gives a ServiceAccount of an EKS cluster its own IAM role: the role, its policies, a
trust policy for that ServiceAccount alone, and the annotation. Also changes, lists and
deletes such roles, proves that pods get them, and finds out why they do not.
"""
CAVEATS = """\
Needs python3, version 3.10 or later, on PATH.
For completion by TAB run: kubectl iamsa completion install
"""
PLATFORMS = [("darwin", "amd64"), ("darwin", "arm64"), ("linux", "amd64"), ("linux", "arm64")]


def build(wheel: Path, folder: Path, version: str, license_text: bytes) -> tuple[Path, Path]:
    """The archive and the manifest, in `folder`."""
    with tempfile.TemporaryDirectory(prefix="iamsa-krew-") as made:
        program = Path(made) / PROGRAM
        _freeze(_site(wheel, Path(made) / "site"), program)
        members = [Member(PROGRAM, program.read_bytes(), executable=True), Member("LICENSE", license_text)]
    archive = folder / f"{PROGRAM}-{version}.tar.gz"
    write_tarball(archive, members)
    manifest = folder / f"{PLUGIN}.yaml"
    manifest.write_text(render(version, hashlib.sha256(archive.read_bytes()).hexdigest()))
    return archive, manifest


def render(version: str, sha256: str) -> str:
    """The manifest; the archive is the same for each platform."""
    platforms = [
        {
            "selector": {"matchLabels": {"os": system, "arch": machine}},
            "uri": f"{HOME}/releases/download/v{version}/{PROGRAM}-{version}.tar.gz",
            "sha256": sha256,
            "bin": PROGRAM,
            "files": [{"from": PROGRAM, "to": "."}, {"from": "LICENSE", "to": "."}],
        }
        for system, machine in PLATFORMS
    ]
    return yaml.safe_dump(
        {
            "apiVersion": "krew.googlecontainertools.github.com/v1alpha2",
            "kind": "Plugin",
            "metadata": {"name": PLUGIN},
            "spec": {
                "version": f"v{version}",
                "homepage": HOME,
                "shortDescription": "Give EKS ServiceAccounts their IAM roles",
                "description": DESCRIPTION,
                "caveats": CAVEATS,
                "platforms": platforms,
            },
        },
        sort_keys=False,
        width=100,
    )


def _site(wheel: Path, folder: Path) -> Path:
    """The wheel with what it needs, less what is built for one Python and what it never loads."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    subprocess.run([*pip, "--target", str(folder), str(wheel), KUBERNETES], check=True)
    for built in [*folder.rglob("*.so"), *folder.rglob("*.pyd")]:
        built.unlink()
    for part in ("bin", "share", "_yaml"):
        shutil.rmtree(folder / part, ignore_errors=True)
    for data in (folder / "botocore" / "data", folder / "boto3" / "data"):
        for service in data.iterdir():
            if service.is_dir() and service.name not in SERVICES:
                shutil.rmtree(service)
    # What pip notes of itself differs from one folder to the next.
    for name in ("RECORD", "direct_url.json", "INSTALLER", "REQUESTED"):
        for note in folder.glob(f"*.dist-info/{name}"):
            note.unlink()
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def _freeze(site: Path, program: Path) -> None:
    shiv = [sys.executable, "-m", "shiv", "--reproducible", "--compressed", "--site-packages", str(site)]
    python = ["--python", "/usr/bin/env python3"]
    entry = ["--entry-point", "kubectl_iamsa.__main__:main", "--output-file", str(program)]
    subprocess.run([*shiv, *python, *entry], check=True, stdout=subprocess.DEVNULL)
