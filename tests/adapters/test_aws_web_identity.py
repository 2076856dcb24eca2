# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A token taken to STS: what goes over the wire, and what of it is ever seen again."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from adapters.aws_wire import Reply, failure, result
from adapters.scripted_server import Scripted, scripted_server

from ansible_collections.iamsa.eks.plugins.module_utils.aws.open_session import open_session
from ansible_collections.iamsa.eks.plugins.module_utils.aws.options import AwsOptions
from ansible_collections.iamsa.eks.plugins.module_utils.aws.sts import Sts
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Refusal, Token

ROLE = "arn:aws:iam::123456789012:role/iamsa/app"
SELF = "arn:aws:sts::123456789012:assumed-role/app/iamsa-verify-web-app"
TOKEN = Token("e30.plantedtoken.x")
ASSUMED = result(
    "AssumeRoleWithWebIdentity",
    "<Credentials><AccessKeyId>ASIAPLANTED</AccessKeyId><SecretAccessKey>plantedsecret</SecretAccessKey>"
    "<SessionToken>plantedsession</SessionToken><Expiration>2026-01-01T00:00:00Z</Expiration></Credentials>",
)
IDENTITY = result("GetCallerIdentity", f"<Arn>{SELF}</Arn>")
SECRETS = ("plantedtoken", "ASIAPLANTED", "plantedsecret", "plantedsession")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    """STS, for a process that has no credentials of its own; pauses take no time."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    with scripted_server() as server:
        yield server


@pytest.fixture
def sts(aws_environ: object, server: Scripted) -> Sts:  # noqa: ARG001
    options = AwsOptions(endpoint_url=server.url)
    return Sts(open_session("eu-west-1", None, Deadline(30), options=options))


def assume(sts: Sts, server: Scripted, *replies: Reply) -> str | Refusal:
    server.replies = [(status, {}, text.encode()) for status, text in replies if isinstance(status, int)]
    return sts.assume(ROLE, TOKEN, "iamsa-verify-web-app")


def refusal(code: str, message: str, status: int = 400) -> Reply:
    return status, (
        f"<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
    )


def test_a_refusal_without_a_message_has_none(sts: Sts, server: Scripted) -> None:
    assert assume(sts, server, refusal("AccessDenied", "", 403)) == Refusal("AccessDenied", "")


def test_the_token_goes_unsigned_for_a_short_session_that_may_do_nothing(sts: Sts, server: Scripted) -> None:
    assert assume(sts, server, ASSUMED, IDENTITY) == SELF
    asked = {key: value for key, [value] in parse_qs(server.bodies[0].decode()).items()}
    policy = json.loads(asked.pop("Policy"))
    assert asked == {
        "Action": "AssumeRoleWithWebIdentity",
        "Version": "2011-06-15",
        "RoleArn": ROLE,
        "RoleSessionName": "iamsa-verify-web-app",
        "WebIdentityToken": TOKEN.value,
        "DurationSeconds": "900",
    }
    assert policy["Statement"] == [{"Effect": "Deny", "Action": "*", "Resource": "*"}]
    assert "Authorization" not in server.seen[0]


def test_what_comes_back_is_used_to_ask_who_it_is(sts: Sts, server: Scripted) -> None:
    assume(sts, server, ASSUMED, IDENTITY)
    assert b"Action=GetCallerIdentity" in server.bodies[1]
    assert "Credential=ASIAPLANTED/" in server.seen[1]["Authorization"]
    assert server.seen[1]["X-Amz-Security-Token"] == "plantedsession"
    assert len(server.seen) == 2


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("AccessDenied", 403),
        ("InvalidIdentityToken", 400),
        ("ExpiredTokenException", 400),
        ("IDPCommunicationError", 400),
        ("IDPRejectedClaim", 403),
        ("ValidationError", 400),
        ("RegionDisabledException", 403),
    ],
)
def test_a_refusal_is_an_answer(sts: Sts, server: Scripted, code: str, status: int) -> None:
    assert assume(sts, server, refusal(code, "words  of\nAWS.", status)) == Refusal(code, "words of AWS")


def test_credentials_that_are_not_taken_yet_are_a_refusal_too(sts: Sts, server: Scripted) -> None:
    found = assume(sts, server, ASSUMED, refusal("InvalidClientTokenId", "words", 403))
    assert found == Refusal("InvalidClientTokenId", "words")


def test_a_token_that_aws_tells_back_is_taken_out(sts: Sts, server: Scripted) -> None:
    told = f"Value &apos;{TOKEN.value}&apos; at &apos;webIdentityToken&apos; failed"
    found = assume(sts, server, refusal("ValidationError", told))
    assert found == Refusal("ValidationError", "Value 'TOKEN' at 'webIdentityToken' failed")


@pytest.mark.parametrize("reply", [failure("sts", 500, "InternalFailure"), failure("sts", 400, "Throttling")])
@pytest.mark.parametrize("before", [(), (ASSUMED,)], ids=["assuming", "asking who it is"])
def test_where_aws_does_not_answer_it_is_not_known(
    sts: Sts, server: Scripted, reply: Reply, before: tuple[Reply, ...]
) -> None:
    with pytest.raises(RemoteError) as caught:
        assume(sts, server, *before, reply)
    assert str(caught.value.remedy) == "run the same command again later"


def test_a_failure_on_the_way_is_outlived(sts: Sts, server: Scripted) -> None:
    broken = failure("sts", 503, "ServiceUnavailable")
    assert assume(sts, server, broken, ASSUMED, broken, IDENTITY) == SELF


def test_nothing_secret_is_in_an_error_or_its_traceback(sts: Sts, server: Scripted) -> None:
    with pytest.raises(RemoteError) as caught:
        assume(sts, server, ASSUMED, failure("sts", 500, "InternalFailure"))
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(caught.value.args)
    assert not [secret for secret in SECRETS if secret in told]


def test_nothing_secret_is_logged_by_us(sts: Sts, server: Scripted, caplog: pytest.LogCaptureFixture) -> None:
    """botocore's own debug log holds requests; iamsa never turns it on, and writes none."""
    caplog.set_level(logging.INFO)
    assume(sts, server, ASSUMED, IDENTITY)
    assert not [secret for secret in SECRETS if secret in caplog.text]
