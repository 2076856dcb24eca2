"""Which context, cluster and user are meant, and what the flags change about them."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, InvalidFile, Unlocated
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.context import ContextEntry, select
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.impersonation import Impersonation
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.kubeconfig import parse
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.options import ConnectionOptions

SECRET = "s3cr3t-value"
LIMIT = Deadline(3600)
PLAIN = ConnectionOptions()


def entry(
    options: ConnectionOptions = PLAIN,
    *,
    context: dict[str, Any] | None = None,
    cluster: dict[str, Any] | None = None,
    user: dict[str, Any] | None = None,
    current: str = "dev",
    file: Path = Path("/kube/config"),
) -> ContextEntry:
    """What is selected from contexts `dev` and `prod`; the fields given go into `dev`'s."""
    document = {
        "current-context": current,
        "contexts": [
            {"name": "dev", "context": {"cluster": "dev", "user": "dev", **(context or {})}},
            {"name": "prod", "context": {"cluster": "prod", "user": "prod"}},
        ],
        "clusters": [
            {"name": "dev", "cluster": {"server": "https://dev.example", **(cluster or {})}},
            {
                "name": "prod",
                "cluster": {"server": "https://prod.example/", "tls-server-name": "prod.inside"},
            },
        ],
        "users": [
            {"name": "dev", "user": {"token": SECRET, **(user or {})}},
            {"name": "prod", "user": {}},
        ],
    }
    return select(parse(yaml.safe_dump(document), file), options, LIMIT)


class TestWhatIsMeant:
    def test_the_current_context(self) -> None:
        assert entry().server == "https://dev.example"

    def test_the_context_of_the_flag(self) -> None:
        assert entry(ConnectionOptions(context="prod")).server == "https://prod.example"

    def test_the_cluster_of_the_flag_with_the_contexts_user(self) -> None:
        chosen = entry(ConnectionOptions(cluster="prod"))
        assert (chosen.cluster_name, chosen.user.owner) == ("prod", "user dev")

    def test_the_user_of_the_flag_with_the_contexts_cluster(self) -> None:
        chosen = entry(ConnectionOptions(user="prod"))
        assert (chosen.cluster_name, chosen.user.owner) == ("dev", "user prod")

    def test_the_contexts_namespace(self) -> None:
        assert entry(context={"namespace": "web"}).namespace == "web"

    def test_the_namespace_of_the_flag_first(self) -> None:
        assert entry(ConnectionOptions(namespace="other"), context={"namespace": "web"}).namespace == "other"

    def test_the_server_of_the_flag_and_then_not_the_clusters_tls_name(self) -> None:
        chosen = entry(ConnectionOptions(context="prod", server="https://127.0.0.1:6443"))
        assert (chosen.server, chosen.tls_server_name) == ("https://127.0.0.1:6443", "")

    def test_a_server_alone_needs_no_kubeconfig(self) -> None:
        chosen = select(
            parse("{}", Path("/k")), ConnectionOptions(server="https://127.0.0.1:6443"), Deadline(5)
        )
        assert chosen.server == "https://127.0.0.1:6443"

    @pytest.mark.parametrize(
        ("cluster", "server"),
        [
            pytest.param({"server": "host:8080"}, "http://host:8080", id="http"),
            pytest.param({"server": "host", "insecure-skip-tls-verify": True}, "https://host", id="https"),
            pytest.param({"server": "HTTPS://Host:6443/Base"}, "https://Host:6443/Base", id="upper case"),
            pytest.param({"server": "Http://host"}, "http://host", id="mixed case"),
        ],
    )
    def test_a_servers_scheme_is_read_as_kubectl_does(self, cluster: dict[str, Any], server: str) -> None:
        assert entry(cluster=cluster).server == server

    def test_a_client_certificate_makes_a_server_without_scheme_https(self) -> None:
        user = {"client-certificate-data": "UEVN"}
        assert entry(cluster={"server": "host"}, user=user).server == "https://host"

    def test_so_does_one_given_by_flag(self) -> None:
        options = ConnectionOptions(client_certificate="pair.pem")
        assert entry(options, cluster={"server": "host"}).server == "https://host"


class TestWhomItTrusts:
    def test_the_certificate_authority_in_the_entry(self) -> None:
        data = base64.b64encode(b"PEM").decode()
        assert entry(cluster={"certificate-authority-data": data}).ca_pem == b"PEM"

    def test_base64_may_be_broken_into_lines(self) -> None:
        assert entry(cluster={"certificate-authority-data": "UE\nVN\n"}).ca_pem == b"PEM"

    def test_a_file_is_looked_for_beside_the_kubeconfig(self, tmp_path: Path) -> None:
        (tmp_path / "ca.crt").write_bytes(b"PEM")
        chosen = entry(cluster={"certificate-authority": "ca.crt"}, file=tmp_path / "config")
        assert chosen.ca_pem == b"PEM"

    def test_the_file_of_the_flag_wins(self, tmp_path: Path) -> None:
        (tmp_path / "ca.crt").write_bytes(b"FLAG")
        options = ConnectionOptions(certificate_authority=str(tmp_path / "ca.crt"))
        chosen = entry(options, cluster={"insecure-skip-tls-verify": True})
        assert (chosen.ca_pem, chosen.insecure) == (b"FLAG", False)

    def test_the_insecure_flag_drops_the_certificate_authority(self) -> None:
        options = ConnectionOptions(insecure_skip_tls_verify=True)
        chosen = entry(options, cluster={"certificate-authority-data": "UEVN"})
        assert (chosen.ca_pem, chosen.insecure) == (b"", True)


class TestImpersonation:
    def test_what_the_user_entry_says(self) -> None:
        user = {"as": "bob", "as-groups": ["a", "b"], "as-uid": "1", "as-user-extra": {"scopes": ["x"]}}
        assert entry(user=user).impersonation == Impersonation("bob", ("a", "b"), "1", {"scopes": ("x",)})

    def test_the_flags_win(self) -> None:
        options = ConnectionOptions(as_user="eve", as_groups=("c",))
        assert entry(options, user={"as": "bob", "as-groups": ["a"]}).impersonation == Impersonation(
            "eve", ("c",)
        )

    def test_extra_fields_of_the_flag_replace_those_of_the_user_entry(self) -> None:
        options = ConnectionOptions(as_user="eve", as_user_extra=("a=1", "b=x=y", "a=2"))
        found = entry(options, user={"as-user-extra": {"scopes": ["x"]}}).impersonation
        assert found.extra == {"a": ("1", "2"), "b": ("x=y",)}

    def test_groups_without_a_user_are_an_error(self) -> None:
        with pytest.raises(InvalidFile, match="without a user; add <as=USER>"):
            entry(ConnectionOptions(as_groups=("c",)))


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        pytest.param(
            {"current": "", "options": PLAIN},
            "has no current-context; choose a context with <context>: dev, prod",
            id="none",
        ),
        pytest.param(
            {"current": "gone"}, 'has no context "gone"; choose a context with', id="current context unknown"
        ),
        pytest.param(
            {"options": ConnectionOptions(context="prd")},
            'no context "prd"; choose a context with <context>: prod, dev',
            id="context unknown",
        ),
        pytest.param(
            {"context": {"cluster": "x"}}, 'has no cluster "x"; choose a cluster with', id="cluster unknown"
        ),
        pytest.param({"context": {"user": "x"}}, 'has no user "x"; choose a user with', id="user unknown"),
        pytest.param({"context": {"cluster": ""}}, "context dev has no cluster", id="no cluster"),
        pytest.param(
            {"context": {"namespace": 1}}, "field namespace that is not a string", id="namespace a number"
        ),
        pytest.param({"cluster": {"server": ""}}, "cluster dev has no server", id="no server"),
        pytest.param(
            {"cluster": {"server": "ftp://x"}}, "has a server that is not an http or https URL", id="ftp"
        ),
        pytest.param(
            {"cluster": {"server": "https://"}}, "has a server that is not an http or https URL", id="no host"
        ),
        pytest.param(
            {"cluster": {"server": "https://x:99999"}}, "not an http or https URL", id="port too high"
        ),
        pytest.param(
            {"cluster": {"server": "https://a..b"}}, "not an http or https URL", id="no name of a host"
        ),
        pytest.param(
            {"cluster": {"server": f"https://u:{SECRET}@x"}}, "not an http or https URL", id="password in URL"
        ),
        pytest.param(
            {"cluster": {"certificate-authority-data": SECRET}},
            "certificate-authority-data that is not base64",
            id="bad base64",
        ),
        pytest.param(
            {"cluster": {"certificate-authority": "/missing/ca"}},
            "(/missing/ca): no such file",
            id="CA file missing",
        ),
        pytest.param(
            {"cluster": {"certificate-authority-data": "UEVN", "insecure-skip-tls-verify": True}},
            "has both a certificate authority and insecure-skip-tls-verify",
            id="CA and insecure",
        ),
        pytest.param({"cluster": {"insecure-skip-tls-verify": "yes"}}, "is not a boolean", id="flag a word"),
        pytest.param({"user": {"exec": SECRET}}, "field exec that is not a mapping", id="exec a word"),
        pytest.param({"user": {"exec": {"args": []}}}, "has no command", id="exec without command"),
        pytest.param(
            {"user": {"exec": {"command": "aws"}}},
            "has an apiVersion that is not supported; use client",
            id="exec without version",
        ),
        pytest.param(
            {"user": {"exec": {"command": "aws", "apiVersion": "client.authentication.k8s.io/v1alpha1"}}},
            "has an apiVersion that is not supported; use client",
            id="exec v1alpha1",
        ),
        pytest.param(
            {
                "user": {
                    "exec": {"command": "aws", "apiVersion": "client.authentication.k8s.io/v1", "args": [1]}
                }
            },
            "field args that is not a list of strings",
            id="exec args numbers",
        ),
        pytest.param(
            {
                "user": {
                    "exec": {
                        "command": "aws",
                        "apiVersion": "client.authentication.k8s.io/v1",
                        "env": [{"name": ""}],
                    }
                }
            },
            "an env that is not a list of names and values",
            id="exec env without name",
        ),
        pytest.param(
            {
                "user": {
                    "exec": {
                        "command": "aws",
                        "apiVersion": "client.authentication.k8s.io/v1",
                        "interactiveMode": "Always",
                    }
                }
            },
            "requires a terminal",
            id="exec interactive",
        ),
        pytest.param(
            {"user": {"as-groups": "x"}},
            "field as-groups that is not a list of strings",
            id="as-groups a word",
        ),
    ],
)
def test_what_cannot_be_right_is_one_sentence_without_content(
    arguments: dict[str, Any], problem: str
) -> None:
    with pytest.raises((InvalidFile, Unlocated)) as caught:
        entry(**arguments)
    sentence = str(caught.value)
    assert "/kube/config" in sentence
    assert problem in sentence
    assert caught.value.remedy
    assert SECRET not in sentence


def test_a_kubeconfig_without_contexts_says_so() -> None:
    with pytest.raises(Unlocated, match=r'has no context "dev" \(it has no contexts\)'):
        select(parse("clusters: [{name: c}]", Path("/k")), ConnectionOptions(context="dev"), LIMIT)


def test_a_name_with_control_characters_is_escaped() -> None:
    with pytest.raises(IamsaError, match=r'no context "a\\nb"'):
        entry(ConnectionOptions(context="a\x1b[31m\nb"))


def test_repr_shows_no_secret() -> None:
    assert SECRET not in repr(entry())
