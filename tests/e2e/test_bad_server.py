"""API servers that cannot be reached or trusted: one sentence, no write, no secret."""

from __future__ import annotations

import base64
import socket
from pathlib import Path
from typing import Any

import pytest
from e2e.bad import Bad
from pocket_eks.control import Control
from pocket_eks.pki import make_pki
from pocket_eks.world import World


@pytest.fixture
def bad(world: World, control: Control, tmp_path: Path) -> Bad:
    return Bad(world, control, tmp_path)


@pytest.fixture
def nobody_listens() -> str:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return f"https://127.0.0.1:{server.getsockname()[1]}"


def test_a_refused_connection(bad: Bad, nobody_listens: str) -> None:
    said = bad.create(environ=bad.cluster(server=nobody_listens))
    assert f"the API server {nobody_listens} of context arn:aws:eks:" in said
    assert said.endswith(
        ": connection refused; check the context, and that the tunnel is open if you use one"
    )


@pytest.mark.parametrize(
    ("cluster", "sentence"),
    [
        ({"server": "https://no-such-host.invalid"}, "host name could not be resolved; check the context"),
        (
            {"server": "https://u:SECRET@host"},
            "has a server that is not an http or https URL; use the form https://",
        ),
        ({"server": ""}, "has no server; recreate the entry"),
        (
            {"certificate-authority-data": "U0VDUkVU"},
            "contains no certificate; recreate the kubeconfig entry",
        ),
        ({"certificate-authority-data": "SECRET!"}, "has a certificate-authority-data that is not base64"),
        ({"tls-server-name": "other.example"}, "is for another host name"),
        ({"proxy-url": "socks9://SECRET"}, "the proxy-url of the kubeconfig's cluster is not the URL of a"),
        ({"insecure-skip-tls-verify": True}, "has both a certificate authority and insecure-skip-tls-verify"),
    ],
)
def test_a_server_that_cannot_be_used(bad: Bad, cluster: Any, sentence: str) -> None:
    bad.secrets += ["SECRET", "U0VDUkVU"]
    assert sentence in bad.create(environ=bad.cluster(**cluster))


def test_the_wrong_ca(bad: Bad, tmp_path: Path) -> None:
    other = base64.b64encode(make_pki(tmp_path / "pki").ca.read_bytes()).decode()
    said = bad.create(environ=bad.cluster(**{"certificate-authority-data": other}))
    assert "is not signed by the expected certificate authority" in said
    assert "if the cluster was recreated, run aws eks update-kubeconfig again" in said


def test_a_server_that_is_none(bad: Bad) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"https://127.0.0.1:{server.getsockname()[1]}"
        said = bad.create("--timeout=2s", environ=bad.cluster(server=url))
    assert bad.seconds < 9
    assert "timed out" in said or "did not respond" in said
