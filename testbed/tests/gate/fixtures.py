"""One gate between an AWS emulator and a stand-in for the API server, for all tests here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gate.apiserver import serve
from gate.authorized import BOUNDARY, TAGS, allow, policy
from gate.bench import ACCOUNT, ADMIN, ISSUER, Bench, trust, wait_for
from joserfc.jwk import RSAKey
from pocket_eks.control import Control
from pocket_eks.emulators import EMULATORS, register_provider
from pocket_eks.pki import make_pki
from pocket_eks.ports import answers as is_open
from pocket_eks.ports import reserve


@pytest.fixture(scope="session")
def whole_bench(tmp_path_factory: pytest.TempPathFactory, emulator_name: str) -> Iterator[Bench]:
    """Both servers and the gate, with the issuer's provider registered."""
    directory = tmp_path_factory.mktemp("gate")
    pki = make_pki(directory / "pki")
    signing_key = RSAKey.import_key(pki.sa_key.read_bytes())
    ports = reserve()
    upstream, replica, aws, api, kube, control = (ports.take() for _ in range(6))
    emulator = EMULATORS[emulator_name]
    config = {
        "account": ACCOUNT,
        "partition": "aws",
        "region": "us-east-1",
        "cluster": "demo",
        "issuer": ISSUER,
        "ca": str(pki.ca),
        "tls": {"cert": str(pki.cert), "key": str(pki.key)},
        "aws": {"port": aws, "upstream": f"http://127.0.0.1:{upstream}"},
        "kube": {"port": kube, "upstream": f"https://127.0.0.1:{api}", "token": "admin"},
        "control": {"port": control},
        "replica": {
            "port": replica,
            "argv": emulator.argv(replica),
            "env": emulator.env(ACCOUNT, "us-east-1"),
            "log": str(directory / "replica.log"),
        },
        "lag": 0.0,
        "latency": 0.0,
    }
    path = directory / "gate.json"
    path.write_text(json.dumps(config))
    environ = os.environ | emulator.env(ACCOUNT, "us-east-1")
    environ |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    environ |= {"WORLD_ADMIN_ACCESS_KEY_ID": ADMIN, "WORLD_ADMIN_SECRET_ACCESS_KEY": ADMIN}
    server, seen = serve(api, pki.cert, pki.key, signing_key)
    started = [
        start(emulator.argv(upstream), directory, environ),
        start([sys.executable, "-m", "pocket_eks.gate", str(path)], directory, environ),
    ]
    bench = Bench(aws, kube, Control(f"http://127.0.0.1:{control}"), pki.ca, signing_key, seen)
    try:
        wait_for(lambda: answers(f"http://127.0.0.1:{control}/healthz"))
        wait_for(lambda: is_open(upstream))
        register_provider(f"http://127.0.0.1:{upstream}", ISSUER, "us-east-1")
        yield bench
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(60)
        server.shutdown()
        ports.guard.close()


@pytest.fixture
def bench(whole_bench: Bench) -> Iterator[Bench]:
    """The bench with nothing broken, nothing logged and the usual settings."""
    reset(whole_bench)
    yield whole_bench
    reset(whole_bench)


@pytest.fixture(scope="module")
def bounded_role(whole_bench: Bench) -> Iterator[None]:
    """ROLE, made by the administrator with TAGS and BOUNDARY, which has the same tags."""
    whole_bench.control.reset()
    iam = whole_bench.aws("iam", key=ADMIN)
    document = json.dumps(policy(allow("s3:*")))
    name = BOUNDARY.rpartition("/")[2]
    iam.create_policy(PolicyName=name, Path="/limits/", PolicyDocument=document, Tags=TAGS)
    iam.create_role(
        RoleName="authorized",
        Path="/team/",
        Tags=TAGS,
        PermissionsBoundary=BOUNDARY,
        AssumeRolePolicyDocument=json.dumps(assumable()),
    )
    yield
    iam.delete_role(RoleName="authorized")
    iam.delete_policy(PolicyArn=BOUNDARY)


def assumable() -> Any:
    """A trust policy of SUBJECT and of everybody in the account."""
    document = json.loads(trust())
    principal = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    document["Statement"].append({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})
    return document


def reset(bench: Bench) -> None:
    """Back to a fresh gate."""
    bench.control.reset()
    bench.control.settings(cluster=None, clusters=None)
    bench.seen.requests.clear()


def start(argv: list[str], directory: Path, environ: dict[str, str]) -> subprocess.Popen[bytes]:
    """A server, its output in a file beside the others'."""
    with (directory / f"{Path(argv[2]).name}.log").open("wb") as log:
        return subprocess.Popen(argv, cwd=directory, env=environ, stdout=log, stderr=log)


def answers(url: str) -> bool:
    """Whether a server is up."""
    try:
        with urllib.request.urlopen(url, timeout=1):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
