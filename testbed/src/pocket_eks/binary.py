"""Finds the programs of the control plane, and builds them if needed."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from pocket_eks.build import SOURCE, build
from pocket_eks.cache import cache_directory, locked

PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager", "kubectl")


@dataclass(frozen=True)
class Programs:
    """The programs. `servers` is a directory with etcd and kube-apiserver."""

    servers: Path
    controller_manager: Path
    kubectl: Path


def find_programs() -> Programs:
    """Return the programs: from KUBEBUILDER_ASSETS, as for envtest, or built into the cache.

    KUBEBUILDER_ASSETS never has a controller manager, so that one always comes from the cache.

    Raises:
        WorldError: the build failed or is not possible.
    """
    assets = kubebuilder_assets()
    built = cached_programs()
    if assets is None:
        return Programs(built, built / "kube-controller-manager", built / "kubectl")
    manager, kubectl = assets / "kube-controller-manager", assets / "kubectl"
    return Programs(
        assets,
        manager if manager.exists() else built / manager.name,
        kubectl if kubectl.exists() else built / kubectl.name,
    )


def kubebuilder_assets() -> Path | None:
    value = os.environ.get("KUBEBUILDER_ASSETS")
    if not value:
        return None
    assets = Path(value).absolute()
    return assets if all((assets / name).exists() for name in ("etcd", "kube-apiserver")) else None


def cached_programs() -> Path:
    """Return a directory with links from PROGRAMS to one binary. Concurrent worlds build it once."""
    directory = cache_directory() / "controlplane"
    directory.mkdir(exist_ok=True)
    target = directory / source_hash()
    if target.exists():
        return target
    with locked(directory, "builds the control plane"):
        if not target.exists():
            build(directory, target, PROGRAMS)
    return target


def source_hash() -> str:
    digest = hashlib.sha256()
    for name in ("main.go", "go.mod", "go.sum"):
        digest.update((SOURCE / name).read_bytes())
    return digest.hexdigest()[:16]
