"""Starts a world: one ACTIVE cluster, an AWS account with its OIDC provider, and nothing else.

The only exception is the namespace `narrow` with a Role and a RoleBinding for the narrow user.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pocket_eks.binary import find_programs
from pocket_eks.blueprint import Blueprint, Settings, draw
from pocket_eks.environment import in_world, world_variables
from pocket_eks.ports import reserve
from pocket_eks.servers import Servers
from pocket_eks.startup import bring_up


@dataclass(frozen=True)
class World:
    """A running world.

    `variables` are the environment variables that it sets. `directory` has its logs and other files, and is
    deleted
    when the world ends. `programs` are directories that are first on PATH.
    """

    variables: dict[str, str]
    directory: Path
    programs: tuple[Path, ...]
    emulator: str
    account: str
    partition: str
    region: str
    cluster: str
    cluster_arn: str
    issuer: str

    @property
    def environ(self) -> dict[str, str]:
        """The complete environment for a subprocess in the world."""
        return in_world(self.variables, self.programs, os.environ)

    @property
    def provider_arn(self) -> str:
        host_path = self.issuer.removeprefix("https://")
        return f"arn:{self.partition}:iam::{self.account}:oidc-provider/{host_path}"

    @property
    def control_url(self) -> str:
        return self.variables["WORLD_CONTROL"]


@contextmanager
def start_world(
    lag: float = 0.0, latency: float = 0.0, emulator: str = "moto", path: Sequence[Path] = ()
) -> Iterator[World]:
    """Start a world, which is removed afterwards even if this process is killed.

    `lag` is the age of IAM's answers in seconds, and `latency` the delay of each call in seconds. `emulator`
    is one
    of pocket_eks.emulators.EMULATORS. `path` are directories that are first on PATH.

    Raises:
        WorldError: a server does not start, or the control plane or the emulator cannot be installed.
    """
    settings = Settings(lag=lag, latency=latency, emulator=emulator, path=tuple(path))
    with open_world(settings) as (world, _):
        yield world


@contextmanager
def open_world(settings: Settings, directory: Path | None = None) -> Iterator[tuple[World, Servers]]:
    """Start a world, and return it with its servers, which can be told to stay.

    `directory` exists and is empty. By default, a temporary directory is used.
    """
    programs = find_programs()
    where = directory or Path(tempfile.mkdtemp(prefix="pocket-eks-")).resolve()
    try:
        ports = reserve()
        servers = Servers(where, keep_open=[ports.guard.fileno()])
    except BaseException:
        shutil.rmtree(where, ignore_errors=True)
        raise
    ports.guard.close()  # the keeper of the servers holds it now
    try:
        blueprint = draw(settings, where, ports)
        bring_up(blueprint, programs, servers)
        (where / "bin").mkdir()
        (where / "bin" / "kubectl").symlink_to(programs.kubectl)
        yield made(blueprint), servers
    finally:
        servers.close()


def made(blueprint: Blueprint) -> World:
    settings = blueprint.settings
    return World(
        variables=world_variables(
            blueprint.directory,
            aws=blueprint.aws_url,
            control=blueprint.control_url,
            cluster=settings.cluster,
            account=settings.account,
            region=settings.region,
        ),
        directory=blueprint.directory,
        programs=(blueprint.directory / "bin", *settings.path),
        emulator=settings.emulator,
        account=settings.account,
        partition=settings.partition,
        region=settings.region,
        cluster=settings.cluster,
        cluster_arn=settings.cluster_arn,
        issuer=blueprint.issuer,
    )
