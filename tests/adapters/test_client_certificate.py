"""Client certificates, above all those of a credential plugin: on a real TLS server that asks for them."""

from __future__ import annotations

import base64
import json
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from adapters.authorities import Authority
from adapters.scripted_server import OK, Scripted, scripted_server
from adapters.test_kube_connection import READ, WRITE, connection
from pocket_eks.pki import Pki, make_pki

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidFile, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.kube.http import tls

VERSION = "client.authentication.k8s.io/v1"
UNAUTHORIZED = (401, {}, {})


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(tmp_path_factory.mktemp("pki") / "ours")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("clients")


@pytest.fixture
def server(pki: Pki, authority: Authority, tmp_path: Path) -> Iterator[Scripted]:
    (tmp_path / "clients.pem").write_bytes(authority.pem)
    with scripted_server(pki.cert, pki.key, tmp_path / "clients.pem") as script:
        yield script


class Plugin:
    """Prints one status after the other, the last of them for ever."""

    def __init__(self, folder: Path, *statuses: dict[str, Any]) -> None:
        self._folder = folder
        for number, status in enumerate(statuses, start=1):
            credential = {"kind": "ExecCredential", "apiVersion": VERSION, "status": status}
            (folder / str(number)).write_text(json.dumps(credential))
        script = f"""#!/bin/sh
cd '{folder}' && echo >> runs
n=$(wc -l < runs)
cat $n 2>/dev/null || cat {len(statuses)}
"""
        (folder / "plugin").write_text(script)
        (folder / "plugin").chmod(0o755)

    @property
    def user(self) -> dict[str, Any]:
        return {"exec": {"apiVersion": VERSION, "command": str(self._folder / "plugin")}}

    @property
    def runs(self) -> int:
        return len((self._folder / "runs").read_text().splitlines())


def status(pair: tuple[bytes, bytes], **more: Any) -> dict[str, Any]:
    certificate, key = (part.decode() for part in pair)
    return {"clientCertificateData": certificate, "clientKeyData": key, **more}


def data(pair: tuple[bytes, bytes]) -> dict[str, str]:
    certificate, key = (base64.b64encode(part).decode() for part in pair)
    return {"client-certificate-data": certificate, "client-key-data": key}


def test_the_kubeconfigs_is_shown(server: Scripted, pki: Pki, authority: Authority) -> None:
    connection(server.url, pki.ca, user=data(authority.client("alice"))).ask(READ)
    assert server.clients == ["alice"]


def test_the_plugins_is_shown(server: Scripted, pki: Pki, authority: Authority, tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, status(authority.client("alice")))
    reached = connection(server.url, pki.ca, user=plugin.user)
    reached.ask(READ)
    reached.ask(READ)
    assert server.clients == ["alice", "alice"]
    assert server.seen[0]["Authorization"] is None
    assert plugin.runs == 1


def test_it_is_shown_beside_a_token(server: Scripted, pki: Pki, authority: Authority, tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, status(authority.client("alice"), token="t"))
    connection(server.url, pki.ca, user=plugin.user).ask(READ)
    assert (server.clients, server.seen[0]["Authorization"]) == (["alice"], "Bearer t")


def test_a_rejected_one_is_fetched_anew_and_shown_on_a_new_connection(
    server: Scripted, pki: Pki, authority: Authority, tmp_path: Path
) -> None:
    plugin = Plugin(tmp_path, status(authority.client("old")), status(authority.client("new")))
    server.replies = [UNAUTHORIZED, OK]
    connection(server.url, pki.ca, user=plugin.user).ask(WRITE)
    assert server.clients == ["old", "new"]


def test_one_that_stays_the_same_is_not_sent_again(
    server: Scripted, pki: Pki, authority: Authority, tmp_path: Path
) -> None:
    plugin = Plugin(tmp_path, status(authority.client("alice")))
    server.replies = [UNAUTHORIZED]
    with pytest.raises(RemoteError):
        connection(server.url, pki.ca, user=plugin.user).ask(READ)
    assert server.clients == ["alice"]


def test_one_that_has_expired_is_fetched_anew(
    server: Scripted, pki: Pki, authority: Authority, tmp_path: Path
) -> None:
    soon = (datetime.now(timezone.utc) + timedelta(seconds=2)).isoformat()
    old = status(authority.client("old"), expirationTimestamp=soon)
    plugin = Plugin(tmp_path, old, status(authority.client("new")))
    reached = connection(server.url, pki.ca, user=plugin.user)
    reached.ask(READ)
    time.sleep(2)
    reached.ask(READ)
    assert server.clients == ["old", "new"]


def test_that_of_the_kubeconfig_wins(
    server: Scripted, pki: Pki, authority: Authority, tmp_path: Path
) -> None:
    plugin = Plugin(tmp_path, status(authority.client("plugins"), token="t"))
    user = {**plugin.user, **data(authority.client("kubeconfigs"))}
    connection(server.url, pki.ca, user=user).ask(READ)
    assert (server.clients, server.seen[0]["Authorization"]) == (["kubeconfigs"], "Bearer t")


@pytest.mark.parametrize("parts", [("PEM", "PEM"), ("", "")], ids=["no PEM", "of two pairs"])
def test_one_that_cannot_be_used_names_the_plugin_and_shows_nothing(
    parts: tuple[str, str], server: Scripted, pki: Pki, authority: Authority, tmp_path: Path
) -> None:
    certificate, key = authority.client("a")[0].decode(), authority.client("b")[1].decode()
    pair = (parts[0] or certificate).encode(), (parts[1] or key).encode()
    plugin = Plugin(tmp_path, status(pair))
    with pytest.raises(InvalidFile) as caught:
        connection(server.url, pki.ca, user=plugin.user).ask(READ)
    assert "the credential plugin" in caught.value.problem
    assert "PRIVATE KEY" not in str(caught.value)


def test_a_server_that_refuses_the_certificate_is_told_so(server: Scripted, pki: Pki, tmp_path: Path) -> None:
    plugin = Plugin(tmp_path, status(Authority("strangers").client("mallory")))
    with pytest.raises(RemoteError) as caught:
        connection(server.url, pki.ca, user=plugin.user).ask(READ)
    assert server.seen == []
    # The alert may come after the connection is gone.
    assert caught.value.code in ("TLS", "Connection")


class TestWhereTheKeyLies:
    @pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="only Linux has files in memory")
    def test_on_linux_never_on_disk(self, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delattr(tempfile, "TemporaryDirectory")
        tls.tls_context(frozenset(), insecure=True, client_pair=authority.client("a"), whose="me")

    def test_elsewhere_only_for_us_and_only_while_it_is_read(
        self, authority: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.delattr(os, "memfd_create", raising=False)
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        seen: list[int] = []

        def load(_self: Any, path: Path, **_: Any) -> None:
            seen.extend(stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent))

        monkeypatch.setattr(tls._Context, "load_cert_chain", load)
        tls.tls_context(frozenset(), insecure=True, client_pair=authority.client("a"), whose="me")
        assert seen == [0o600, 0o700]
        assert list(tmp_path.iterdir()) == []
