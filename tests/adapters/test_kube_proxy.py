"""The way to the API server through a proxy, and what is said where it does not lead there."""

from __future__ import annotations

import builtins
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from adapters.proxies import NAME, REFUSED, connect_proxy, socks_proxy
from adapters.scripted_server import Scripted, scripted_server
from adapters.test_kube_connection import READ, connection
from pocket_eks.pki import Pki, make_pki

from ansible_collections.iamsa.eks.plugins.module_utils.errors import MissingLibrary, RemoteError, TimedOut

# No such host is anywhere: only a proxy leads to it.
HOST = "kubernetes.default.svc"
SECRET = "s3cr3t"


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(tmp_path_factory.mktemp("pki") / "ours")


@pytest.fixture
def server(pki: Pki) -> Iterator[Scripted]:
    with scripted_server(pki.cert, pki.key) as script:
        yield script


def behind(server: Scripted) -> str:
    """The server's address, by a name that only a proxy can resolve."""
    return f"https://{HOST}:{server.url.rpartition(':')[2]}"


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "SOCKS5"])
def test_socks_resolves_the_name_at_the_proxy(scheme: str, server: Scripted, pki: Pki) -> None:
    with socks_proxy() as proxy:
        cluster = {"proxy-url": f"{scheme}://127.0.0.1:{proxy.port}"}
        assert connection(behind(server), pki.ca, cluster=cluster).ask(READ)
    assert [host for host, _ in proxy.asked] == [HOST]
    assert proxy.kinds == [NAME]
    assert server.seen[0]["Authorization"]


def test_socks_of_the_environment(server: Scripted, pki: Pki) -> None:
    with socks_proxy() as proxy:
        environ = {"HTTPS_PROXY": f"socks5://127.0.0.1:{proxy.port}"}
        assert connection(behind(server), pki.ca, environ=environ).ask(READ)
    assert len(proxy.asked) == 1


def test_no_proxy_leads_past_the_environments(server: Scripted, pki: Pki) -> None:
    with socks_proxy() as proxy:
        environ = {"HTTPS_PROXY": f"socks5://127.0.0.1:{proxy.port}", "NO_PROXY": f"{HOST}.invalid"}
        url = behind(server).replace(HOST, f"{HOST}.invalid")
        with pytest.raises(RemoteError) as caught:
            connection(url, pki.ca, environ=environ).ask(READ)
    assert caught.value.code == "DNS"
    assert proxy.asked == []


def test_the_name_for_the_certificate_counts_behind_socks_too(server: Scripted, pki: Pki) -> None:
    with socks_proxy() as proxy:
        cluster = {"proxy-url": f"socks5://127.0.0.1:{proxy.port}", "tls-server-name": "other.example"}
        with pytest.raises(RemoteError, match="another host name"):
            connection(behind(server), pki.ca, cluster=cluster).ask(READ)


@pytest.mark.parametrize("kind", ["socks", "http"])
def test_user_and_password_reach_the_proxy(kind: str, server: Scripted, pki: Pki) -> None:
    with socks_proxy(login=f"me:{SECRET}@") if kind == "socks" else connect_proxy() as proxy:
        scheme = "socks5" if kind == "socks" else "http"
        cluster = {"proxy-url": f"{scheme}://me:{SECRET}%40@127.0.0.1:{proxy.port}"}
        assert connection(behind(server), pki.ca, cluster=cluster).ask(READ)
    assert proxy.logins == [f"me:{SECRET}@" if kind == "socks" else "Basic bWU6czNjcjN0QA=="]


@pytest.mark.parametrize(
    ("proxy", "says"),
    [
        pytest.param({"reply": REFUSED}, "connection refused", id="refuses to connect"),
        pytest.param({"login": "me:right"}, "authentication", id="wrong password"),
    ],
)
def test_what_a_socks_proxy_refuses(proxy: Any, says: str, server: Scripted, pki: Pki) -> None:
    with socks_proxy(**proxy) as running:
        cluster = {"proxy-url": f"socks5://me:{SECRET}@127.0.0.1:{running.port}"}
        with pytest.raises(RemoteError) as caught:
            connection(behind(server), pki.ca, cluster=cluster).ask(READ)
    assert (caught.value.code, caught.value.uncertain) == ("Proxy", False)
    assert says in caught.value.problem
    assert f"socks5://127.0.0.1:{running.port}" in caught.value.problem
    assert SECRET not in str(caught.value)


def test_what_an_http_proxy_refuses(server: Scripted, pki: Pki) -> None:
    with connect_proxy("407 Proxy Authentication Required") as proxy:
        cluster = {"proxy-url": f"http://me:{SECRET}@127.0.0.1:{proxy.port}"}
        with pytest.raises(RemoteError) as caught:
            connection(behind(server), pki.ca, cluster=cluster).ask(READ)
    assert caught.value.code == "Proxy"
    assert "407" in caught.value.problem
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("scheme", ["socks5", "http"])
def test_a_proxy_that_is_not_there(scheme: str, pki: Pki) -> None:
    cluster = {"proxy-url": f"{scheme}://127.0.0.1:1"}
    with pytest.raises(RemoteError) as caught:
        connection("https://api.example", pki.ca, cluster=cluster).ask(READ)
    assert caught.value.code == "Refused"
    assert str(caught.value).startswith(f"could not connect to the proxy {scheme}://127.0.0.1:1 of the API")
    assert caught.value.remedy == "check proxy-url in the kubeconfig, or HTTPS_PROXY"


def test_an_https_proxy_with_an_untrusted_certificate(server: Scripted, tmp_path: Path) -> None:
    """The scripted server stands for the proxy."""
    address = f"127.0.0.1:{server.url.rpartition(':')[2]}"
    others = make_pki(tmp_path / "others")
    with pytest.raises(RemoteError) as caught:
        connection("https://api.example", others.ca, cluster={"proxy-url": f"https://{address}"}).ask(READ)
    # urllib3 1.26 does not say whose certificate it is.
    assert str(caught.value).startswith(f"the certificate of the proxy https://{address} ")


def test_a_socks_proxy_that_says_nothing(pki: Pki) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        cluster = {"proxy-url": f"socks5://127.0.0.1:{silent.getsockname()[1]}"}
        with pytest.raises(TimedOut):
            connection("https://api.example", pki.ca, cluster=cluster, request_timeout=0.3).ask(READ)


def test_without_pysocks_it_is_named(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    really = builtins.__import__

    def imported(name: str, *rest: Any) -> Any:
        if name == "socks":
            raise ImportError(name)
        return really(name, *rest)

    monkeypatch.delitem(sys.modules, "socks", raising=False)
    monkeypatch.setattr(builtins, "__import__", imported)
    with pytest.raises(MissingLibrary) as caught:
        connection("https://api.example", pki.ca, cluster={"proxy-url": f"socks5://me:{SECRET}@p"})
    assert caught.value.library == "PySocks"
    assert SECRET not in str(caught.value)
