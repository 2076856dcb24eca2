"""How requests are made: who we say we are, whom we trust, how long we wait, and what failures read like."""

from __future__ import annotations

import base64
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from adapters.old_pki import make_old_pki
from adapters.scripted_server import OK, Scripted, scripted_server
from pocket_eks.pki import Pki, make_pki

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import (
    InvalidFile,
    NotFound,
    RemoteError,
    ResourceRef,
    TimedOut,
    Unlocated,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.client import KubernetesCluster
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.context import select
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.kubeconfig import parse
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.options import ConnectionOptions
from ansible_collections.iamsa.eks.plugins.module_utils.kube.connect import (
    connect,
    connect_directly,
    connect_in_cluster,
    in_cluster,
)
from ansible_collections.iamsa.eks.plugins.module_utils.kube.http.connection import Connection
from ansible_collections.iamsa.eks.plugins.module_utils.kube.http.request import Request

SECRET = "s3cr3t"
READ = Request("get", "serviceaccounts", "/api/v1/namespaces/web/serviceaccounts/app", "web", "app")
WRITE = Request("create", "serviceaccounts", "/api/v1/namespaces/web/serviceaccounts", "web", "app", body={})


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(tmp_path_factory.mktemp("pki") / "ours")


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return make_pki(tmp_path_factory.mktemp("pki") / "theirs")


@pytest.fixture
def server(pki: Pki) -> Iterator[Scripted]:
    with scripted_server(pki.cert, pki.key) as script:
        yield script


def connection(
    url: str,
    ca: Path | None,
    *,
    user: dict[str, Any] | None = None,
    cluster: dict[str, Any] | None = None,
    seconds: float = 20,
    environ: dict[str, str] | None = None,
    **flags: Any,
) -> Connection:
    """By a kubeconfig with these fields in its user and cluster."""
    trusted = {"certificate-authority": str(ca)} if ca else {}
    document = {
        "current-context": "dev",
        "contexts": [{"name": "dev", "context": {"cluster": "dev", "user": "me"}}],
        "clusters": [{"name": "dev", "cluster": {"server": url, **trusted, **(cluster or {})}}],
        "users": [{"name": "me", "user": {"token": SECRET} if user is None else user}],
    }
    options = ConnectionOptions(**flags)
    entry = select(parse(yaml.safe_dump(document), Path("/kube/config")), options, Deadline(seconds))
    return connect(entry, options, Deadline(seconds), environ or {})


class TestWhoWeSayWeAre:
    @pytest.mark.parametrize(
        ("user", "header"),
        [
            pytest.param({"token": "a"}, "Bearer a", id="token"),
            pytest.param({"token": "a\n"}, "Bearer a", id="token with line end"),
            pytest.param({"username": "u", "password": "p"}, "Basic dTpw", id="password"),
            pytest.param({}, None, id="nobody"),
        ],
    )
    def test_by_the_user_entry(
        self, user: dict[str, str], header: str | None, server: Scripted, pki: Pki
    ) -> None:
        connection(server.url, pki.ca, user=user).ask(READ)
        assert server.seen[0]["Authorization"] == header

    def test_by_a_token_file_first(self, server: Scripted, pki: Pki, tmp_path: Path) -> None:
        (tmp_path / "token").write_text("from-file\n")
        connection(server.url, pki.ca, user={"tokenFile": str(tmp_path / "token"), "token": "b"}).ask(READ)
        assert server.seen[0]["Authorization"] == "Bearer from-file"

    def test_by_the_flags_token_before_all(self, server: Scripted, pki: Pki) -> None:
        connection(server.url, pki.ca, token="flag").ask(READ)
        assert server.seen[0]["Authorization"] == "Bearer flag"

    def test_by_a_client_certificate(self, pki: Pki) -> None:
        pair = {
            "client-certificate-data": base64.b64encode(pki.cert.read_bytes()).decode(),
            "client-key-data": base64.b64encode(pki.key.read_bytes()).decode(),
        }
        assert connection("https://127.0.0.1:1", pki.ca, user=pair)

    def test_a_client_certificate_that_is_none_is_an_error(self, pki: Pki) -> None:
        pair = {"client-certificate-data": "UEVN", "client-key-data": "UEVN"}
        with pytest.raises(InvalidFile, match="client certificate and key of context dev cannot be used"):
            connection("https://127.0.0.1:1", pki.ca, user=pair)

    def test_an_auth_provider_is_an_error(self, pki: Pki) -> None:
        with pytest.raises(InvalidFile, match="auth-provider, which Kubernetes no longer supports"):
            connection("https://127.0.0.1:1", pki.ca, user={"auth-provider": {"name": "gcp"}})

    def test_over_plain_http_nothing_is_told(self) -> None:
        with scripted_server() as script:
            connection(script.url, None, user={"token": SECRET, "as": "bob"}).ask(READ)
        assert not {"Authorization", "Impersonate-User"} & set(script.seen[0].keys())

    @pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
    def test_as_somebody_else_with_every_group_and_extra(
        self, server: Scripted, pki: Pki, request_: Request
    ) -> None:
        user = {"as": "bob", "as-groups": ["a", "b"], "as-uid": "7", "as-user-extra": {"x/Y": ["1", "2"]}}
        connection(server.url, pki.ca, user=user).ask(request_)
        seen = server.seen[0]
        assert (seen["Impersonate-User"], seen["Impersonate-Uid"]) == ("bob", "7")
        assert seen.get_all("Impersonate-Group") == ["a", "b"]
        assert seen.get_all("Impersonate-Extra-x%2Fy") == ["1", "2"]

    def test_a_rejected_token_is_fetched_anew_once_and_writes_are_then_sent_again(
        self, server: Scripted, pki: Pki
    ) -> None:
        tokens = iter(["old", "new"])
        server.replies = [(401, {}, {}), OK]
        direct = connect_directly(
            server.url,
            pki.ca.read_bytes(),
            lambda: next(tokens),
            ConnectionOptions(),
            Deadline(20),
            environ={},
        )
        direct.ask(WRITE)
        assert [seen["Authorization"] for seen in server.seen] == ["Bearer old", "Bearer new"]

    def test_a_token_that_stays_the_same_is_not_sent_again(self, server: Scripted, pki: Pki) -> None:
        server.replies = [(401, {}, {})]
        with pytest.raises(RemoteError, match="kubectl --context dev auth whoami"):
            connection(server.url, pki.ca).ask(READ)
        assert len(server.seen) == 1


class TestWhomWeTrust:
    def test_the_verified_certificate_authority_is_known(self, server: Scripted, pki: Pki) -> None:
        reached = connection(server.url, pki.ca)
        reached.ask(READ)
        assert reached.verified_ca == {ssl.PEM_cert_to_DER_cert(pki.ca.read_text())}

    def test_unverified_there_is_none(self, server: Scripted, pki: Pki) -> None:
        reached = connection(server.url, pki.ca, insecure_skip_tls_verify=True)
        reached.ask(READ)
        assert reached.verified_ca == frozenset()

    def test_another_authority_is_refused(self, server: Scripted, strangers: Pki) -> None:
        with pytest.raises(RemoteError, match="not signed by the expected certificate authority") as caught:
            connection(server.url, strangers.ca).ask(READ)
        assert caught.value.code == "TLS"
        assert not server.seen

    def test_without_an_authority_the_systems_count(self, server: Scripted) -> None:
        with pytest.raises(RemoteError, match="not signed by the expected certificate authority"):
            connection(server.url, None).ask(READ)

    def test_another_host_name_is_refused(self, server: Scripted, pki: Pki) -> None:
        with pytest.raises(RemoteError, match=r"is for another host name .*<tls_server_name>"):
            connection(server.url, pki.ca, tls_server_name="other.example").ask(READ)

    @pytest.mark.parametrize("name", ["a..b", f"{'x' * 70}.example", "a\0b"])
    def test_a_tls_server_name_that_is_none_is_refused(self, name: str) -> None:
        with pytest.raises(InvalidFile, match=r"tls-server-name .* not a valid host name"):
            connection("https://127.0.0.1:1", None, tls_server_name=name)

    def test_the_tls_server_name_is_what_is_checked(self, server: Scripted, pki: Pki) -> None:
        cluster = {"tls-server-name": "kubernetes.default.svc"}
        assert connection(server.url, pki.ca, cluster=cluster).ask(READ)

    def test_an_old_authority_without_key_identifiers_is_taken_on_every_python(self, tmp_path: Path) -> None:
        ca, cert, key = make_old_pki(tmp_path)
        with scripted_server(cert, key) as old:
            assert connection(old.url, ca).ask(READ)

    def test_no_certificate_in_it_is_an_error(self, pki: Pki) -> None:
        with pytest.raises(InvalidFile, match="certificate authority of context dev contains no certificate"):
            connection("https://127.0.0.1:1", pki.sa_public)


class TestNoAnswer:
    def test_refused(self, pki: Pki) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            url = f"https://127.0.0.1:{taken.getsockname()[1]}"
            with pytest.raises(
                RemoteError,
                match=f"could not connect to the API server {url} of context dev: connection refused",
            ):
                connection(url, pki.ca).ask(READ)

    def test_no_such_host(self, pki: Pki) -> None:
        with pytest.raises(RemoteError, match="host name could not be resolved"):
            connection("https://no-such-host.invalid", pki.ca).ask(READ)

    def test_silence(self, pki: Pki) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"https://127.0.0.1:{silent.getsockname()[1]}"
            with pytest.raises(TimedOut, match=r"did not respond within 0\.3 s"):
                connection(url, pki.ca, request_timeout=0.3).ask(READ)

    def test_silence_until_the_deadline(self, pki: Pki) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"https://127.0.0.1:{silent.getsockname()[1]}"
            begun = time.monotonic()
            with pytest.raises(TimedOut):
                connection(url, pki.ca, seconds=0.4).ask(READ)
            assert time.monotonic() - begun < 9

    def test_a_server_that_speaks_no_tls(self, pki: Pki) -> None:
        with scripted_server() as plain, pytest.raises(RemoteError, match="TLS handshake failed"):
            connection(plain.url.replace("http:", "https:"), pki.ca).ask(READ)

    def test_the_environments_proxy_is_not_asked_for_this_machine(self, server: Scripted, pki: Pki) -> None:
        assert connection(server.url, pki.ca, environ={"HTTPS_PROXY": "http://127.0.0.1:1"}).ask(READ)

    def test_the_environments_proxy_is_asked_for_others(self, pki: Pki) -> None:
        with pytest.raises(RemoteError, match="connection refused"):
            connection("https://api.invalid", pki.ca, environ={"HTTPS_PROXY": "http://127.0.0.1:1"}).ask(READ)


class TestAnswers:
    def test_retry_after_is_honoured(self, server: Scripted, pki: Pki) -> None:
        server.replies = [(429, {"Retry-After": "1"}, {}), OK]
        begun = time.monotonic()
        connection(server.url, pki.ca).ask(READ)
        assert time.monotonic() - begun >= 1

    def test_retry_after_beyond_the_deadline_is_not_waited_for(self, server: Scripted, pki: Pki) -> None:
        server.replies = [(503, {"Retry-After": "600"}, {"message": "busy"})]
        begun = time.monotonic()
        with pytest.raises(RemoteError, match="returned 503 busy"):
            connection(server.url, pki.ca).ask(READ)
        assert time.monotonic() - begun < 5

    def test_a_webhooks_denial_keeps_its_words(self, server: Scripted, pki: Pki) -> None:
        message = 'admission webhook "policy.example" denied the request: no roles on Fridays'
        server.replies = [(403, {}, {"message": message, "reason": "Forbidden"})]
        with pytest.raises(RemoteError, match="no roles on Fridays") as caught:
            connection(server.url, pki.ca).ask(WRITE)
        assert caught.value.code == "AdmissionDenied"

    def test_a_message_of_several_lines_becomes_one(self, server: Scripted, pki: Pki) -> None:
        server.replies = [(400, {}, {"message": "bad\n\x1b[31mthing\x07"})]
        with pytest.raises(RemoteError) as caught:
            connection(server.url, pki.ca).ask(WRITE)
        assert "bad thing\\x07" in str(caught.value)

    @pytest.mark.parametrize("body", [b"<html>log in</html>", b"[]", b""], ids=["html", "list", "empty"])
    def test_what_no_api_server_says_is_an_error(self, body: bytes, server: Scripted, pki: Pki) -> None:
        server.replies = [(200, {}, body)]
        with pytest.raises(RemoteError, match="a response that is not a Kubernetes object"):
            connection(server.url, pki.ca).ask(READ)

    def test_a_redirect_is_not_followed(self, server: Scripted, pki: Pki) -> None:
        server.replies = [(302, {"Location": "https://login.example"}, b"")]
        with pytest.raises(RemoteError, match="302"):
            connection(server.url, pki.ca).ask(READ)

    def test_a_long_list_of_pods_is_read_page_by_page(self, server: Scripted, pki: Pki) -> None:
        def page(name: str, token: str) -> dict[str, Any]:
            return {"items": [{"metadata": {"name": name}}], "metadata": {"continue": token}}

        server.replies = [(200, {}, page("a", "next")), (200, {}, page("b", ""))]
        owners = KubernetesCluster(connection(server.url, pki.ca)).running_pods(Subject("web", "app"))
        assert owners
        assert [owner.name for owner in owners] == ["a", "b"]

    def test_something_missing_is_named(self, server: Scripted, pki: Pki) -> None:
        server.replies = [(404, {}, {"details": {"kind": "serviceaccounts"}})]
        with pytest.raises(NotFound, match="serviceaccount web/app does not exist") as caught:
            connection(server.url, pki.ca).ask(READ)
        assert caught.value.resource == ResourceRef("serviceaccount", "app", "web")


class TestInAPod:
    @pytest.fixture
    def folder(self, tmp_path: Path, pki: Pki) -> Path:
        for name, text in {"token": "pod\n", "namespace": "web\n", "ca.crt": pki.ca.read_text()}.items():
            (tmp_path / name).write_text(text)
        return tmp_path

    def test_everything_comes_from_what_is_mounted(self, folder: Path, server: Scripted) -> None:
        environ = {
            "KUBERNETES_SERVICE_HOST": "127.0.0.1",
            "KUBERNETES_SERVICE_PORT": server.url.rpartition(":")[2],
        }
        assert in_cluster(environ, folder)
        reached = connect_in_cluster(ConnectionOptions(), Deadline(20), environ, folder)
        reached.ask(READ)
        assert reached.namespace == "web"
        assert server.seen[0]["Authorization"] == "Bearer pod"

    def test_the_flags_namespace_wins(self, folder: Path) -> None:
        options = ConnectionOptions(namespace="other")
        reached = connect_in_cluster(options, Deadline(20), {"KUBERNETES_SERVICE_HOST": "127.0.0.1"}, folder)
        assert reached.namespace == "other"

    def test_elsewhere_it_says_so(self, folder: Path) -> None:
        assert not in_cluster({}, folder)
        with pytest.raises(Unlocated, match="not running in a pod"):
            connect_in_cluster(ConnectionOptions(), Deadline(20), {}, folder)


def test_repr_of_what_holds_credentials_shows_none() -> None:
    assert SECRET not in repr(ConnectionOptions(token=SECRET))
