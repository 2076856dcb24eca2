# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cluster as DescribeCluster shows it, and the token that its API server takes."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.stub import Stubber

from ansible_collections.iamsa.eks.plugins.module_utils.aws.eks import Eks
from ansible_collections.iamsa.eks.plugins.module_utils.aws.open_session import open_session
from ansible_collections.iamsa.eks.plugins.module_utils.aws.session import AwsSession
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, NotFound, RemoteError, Unlocated
from ansible_collections.iamsa.eks.plugins.module_utils.identity.account import RoleHome
from ansible_collections.iamsa.eks.plugins.module_utils.identity.cluster import ClusterRef
from ansible_collections.iamsa.eks.plugins.module_utils.model.cluster import ClusterDescription

ARN = "arn:aws:eks:eu-west-1:123456789012:cluster/demo"
ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/A1"


@pytest.fixture
def stub(aws_session: AwsSession) -> Iterator[Stubber]:
    with Stubber(aws_session.eks) as stub:
        yield stub
        stub.assert_no_pending_responses()


def cluster(**changes: Any) -> dict[str, Any]:
    found = {
        "name": "demo",
        "arn": ARN,
        "endpoint": "https://demo.example",
        "status": "ACTIVE",
        "certificateAuthority": {"data": base64.b64encode(b"pem").decode()},
        "identity": {"oidc": {"issuer": ISSUER}},
        **changes,
    }
    return {"cluster": {key: value for key, value in found.items() if value is not None}}


@pytest.mark.parametrize("status", ["ACTIVE", "UPDATING"])
def test_a_cluster_that_can_be_worked_with(aws_session: AwsSession, stub: Stubber, status: str) -> None:
    stub.add_response("describe_cluster", cluster(status=status), {"name": "demo"})
    assert Eks(aws_session).describe("demo") == ClusterDescription(
        ClusterRef(ISSUER, ARN, "eu-west-1"), RoleHome("aws", "123456789012"), "https://demo.example", b"pem"
    )


@pytest.mark.parametrize(
    ("compute", "is_auto"),
    [
        pytest.param(None, False, id="without"),
        pytest.param({"enabled": False}, False, id="off"),
        pytest.param({"enabled": True, "nodePools": ["system"]}, True, id="on"),
    ],
)
def test_a_cluster_in_auto_mode_says_so(
    aws_session: AwsSession, stub: Stubber, compute: dict[str, Any] | None, is_auto: bool
) -> None:
    stub.add_response("describe_cluster", cluster(computeConfig=compute), {"name": "demo"})
    assert Eks(aws_session).describe("demo").is_auto is is_auto


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        pytest.param("CREATING", "wait until it is ACTIVE", id="creating"),
        pytest.param("PENDING", "wait until it is ACTIVE", id="pending"),
        pytest.param("DELETING", "use another cluster", id="deleting"),
        pytest.param("FAILED", "use another cluster", id="failed"),
    ],
)
def test_a_cluster_in_another_state_is_refused_with_it(
    aws_session: AwsSession, stub: Stubber, status: str, remedy: str
) -> None:
    stub.add_response("describe_cluster", cluster(status=status, identity=None))
    with pytest.raises(RemoteError) as caught:
        Eks(aws_session).describe("demo")
    assert str(caught.value) == f"EKS cluster demo in eu-west-1 is {status}; {remedy}"


@pytest.mark.parametrize("identity", [None, {}, {"oidc": {}}], ids=["no-identity", "no-oidc", "no-issuer"])
def test_a_cluster_without_issuer_is_refused(
    aws_session: AwsSession, stub: Stubber, identity: dict[str, Any] | None
) -> None:
    stub.add_response("describe_cluster", cluster(identity=identity))
    with pytest.raises(NotFound, match="EKS cluster demo in eu-west-1 has no OIDC issuer"):
        Eks(aws_session).describe("demo")


def test_an_arn_that_is_none_is_an_error_of_the_service(aws_session: AwsSession, stub: Stubber) -> None:
    stub.add_response("describe_cluster", cluster(arn="demo"), {"name": "demo"})
    with pytest.raises(RemoteError, match='EKS returned an invalid cluster ARN: "demo"'):
        Eks(aws_session).describe("demo")


def test_no_such_cluster_names_region_and_flags(aws_session: AwsSession, stub: Stubber) -> None:
    stub.add_client_error("describe_cluster", "ResourceNotFoundException", "No cluster found", 404)
    with pytest.raises(NotFound) as caught:
        Eks(aws_session).describe("demo")
    assert str(caught.value) == (
        "EKS cluster demo was not found in eu-west-1 with these credentials;"
        " check <cluster_name>, <region> and <profile>"
    )


def test_a_denied_look_names_its_action(aws_session: AwsSession, stub: Stubber) -> None:
    stub.add_client_error("describe_cluster", "AccessDeniedException", "no", 403)
    with pytest.raises(Denied) as caught:
        Eks(aws_session).describe("demo")
    assert caught.value.action == "eks:DescribeCluster"


@pytest.mark.parametrize("data", ["%%%", "ä", "YQ"], ids=["no-base64", "not-ascii", "no-padding"])
def test_a_certificate_authority_that_is_no_base64_is_an_error(
    aws_session: AwsSession, stub: Stubber, data: str
) -> None:
    stub.add_response("describe_cluster", cluster(certificateAuthority={"data": data}))
    with pytest.raises(RemoteError, match="certificate authority for demo that is not valid base64"):
        Eks(aws_session).describe("demo")


def decoded(token: str) -> str:
    text = token.removeprefix("k8s-aws-v1.")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


def test_the_names_of_all_clusters_of_the_region(aws_session: AwsSession, stub: Stubber) -> None:
    stub.add_response("list_clusters", {"clusters": ["a"], "nextToken": "t"}, {})
    stub.add_response("list_clusters", {"clusters": ["b"]}, {"nextToken": "t"})
    assert Eks(aws_session).cluster_names() == ("a", "b")


def test_a_token_has_its_prefix_and_no_padding(aws_session: AwsSession) -> None:
    token = Eks(aws_session).token("demo")
    assert token.startswith("k8s-aws-v1.")
    assert "=" not in token


def test_a_token_is_a_signed_question_who_i_am_for_this_cluster(aws_session: AwsSession) -> None:
    url = urlsplit(decoded(Eks(aws_session).token("demo")))
    query = {key: values[0] for key, values in parse_qs(url.query).items()}

    assert (url.scheme, url.netloc) == ("https", "sts.eu-west-1.amazonaws.com")
    assert (query["Action"], query["Version"]) == ("GetCallerIdentity", "2011-06-15")
    assert query["X-Amz-SignedHeaders"] == "host;x-k8s-aws-id"
    assert query["X-Amz-Expires"] == "60"
    assert query["X-Amz-Credential"].endswith("/eu-west-1/sts/aws4_request")
    assert query["X-Amz-Signature"]


def test_tokens_of_two_clusters_are_signed_apart(aws_session: AwsSession) -> None:
    eks = Eks(aws_session)
    signed = {parse_qs(urlsplit(decoded(eks.token(name))).query)["X-Amz-Signature"][0] for name in ("a", "b")}
    assert len(signed) == 2


@pytest.mark.usefixtures("aws_environ")
def test_without_credentials_there_is_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(Unlocated, match="no AWS credentials were found"):
        Eks(open_session("eu-west-1", None, Deadline(9))).token("demo")
