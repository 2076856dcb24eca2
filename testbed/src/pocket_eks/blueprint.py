"""The settings of a world, which are chosen before anything is started."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from pocket_eks.emulators import EMULATORS
from pocket_eks.pki import Pki, make_pki
from pocket_eks.ports import HOST, PortBlock
from pocket_eks.rest import Json


@dataclass(frozen=True)
class Settings:
    """`lag` is the age of IAM's answers in seconds, and `latency` the delay of each call in seconds.

    `path` are directories that are first on the command's PATH.
    """

    lag: float = 0.0
    latency: float = 0.0
    emulator: str = "moto"
    cluster: str = "demo"
    account: str = "123456789012"
    region: str = "us-east-1"
    partition: str = "aws"
    path: tuple[Path, ...] = ()

    @property
    def cluster_arn(self) -> str:
        return f"arn:{self.partition}:eks:{self.region}:{self.account}:cluster/{self.cluster}"


@dataclass(frozen=True)
class Ports:
    """TCP ports on 127.0.0.1. Clients use only those of the gate: aws, kube and control."""

    aws: int
    kube: int
    control: int
    emulator: int
    replica: int
    etcd: int
    etcd_peer: int
    apiserver: int
    webhook: int


@dataclass(frozen=True)
class Blueprint:
    """All values of a world. `issuer` looks like an issuer of EKS.

    `admin` and `narrow` are static bearer tokens of the API server: the world's own, and the narrow user's.
    """

    settings: Settings
    directory: Path
    ports: Ports
    pki: Pki
    issuer: str
    admin: str
    narrow: str

    @property
    def apiserver_url(self) -> str:
        return f"https://{HOST}:{self.ports.apiserver}"

    @property
    def kube_url(self) -> str:
        return f"https://{HOST}:{self.ports.kube}"

    @property
    def emulator_url(self) -> str:
        return f"http://{HOST}:{self.ports.emulator}"

    @property
    def aws_url(self) -> str:
        return f"http://{HOST}:{self.ports.aws}"

    @property
    def control_url(self) -> str:
        return f"http://{HOST}:{self.ports.control}"

    @property
    def webhook_url(self) -> str:
        return f"https://{HOST}:{self.ports.webhook}"

    def gate_config(self) -> Json:
        emulator = EMULATORS[self.settings.emulator]
        return {
            "account": self.settings.account,
            "partition": self.settings.partition,
            "region": self.settings.region,
            "cluster": self.settings.cluster,
            "issuer": self.issuer,
            "ca": str(self.pki.ca),
            "tls": {"cert": str(self.pki.cert), "key": str(self.pki.key)},
            "aws": {"port": self.ports.aws, "upstream": self.emulator_url},
            "kube": {"port": self.ports.kube, "upstream": self.apiserver_url, "token": self.admin},
            "control": {"port": self.ports.control},
            "replica": {
                "port": self.ports.replica,
                "argv": emulator.argv(self.ports.replica),
                "env": emulator.env(self.settings.account, self.settings.region),
                "log": str(self.directory / "logs" / "replica.log"),
            },
            "lag": self.settings.lag,
            "latency": self.settings.latency,
        }

    def webhook_config(self) -> Json:
        return {
            "port": self.ports.webhook,
            "cert": str(self.pki.cert),
            "key": str(self.pki.key),
            "region": self.settings.region,
            "control": self.control_url,
            "kube": {"url": self.apiserver_url, "ca": str(self.pki.ca), "token": self.admin},
        }


def draw(settings: Settings, directory: Path, block: PortBlock) -> Blueprint:
    """Choose ports, secrets and keys, and write the keys to `directory`/pki."""
    return Blueprint(
        settings=settings,
        directory=directory,
        ports=Ports(*(block.take() for _ in range(9))),
        pki=make_pki(directory / "pki"),
        # Different for each world, as for an EKS cluster that is created again with the same name.
        issuer=f"https://oidc.eks.{settings.region}.amazonaws.com/id/{secrets.token_hex(16).upper()}",
        admin=secrets.token_hex(16),
        narrow=secrets.token_hex(16),
    )
