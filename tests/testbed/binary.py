"""Where the control plane's programs are, building them if nobody has them yet."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from testbed.build import SOURCE, build

PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager", "kubectl")


@dataclass(frozen=True)
class Programs:
    """`servers` is a directory with etcd and kube-apiserver."""

    servers: Path
    controller_manager: Path
    kubectl: Path


def find_programs() -> Programs:
    """From KUBEBUILDER_ASSETS, as envtest has it, then from the user's cache, then built into that cache.

    What KUBEBUILDER_ASSETS lacks (it never holds a controller manager) comes from the cache.
    WorldError: the build is not possible or failed.
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


def cache_directory() -> Path:
    """$XDG_CACHE_HOME/iamsa, ~/.cache/iamsa by default; made if missing."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    directory = Path(base).absolute() / "iamsa"
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def cached_programs() -> Path:
    """A directory with all of PROGRAMS, links to one binary. Worlds that start together build it once."""
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


@contextmanager
def locked(directory: Path, doing: str) -> Iterator[None]:
    """Hold the directory's own lock: no lock file is left lying about. Who waits is told that another process
    `doing`, as "builds the control plane"."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"waiting for another process that {doing}", file=sys.stderr, flush=True)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
