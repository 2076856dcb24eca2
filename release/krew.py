"""Builds the krew archive, which runs without pip on Python 3.10 or later, and its manifest.

Source: https://krew.sigs.k8s.io/docs/developer-guide/plugin-manifest/
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import yaml

from release.archive import Member, write_tarball
from release.program import freeze

PLUGIN, PROGRAM = "iamsa", "kubectl-iamsa"
HOME = "https://github.com/iamsa/iamsa"
DESCRIPTION = """\
Creates the IAM role of a Kubernetes ServiceAccount on EKS (IRSA): the role, its policies,
a trust policy for only that ServiceAccount, and the annotation. Also changes, lists and
deletes such roles, checks that pods can assume them, and finds out why they cannot.
"""
CAVEATS = """\
Requires python3 3.10 or later on PATH. The first run unpacks 30 MB into ~/.shiv, or
into SHIV_ROOT if it is set.
To set up shell completion, run: kubectl iamsa completion install
"""
PLATFORMS = [("darwin", "amd64"), ("darwin", "arm64"), ("linux", "amd64"), ("linux", "arm64")]


def build(wheel: Path, folder: Path, version: str, license_text: bytes) -> tuple[Path, Path]:
    """Build the archive and the manifest in `folder`."""
    with tempfile.TemporaryDirectory(prefix="iamsa-krew-") as made:
        program = Path(made) / PROGRAM
        freeze(wheel, Path(made), program)
        members = [Member(PROGRAM, program.read_bytes(), executable=True), Member("LICENSE", license_text)]
    archive = folder / f"{PROGRAM}-{version}.tar.gz"
    write_tarball(archive, members)
    manifest = folder / f"{PLUGIN}.yaml"
    manifest.write_text(render(version, hashlib.sha256(archive.read_bytes()).hexdigest()))
    return archive, manifest


def render(version: str, sha256: str) -> str:
    """Return the manifest. The archive is the same for all platforms."""
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
                "shortDescription": "Manage IAM roles of EKS ServiceAccounts",
                "description": DESCRIPTION,
                "caveats": CAVEATS,
                "platforms": platforms,
            },
        },
        sort_keys=False,
        width=100,
    )
