"""The gate between an emulator and a stand-in for the API server: all that can be tried without a cluster."""

from __future__ import annotations

import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config as BotoConfig
from botocore.exceptions import ClientError
from gate.apiserver import KID, Seen
from joserfc import jwt
from joserfc.jwk import RSAKey
from pocket_eks.control import Control
from pocket_eks.gate.config import Command, Config

Json = dict[str, Any]
ACCOUNT = "123456789012"
ADMIN = "admin"
ISSUER = "https://oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER.removeprefix('https://')}"
SUBJECT = "system:serviceaccount:web:shop"
PERMISSIONS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}
CONFIG = Config(
    account=ACCOUNT,
    partition="aws",
    region="us-east-1",
    cluster="demo",
    issuer=ISSUER,
    ca="",
    ca_path="",
    tls_cert="",
    tls_key="",
    aws_port=15001,
    aws_upstream="",
    kube_port=0,
    kube_upstream="",
    kube_token="",
    control_port=0,
    replica=Command(port=0, argv=[], env={}, log=""),
    admin_access_key="AKIAADMIN",
    admin_secret_key="administers",
)
"""A gate's configuration, for what needs no gate."""


@dataclass
class Bench:
    """The running processes; ports are on 127.0.0.1."""

    aws_port: int
    kube_port: int
    control: Control
    ca: Path
    signing_key: RSAKey
    seen: Seen

    def aws(self, service: str, region: str = "us-east-1", key: str = "testing") -> Any:
        """A client of AWS that tries once; `key` is the access key ID and the secret."""
        return boto3.client(
            service,  # type: ignore[call-overload]
            endpoint_url=f"http://127.0.0.1:{self.aws_port}",
            region_name=region,
            aws_access_key_id=key,
            aws_secret_access_key=key,
            config=BotoConfig(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20),
        )

    def kube(self) -> HTTPSConnection:
        """A connection to the Kubernetes side."""
        context = ssl.create_default_context(cafile=str(self.ca))
        return HTTPSConnection("127.0.0.1", self.kube_port, timeout=10, context=context)

    def token(self, key: RSAKey | None = None, kid: str = KID, **claims: Any) -> str:
        """A ServiceAccount's token as the API server makes it; None leaves a claim out."""
        now = int(time.time())
        usual = {"iss": ISSUER, "sub": SUBJECT, "aud": ["sts.amazonaws.com"], "iat": now, "nbf": now}
        all_claims = {**usual, "exp": now + 3600, **claims}
        stated = {name: value for name, value in all_claims.items() if value is not None}
        return jwt.encode({"alg": "RS256", "kid": kid}, stated, key or self.signing_key)

    def answer(self, method: str, path: str, body: object) -> tuple[int, Any]:
        """The control API's answer, whatever its status."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.control.url + path, method=method, data=data)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, json.loads(response.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())


def trust(**changes: Any) -> str:
    """The trust policy of SUBJECT; None leaves an element out of its statement."""
    host_path = ISSUER.removeprefix("https://")
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{host_path}:sub": SUBJECT, f"{host_path}:aud": "sts.amazonaws.com"}},
        **changes,
    }
    kept = {name: value for name, value in statement.items() if value is not None}
    return json.dumps({"Version": "2012-10-17", "Statement": [kept]})


def refusal(call: Callable[[], Any]) -> tuple[str, int, str]:
    """Code, HTTP status and message of the error that a call ends with."""
    try:
        call()
    except ClientError as error:
        told = error.response
        return told["Error"]["Code"], told["ResponseMetadata"]["HTTPStatusCode"], told["Error"]["Message"]
    raise AssertionError("the call was let through")


def wait_for(what: Callable[[], Any]) -> Any:
    """The first true result, within 10 seconds."""
    deadline = time.monotonic() + 10
    while not (found := what()):
        assert time.monotonic() < deadline, "waited 10 seconds in vain"
        time.sleep(0.02)
    return found


def short(value: object) -> str:
    """A test case's name."""
    return str(value)[:40]
