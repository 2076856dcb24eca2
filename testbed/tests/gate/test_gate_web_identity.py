"""AssumeRoleWithWebIdentity through the running gate: what STS refuses, and what it gives."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from gate.bench import ACCOUNT, ISSUER, PROVIDER, SUBJECT, Bench, refusal, short, trust
from joserfc.jwk import RSAKey

ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/Shop"
NO_KEY = (
    "Couldn't retrieve verification key from your identity provider,  "
    "please reference AssumeRoleWithWebIdentity documentation for requirements"
)
NO_JWT = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
DENIED = ("AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithWebIdentity")
IN_THE_FUTURE = 4_102_444_800  # 2100-01-01
OTHER_KEY = RSAKey.generate_key(2048)


@pytest.fixture
def role(bench: Bench) -> Iterator[str]:
    """A role that trusts SUBJECT, for sessions of up to two hours."""
    iam = bench.aws("iam")
    iam.create_role(RoleName="Shop", Path="/team/", AssumeRolePolicyDocument=trust(), MaxSessionDuration=7200)
    yield ROLE
    iam.delete_role(RoleName="Shop")


def assume(bench: Bench, token: str, role_arn: str = ROLE, **more: Any) -> Any:
    arguments = {"RoleArn": role_arn, "RoleSessionName": "test", "WebIdentityToken": token, **more}
    return bench.aws("sts").assume_role_with_web_identity(**arguments)


def test_the_right_token_gets_credentials_that_work(bench: Bench, role: str) -> None:
    answer = assume(bench, bench.token(), role, DurationSeconds=7200)
    assert answer["SubjectFromWebIdentityToken"] == SUBJECT
    assert answer["Audience"] == "sts.amazonaws.com"
    assert answer["Provider"] == PROVIDER
    assumed = f"arn:aws:sts::{ACCOUNT}:assumed-role/Shop/test"
    assert answer["AssumedRoleUser"]["Arn"] == assumed
    role_id = bench.aws("iam").get_role(RoleName="Shop")["Role"]["RoleId"]
    assert answer["AssumedRoleUser"]["AssumedRoleId"] == f"{role_id}:test"
    keys = answer["Credentials"]
    session = boto3.Session(
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        region_name="us-east-1",
    )
    sts = session.client("sts", endpoint_url=f"http://127.0.0.1:{bench.aws_port}")
    assert sts.get_caller_identity()["Arn"] == assumed


def test_a_condition_on_the_callers_address_is_judged(bench: Bench, role: str) -> None:
    iam = bench.aws("iam")
    for network in ("127.0.0.0/8", "192.0.2.0/24"):
        condition = {"IpAddress": {"aws:SourceIp": network}}
        iam.update_assume_role_policy(RoleName="Shop", PolicyDocument=trust(Condition=condition))
        if network == "127.0.0.0/8":
            assert assume(bench, bench.token(), role)["Credentials"]
        else:
            assert refusal(lambda: assume(bench, bench.token(), role)) == DENIED


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"sub": "system:serviceaccount:web:other"}, DENIED),
        ({"aud": ["other"]}, ("InvalidIdentityToken", 400, "Incorrect token audience")),
        ({"exp": None}, ("InvalidIdentityToken", 400, "Missing a required claim: exp")),
        ({"aud": None}, ("InvalidIdentityToken", 400, "Missing a required claim: aud")),
        (
            {"iss": ISSUER + "0"},
            (
                "InvalidIdentityToken",
                400,
                f"No OpenIDConnect provider found in your account for {ISSUER}0",
            ),
        ),
        ({"kid": "another"}, ("InvalidIdentityToken", 400, NO_KEY)),
        (
            {"key": OTHER_KEY},
            ("InvalidIdentityToken", 400, "The web identity token provided could not be validated"),
        ),
        (
            {"iat": IN_THE_FUTURE},
            ("InvalidIdentityToken", 400, "The web identity token provided is not valid yet"),
        ),
    ],
    ids=[
        "another subject",
        "another audience",
        "no expiry",
        "no audience",
        "unregistered issuer",
        "unknown key",
        "forged signature",
        "issued in the future",
    ],
)
def test_tokens_that_sts_refuses(
    bench: Bench, role: str, claims: dict[str, Any], expected: tuple[str, int, str]
) -> None:
    assert refusal(lambda: assume(bench, bench.token(**claims), role)) == expected


def test_an_expired_token(bench: Bench, role: str) -> None:
    expired = int(time.time()) - 10
    code, status, message = refusal(lambda: assume(bench, bench.token(exp=expired), role))
    assert (code, status) == ("ExpiredTokenException", 400)
    assert message.startswith("Token expired: current date/time ")
    assert message.endswith(f" must be before the expiration date/time {expired}")


def test_an_issuer_that_is_registered_but_whose_keys_cannot_be_had(bench: Bench, role: str) -> None:
    iam = bench.aws("iam")
    other = "https://oidc.eks.eu-west-1.amazonaws.com/id/OTHER"
    arn = iam.create_open_id_connect_provider(Url=other, ClientIDList=["sts.amazonaws.com"])[
        "OpenIDConnectProviderArn"
    ]
    try:
        told = refusal(lambda: assume(bench, bench.token(iss=other), role))
        assert told == ("InvalidIdentityToken", 400, NO_KEY)
    finally:
        iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)


def test_an_audience_must_be_in_the_providers_list_and_in_the_trust(bench: Bench, role: str) -> None:
    iam = bench.aws("iam")
    iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER, ClientID="vault")
    try:
        assert refusal(lambda: assume(bench, bench.token(aud=["vault"]), role)) == DENIED
        iam.update_assume_role_policy(RoleName="Shop", PolicyDocument=trust(Condition=None))
        assert assume(bench, bench.token(aud=["vault"]), role)["Audience"] == "vault"
    finally:
        iam.remove_client_id_from_open_id_connect_provider(
            OpenIDConnectProviderArn=PROVIDER, ClientID="vault"
        )


@pytest.mark.parametrize("name", ["role/Shop", "role/team/shop", "role/team/None", "role/other/Shop"])
def test_a_role_is_named_exactly_and_a_missing_one_is_not_told(bench: Bench, role: str, name: str) -> None:
    assert role == ROLE
    assert refusal(lambda: assume(bench, bench.token(), f"arn:aws:iam::{ACCOUNT}:{name}")) == DENIED


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("nothing", NO_JWT),
        ("a.b.c", NO_JWT),
        ("W10.W10.", NO_JWT),
        ("eyJhbGciOiJub25lIn0.e30.", "Missing a required claim: iss"),
    ],
    ids=short,
)
def test_what_is_no_token(bench: Bench, token: str, expected: str) -> None:
    assert refusal(lambda: assume(bench, token)) == ("InvalidIdentityToken", 400, expected)


def test_an_unsigned_token_is_refused(bench: Bench, role: str) -> None:
    head, body, _ = bench.token().split(".")
    assert refusal(lambda: assume(bench, f"{head}.{body}.", role))[0] == "InvalidIdentityToken"
    none = "eyJhbGciOiJub25lIiwia2lkIjoia2V5LTEifQ"  # {"alg":"none","kid":"key-1"}
    assert refusal(lambda: assume(bench, f"{none}.{body}.", role))[0] == "InvalidIdentityToken"


def test_the_session_is_limited_by_the_role(bench: Bench, role: str) -> None:
    told = refusal(lambda: assume(bench, bench.token(), role, DurationSeconds=7201))
    assert told[:2] == ("ValidationError", 400)
    assert told[2] == "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"RoleSessionName": "a b"}, r"Member must satisfy regular expression pattern: [\w+=,.@-]*"),
        ({"RoleSessionName": "x" * 65}, "Member must have length less than or equal to 64"),
        ({"DurationSeconds": 43201}, "Member must have value less than or equal to 43200"),
        ({"RoleArn": "arn:aws:iam::1:role/ShopShop"}, "Request ARN is invalid"),
    ],
    ids=short,
)
def test_parameters_that_sts_refuses(bench: Bench, more: dict[str, Any], message: str) -> None:
    code, status, told = refusal(lambda: assume(bench, bench.token(), **more))
    assert (code, status) == ("ValidationError", 400)
    assert told.endswith(message)


def test_an_identity_provider_that_cannot_be_reached_is_a_fault(bench: Bench, role: str) -> None:
    bench.control.fault("aws", "sts:AssumeRoleWithWebIdentity", {"error": "IDPCommunicationError"})
    code, status, _ = refusal(lambda: assume(bench, bench.token(), role))
    assert (code, status) == ("IDPCommunicationError", 400)
    [call] = [call for call in bench.control.calls() if call["action"].startswith("sts:")]
    assert (call["write"], call["status"]) == (False, 400)


def test_a_denial_wins_over_the_trust(bench: Bench, role: str) -> None:
    document = json.loads(trust())
    document["Statement"].append({"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "sts:*"})
    document["Statement"][1]["Action"] = "sts:AssumeRoleWithWebIdentity"
    bench.aws("iam").update_assume_role_policy(RoleName="Shop", PolicyDocument=json.dumps(document))
    assert refusal(lambda: assume(bench, bench.token(), role)) == DENIED
