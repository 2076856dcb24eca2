"""Writes kubeconfigs, as JSON, which is valid YAML."""

from __future__ import annotations

import base64
import json
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from pocket_eks.rest import Json

GET_TOKEN = Path(__file__).with_name("get_token.py")


@dataclass(frozen=True)
class Server:
    """An API server, and the PEM file of its CA."""

    url: str
    ca: Path


def write_eks(path: Path, server: Server, arn: str) -> None:
    """Write what `aws eks update-kubeconfig` writes for the cluster `arn`, with a faster command for tokens.

    The command is written next to `path`.
    """
    stand_in = path.with_name("aws")
    script = f"exec {shlex.quote(sys.executable)} -IS {shlex.quote(str(GET_TOKEN))}"
    stand_in.write_text(f'#!/bin/sh\n{script} "$@"\n')
    stand_in.chmod(0o755)
    region, cluster = arn.split(":")[3], arn.rpartition("/")[2]
    words = ["--region", region, "eks", "get-token", "--cluster-name", cluster, "--output", "json"]
    command: Json = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "args": words,
        "command": str(stand_in),
    }
    write(path, server, arn, {"exec": command}, {})


def write_static(path: Path, server: Server, name: str, token: str, **context: str) -> None:
    """Write a kubeconfig for a user with a bearer token. `name` is the name of its cluster, user and context.

    `context` can set a namespace.
    """
    write(path, server, name, {"token": token}, context)


def write(path: Path, server: Server, name: str, user: Json, context: Json) -> None:
    ca = base64.b64encode(server.ca.read_bytes()).decode()
    cluster = {"server": server.url, "certificate-authority-data": ca}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "preferences": {},
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": name, "user": user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name, **context}}],
        "current-context": name,
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(config, indent=2))
