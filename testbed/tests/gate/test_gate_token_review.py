"""EKS's bearer tokens, as botocore presigns them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import pytest
from botocore.signers import RequestSigner
from gate.bench import ACCOUNT, CONFIG, Bench, short
from pocket_eks.gate.message import Answer
from pocket_eks.gate.sessions import Sessions
from pocket_eks.gate.token_review import review

STS = "https://sts.us-east-1.amazonaws.com"


def presign(
    *,
    cluster: str | None = "demo",
    host: str = STS,
    key: str = "testing",
    secret: str = "testing",
    session_token: str | None = None,
    action: str = "GetCallerIdentity",
    more: str = "",
    expires: int = 60,
) -> str:
    session = boto3.Session(key, secret, session_token, "us-east-1")
    client = session.client("sts")
    credentials = session.get_credentials()
    assert credentials is not None
    signer = RequestSigner(
        client.meta.service_model.service_id,
        "us-east-1",
        "sts",
        "v4",
        credentials,
        session.events,
    )
    request = {
        "method": "GET",
        "url": f"{host}/?Action={action}&Version=2011-06-15{more}",
        "body": {},
        "headers": {} if cluster is None else {"x-k8s-aws-id": cluster},
        "context": {},
    }
    url = signer.generate_presigned_url(
        request, region_name="us-east-1", expires_in=expires, operation_name=""
    )
    return str(url)


def token(url: str) -> str:
    return "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


def status(bearer: str, now: datetime | None = None, sessions: Sessions | None = None) -> dict[str, Any]:
    body = {"apiVersion": "authentication.k8s.io/v1", "spec": {"token": bearer}}
    answer = review(body, CONFIG, sessions or Sessions(), now)
    assert answer["kind"] == "TokenReview"
    found = answer["status"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("host", [STS, "https://sts.amazonaws.com", "http://127.0.0.1:15001"])
def test_a_fresh_token_of_this_account_and_cluster_is_the_admin(host: str) -> None:
    found = status(token(presign(host=host)))
    assert found["authenticated"] is True
    assert found["user"]["username"] == "kubernetes-admin"
    assert found["user"]["groups"] == ["system:masters", "system:authenticated"]


def test_the_account_s_administrator_is_taken_too_with_the_secret_of_their_own() -> None:
    found = status(token(presign(key="AKIAADMIN", secret="administers")))
    assert found["user"]["uid"] == f"aws-iam-authenticator:{ACCOUNT}:AKIAADMIN"
    assert not status(token(presign(key="AKIAADMIN", secret="testing")))["authenticated"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"cluster": "other"}, "the signature is not that of this account and cluster"),
        ({"cluster": None}, "did not sign"),
        ({"secret": "guessed"}, "the signature is not that of this account and cluster"),
        ({"key": "AKIAOTHER"}, "not one of this account"),
        ({"host": "https://sts.example.org"}, "unexpected hostname"),
        ({"host": "https://sts.us-east-1.amazonaws.com.example.org"}, "unexpected hostname"),
        ({"host": "https://sts.eu-west-1.amazonaws.com"}, "unexpected hostname"),
        ({"host": "http://sts.us-east-1.amazonaws.com"}, "unexpected scheme"),
        ({"host": "https://sts.us-east-1.amazonaws.com/x"}, "unexpected scheme or path"),
        ({"action": "GetSessionToken"}, "unexpected action"),
        ({"more": "&Foo=bar"}, "non-whitelisted"),
        ({"more": "&action=GetCallerIdentity"}, "multiple values"),
        ({"expires": 901}, "invalid X-Amz-Expires"),
    ],
    ids=short,
)
def test_tokens_that_do_not_authenticate(changes: dict[str, Any], error: str) -> None:
    found = status(token(presign(**changes)))
    assert found["authenticated"] is False
    assert error in found["error"]


@pytest.mark.parametrize(
    "bearer",
    ["", "abc", "k8s-aws-v1.", "k8s-aws-v1.!!!", "k8s-aws-v1." + "a" * 5000, "k8s-aws-v2.aHR0cHM6Ly94"],
)
def test_what_is_no_such_token(bearer: str) -> None:
    assert status(bearer)["authenticated"] is False


def test_padding_is_refused() -> None:
    url = presign()
    url += " " * (1 + len(url) % 3 == 0)
    padded = "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=") + "="
    assert "padded" in status(padded)["error"]


@pytest.mark.parametrize(("minutes", "good"), [(14, True), (16, False), (-4, True), (-6, False)])
def test_a_token_is_good_for_fifteen_minutes(minutes: int, good: bool) -> None:
    now = datetime.now(timezone.utc) + timedelta(minutes=minutes)
    assert status(token(presign()), now)["authenticated"] is good


def test_a_changed_url_breaks_the_signature() -> None:
    assert status(token(presign().replace("2011-06-15", "2011-06-16")))["authenticated"] is False


def test_a_parameter_that_comes_twice() -> None:
    # Added after signing: botocore joins what comes twice.
    assert "multiple values" in status(token(presign() + "&Action=GetCallerIdentity"))["error"]


def test_the_review_over_http(bench: Bench) -> None:
    body = {
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "TokenReview",
        "spec": {"token": token(presign())},
    }
    code, answer = bench.answer("POST", "/tokenreview", body)
    assert (code, answer["status"]["authenticated"]) == (200, True)
    assert bench.answer("POST", "/tokenreview", b"[")[0] == 400


@pytest.fixture
def assumed(bench: Bench) -> Iterator[dict[str, str]]:
    """The credentials of a session that AssumeRole gave, as `presign` takes them."""
    iam = bench.aws("iam")
    document = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, '
    document += '"Action": "sts:AssumeRole"}]}'
    iam.create_role(RoleName="Deployer", Path="/ops/", AssumeRolePolicyDocument=document)
    role = f"arn:aws:iam::{ACCOUNT}:role/ops/Deployer"
    given = bench.aws("sts").assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
    yield {
        "key": given["AccessKeyId"],
        "secret": given["SecretAccessKey"],
        "session_token": given["SessionToken"],
    }
    iam.delete_role(RoleName="Deployer")


def reviewed(bench: Bench, bearer: str) -> dict[str, Any]:
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": {"token": bearer}}
    found = bench.answer("POST", "/tokenreview", body)[1]["status"]
    assert isinstance(found, dict)
    return found


def test_a_session_of_assume_role_is_its_role(bench: Bench, assumed: dict[str, Any]) -> None:
    assert assumed["key"].startswith("ASIA")
    found = reviewed(bench, token(presign(**assumed)))
    assert found["authenticated"], found
    user = found["user"]
    assert user["username"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/Deployer/me"
    assert user["groups"] == ["system:masters", "system:authenticated"]
    assert user["extra"]["canonicalArn"] == [f"arn:aws:iam::{ACCOUNT}:role/Deployer"]
    assert user["extra"]["sessionName"] == ["me"]
    assert user["extra"]["accessKeyId"] == [assumed["key"]]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"session_token": None}, "security token included in the request is invalid"),
        ({"session_token": "another"}, "security token included in the request is invalid"),
        ({"secret": "guessed"}, "the signature is not that of this account"),
        ({"key": "ASIAMADEUP"}, "not one of this account"),
    ],
    ids=short,
)
def test_its_credentials_belong_together(
    bench: Bench, assumed: dict[str, Any], changes: dict[str, Any], error: str
) -> None:
    assert error in reviewed(bench, token(presign(**{**assumed, **changes})))["error"]


def test_a_user_has_no_session_token() -> None:
    assert "is invalid" in status(token(presign(session_token="x")))["error"]


def test_a_session_ends() -> None:
    sessions = Sessions()
    sessions.keep(
        Answer(
            200,
            [],
            b"<r><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/r/me</Arn></AssumedRoleUser>"
            b"<AccessKeyId>ASIAX</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
            b"<Expiration>2020-01-01T00:00:00.000Z</Expiration></r>",
        )
    )
    bearer = token(presign(key="ASIAX", secret="s", session_token="t"))
    assert "is expired" in status(bearer, sessions=sessions)["error"]
