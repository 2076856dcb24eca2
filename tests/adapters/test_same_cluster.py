# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proof that an API server is the EKS cluster's, with real authorities and TLS servers."""

from __future__ import annotations

import base64
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from adapters.authorities import Authority
from adapters.proxies import socks_proxy
from adapters.scripted_server import BROKEN, Reply, Scripted, scripted_server
from adapters.test_kube_connection import connection

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.same_cluster import prove_same
from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, Refused
from ansible_collections.iamsa.eks.plugins.module_utils.identity.account import RoleHome
from ansible_collections.iamsa.eks.plugins.module_utils.identity.cluster import ClusterRef
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.client import KubernetesCluster
from ansible_collections.iamsa.eks.plugins.module_utils.model.cluster import ClusterDescription

ISSUER = "https://oidc.example/id/A"
CLUSTER = ClusterRef(ISSUER, "arn:aws:eks:eu-west-1:123456789012:cluster/demo", "eu-west-1")
OLD, NEW, COMPANY = Authority(), Authority(), Authority("company")
FORBIDDEN: Reply = (403, {}, {"kind": "Status", "reason": "Forbidden"})
SAME: Reply = (200, {}, {"issuer": ISSUER})
OTHER: Reply = (200, {}, {"issuer": "https://oidc.example/id/B"})


def bundle(*authorities: Authority) -> bytes:
    return b"".join(one.pem for one in authorities)


def prove(server: Scripted, trusted: bytes, named: bytes, url: str = "", **cluster: Any) -> None:
    """`trusted` is the kubeconfig's bundle, `named` that of DescribeCluster."""
    data = {"certificate-authority-data": base64.b64encode(trusted).decode()} if trusted else {}
    reached = connection(url or server.url, None, cluster={**data, **cluster})
    described = ClusterDescription(CLUSTER, RoleHome("aws", "123456789012"), server.url, named)
    access: Any = SimpleNamespace(title="context dev")
    prove_same(described, KubernetesCluster(reached), access)


CASES = [
    # the kubeconfig's, DescribeCluster's, who has signed, what the server answers; requests, and whether
    # the two are taken for one
    pytest.param([OLD], [OLD], OLD, FORBIDDEN, 0, True, id="equal"),
    pytest.param([OLD], [NEW, OLD], OLD, FORBIDDEN, 0, True, id="while it is rotated"),
    pytest.param([OLD, NEW], [NEW], NEW, FORBIDDEN, 1, True, id="the old one is still in the kubeconfig"),
    pytest.param([OLD, NEW], [NEW], OLD, FORBIDDEN, 1, False, id="the server is that of the old one"),
    pytest.param([COMPANY, OLD], [OLD], OLD, FORBIDDEN, 1, True, id="a company's CA besides"),
    pytest.param([COMPANY, OLD], [OLD], COMPANY, FORBIDDEN, 1, False, id="another server of the company"),
    pytest.param([COMPANY, OLD], [OLD], COMPANY, SAME, 1, True, id="the issuer decides"),
    pytest.param([COMPANY, OLD], [OLD], COMPANY, OTHER, 1, False, id="the issuer is another"),
    pytest.param([COMPANY, OLD], [OLD], OLD, OTHER, 1, True, id="TLS decides before the issuer"),
    pytest.param([OLD], [], OLD, SAME, 1, True, id="DescribeCluster names none, the issuer is the same"),
    pytest.param([OLD], [], OLD, FORBIDDEN, 1, False, id="DescribeCluster names none"),
]


@pytest.mark.parametrize(("trusted", "named", "signed_by", "reply", "requests", "is_same"), CASES)
def test_who_is_taken_for_the_same(
    trusted: list[Authority],
    named: list[Authority],
    signed_by: Authority,
    reply: Reply,
    requests: int,
    is_same: bool,
    tmp_path: Path,
) -> None:
    with scripted_server(*signed_by.server(tmp_path)) as server:
        server.replies = [reply]
        try:
            prove(server, bundle(*trusted), bundle(*named))
        except Refused:
            assert not is_same
        else:
            assert is_same
    assert len(server.seen) == requests


def test_unverified_the_issuer_decides(tmp_path: Path) -> None:
    with scripted_server(*OLD.server(tmp_path)) as server:
        server.replies = [SAME]
        prove(server, b"", OLD.pem, **{"insecure-skip-tls-verify": True})
        server.replies = [FORBIDDEN]
        with pytest.raises(Refused):
            prove(server, b"", OLD.pem, **{"insecure-skip-tls-verify": True})


def test_the_handshake_takes_the_same_way(tmp_path: Path) -> None:
    """Through a proxy, by a name that the certificate does not have."""
    with scripted_server(*OLD.server(tmp_path)) as server, socks_proxy() as proxy:
        server.replies = [FORBIDDEN]
        url = f"https://tunnel.invalid:{server.url.rpartition(':')[2]}"
        way = {"proxy-url": f"socks5://127.0.0.1:{proxy.port}", "tls-server-name": "localhost"}
        prove(server, bundle(OLD, COMPANY), OLD.pem, url, **way)
    assert [host for host, _ in proxy.asked] == ["tunnel.invalid"]


def test_nothing_on_it_says_who_we_are(tmp_path: Path) -> None:
    with scripted_server(*OLD.server(tmp_path)) as server:
        server.replies = [FORBIDDEN]
        prove(server, bundle(OLD, COMPANY), OLD.pem)
    assert server.seen[0]["Authorization"] is None


def test_a_server_that_does_not_answer_is_no_other_cluster(tmp_path: Path) -> None:
    with scripted_server(*OLD.server(tmp_path)) as server:
        server.replies = [BROKEN]
        with pytest.raises(IamsaError) as caught:
            prove(server, bundle(OLD, COMPANY), OLD.pem)
    assert not isinstance(caught.value, Refused)
