"""The configuration of the gate: a JSON file.

    {"account": "123456789012", "partition": "aws", "region": "us-east-1", "cluster": "demo",
     "issuer": "https://oidc.eks.us-east-1.amazonaws.com/id/<32 hex>", "ca": "/path/ca.pem",
     "tls": {"cert": "/path", "key": "/path"},
     "aws": {"port": N, "upstream": "http://127.0.0.1:M"},
     "replica": {"port": N, "argv": ["python", …], "env": {…}, "log": "/path"},
     "kube": {"port": N, "upstream": "https://127.0.0.1:A", "token": "<for the gate's own reads>"},
     "control": {"port": N}, "lag": 0.0, "latency": 0.0}

The AWS credentials whose presigned URLs `token_review` accepts come from the environment:
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are the user's, both "testing" by default.
WORLD_ADMIN_ACCESS_KEY_ID and WORLD_ADMIN_SECRET_ACCESS_KEY are the administrator's, to whom no policy
applies. Without them, there is no administrator.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Command:
    """A server on a TCP port of 127.0.0.1. `env` is added to the gate's environment. `log` is a file path."""

    port: int
    argv: list[str]
    env: dict[str, str]
    log: str


@dataclass(frozen=True)
class Config:
    """The configuration. Only its types are checked.

    Ports are TCP ports on 127.0.0.1, and upstreams are URLs without a path. `ca` is PEM text, and `lag` and
    `latency` are in seconds. `replica` starts the same kind of emulator as the AWS upstream.
    """

    account: str
    partition: str
    region: str
    cluster: str
    issuer: str
    ca: str
    ca_path: str
    tls_cert: str
    tls_key: str
    aws_port: int
    aws_upstream: str
    kube_port: int
    kube_upstream: str
    kube_token: str
    control_port: int
    replica: Command
    lag: float = 0.0
    latency: float = 0.0
    access_key: str = "testing"
    secret_key: str = "testing"
    admin_access_key: str = ""
    admin_secret_key: str = ""

    @property
    def secret_keys(self) -> dict[str, str]:
        """Return the secret access keys by access key ID."""
        pairs = ((self.access_key, self.secret_key), (self.admin_access_key, self.admin_secret_key))
        return {key: secret for key, secret in pairs if key and secret}

    @property
    def issuer_path(self) -> str:
        """Return the issuer as IAM writes it: host and path, without the scheme."""
        return self.issuer.removeprefix("https://")


def load(path: str) -> Config:
    """Read the configuration file. Raises KeyError, with the key, if a key is missing."""
    raw = json.loads(Path(path).read_text())
    return Config(
        account=raw["account"],
        partition=raw["partition"],
        region=raw["region"],
        cluster=raw["cluster"],
        issuer=raw["issuer"],
        ca=Path(raw["ca"]).read_text(),
        ca_path=raw["ca"],
        tls_cert=raw["tls"]["cert"],
        tls_key=raw["tls"]["key"],
        aws_port=raw["aws"]["port"],
        aws_upstream=raw["aws"]["upstream"].rstrip("/"),
        kube_port=raw["kube"]["port"],
        kube_upstream=raw["kube"]["upstream"].rstrip("/"),
        kube_token=raw["kube"]["token"],
        control_port=raw["control"]["port"],
        replica=Command(**raw["replica"]),
        lag=float(raw.get("lag") or 0.0),
        latency=float(raw.get("latency") or 0.0),
        access_key=os.environ.get("AWS_ACCESS_KEY_ID") or "testing",
        secret_key=os.environ.get("AWS_SECRET_ACCESS_KEY") or "testing",
        admin_access_key=os.environ.get("WORLD_ADMIN_ACCESS_KEY_ID", ""),
        admin_secret_key=os.environ.get("WORLD_ADMIN_SECRET_ACCESS_KEY", ""),
    )
