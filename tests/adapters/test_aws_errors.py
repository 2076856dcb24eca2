# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWS's errors, and the SDK's, become."""

from __future__ import annotations

from typing import Any

import pytest
from botocore import exceptions
from botocore.exceptions import ClientError

from ansible_collections.iamsa.eks.plugins.module_utils.aws.call import translated
from ansible_collections.iamsa.eks.plugins.module_utils.errors import (
    Denied,
    IamsaError,
    Refused,
    RemoteError,
    ResourceRef,
    Unlocated,
)

LOG_IN = "log in again (aws sso login), renew the access keys, or use another <profile>"
ROLE = ResourceRef("role", "app")
URL = "https://iam.amazonaws.com"


def answered(code: str, message: str = "words of AWS", operation: str = "GetRole") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


def translation(error: Exception) -> IamsaError:
    with pytest.raises(IamsaError) as caught, translated("iam:GetRole", ROLE):
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        pytest.param(
            "AccessDenied",
            "AWS denied iam:GetRole for role app: words of AWS;"
            " allow iam:GetRole,"
            " for example with https://github.com/iamsa/iamsa/blob/main/docs/permissions/base.json",
            id="denied",
        ),
        pytest.param(
            "ExpiredToken",
            f"the AWS credentials have expired (iam:GetRole: ExpiredToken); {LOG_IN}",
            id="expired",
        ),
        pytest.param(
            "InvalidClientTokenId",
            f"AWS rejected the credentials (iam:GetRole: InvalidClientTokenId: words of AWS); {LOG_IN}",
            id="unknown-key",
        ),
        pytest.param(
            "SignatureDoesNotMatch",
            f"AWS rejected the credentials (iam:GetRole: SignatureDoesNotMatch: words of AWS); {LOG_IN}",
            id="wrong-secret",
        ),
        pytest.param(
            "Throttling",
            "AWS throttled iam:GetRole for role app on every attempt; run the same command again later",
            id="throttled",
        ),
        pytest.param(
            "LimitExceeded",
            "iam:GetRole for role app would exceed a quota: words of AWS; stay within the quota",
            id="quota",
        ),
        pytest.param(
            "UnmodifiableEntity",
            "iam:GetRole for role app failed: AWS protects this role: only the AWS service that owns it"
            " can change it; use another role, with <role_name>",
            id="protected",
        ),
        pytest.param(
            "NoSuchEntity", "iam:GetRole for role app failed: NoSuchEntity: words of AWS", id="other"
        ),
    ],
)
def test_an_answer_of_aws(code: str, sentence: str) -> None:
    assert str(translation(answered(code))) == sentence


@pytest.mark.parametrize(
    ("message", "raises"),
    [
        ("Cannot exceed quota for ACLSizePerRole: 2048", True),
        ("Cannot exceed quota for PoliciesPerRole: 10", True),
        ("Cannot exceed quota for RolesPerAccount: 1000", True),
        ("Cannot exceed quota for OpenIdConnectProvidersPerAccount: 100", True),
        ("Maximum policy size of 10240 bytes exceeded for role app", False),
        ("Cannot exceed quota for PolicySize: 6144", False),
        ("Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100", False),
        ("The number of tags has reached the maximum limit.", False),
    ],
)
def test_only_of_quotas_that_aws_raises_it_is_said(message: str, raises: bool) -> None:
    with pytest.raises(RemoteError) as caught, translated("iam:CreateRole", ROLE):
        raise answered("LimitExceeded", message)
    assert ("increase" in caught.value.remedy) == raises


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation"])
def test_a_denial_names_its_action_for_machines(code: str) -> None:
    error = translation(answered(code))
    assert isinstance(error, Denied)
    assert error.action == "iam:GetRole"


@pytest.mark.parametrize("code", ["AccessDenied", "LimitExceeded", "NoSuchEntity"])
def test_the_resource_is_told_by_its_parts_whatever_the_sentence_calls_it(code: str) -> None:
    with (
        pytest.raises(IamsaError, match="iam:PutRolePolicy for inline policy p of role app") as caught,
        translated("iam:PutRolePolicy", ROLE, words="inline policy p of role app"),
    ):
        raise answered(code)
    assert caught.value.resource == ROLE


def test_the_action_that_a_denial_is_about_is_aws_own_word() -> None:
    """CreateRole with tags, and without the right to tag: AWS names the other action."""
    message = "User: u is not authorized to perform: iam:TagRole on resource: r because no policy allows it"
    error = translation(answered("AccessDenied", message))
    assert isinstance(error, Denied)
    assert error.action == "iam:TagRole"
    assert str(error.problem) == f"AWS denied iam:GetRole for role app: {message}"
    assert str(error.remedy).startswith("allow iam:TagRole, for example with https://")


@pytest.mark.parametrize("code", ["NoSuchEntity", "Throttling", "ExpiredToken", "LimitExceeded"])
def test_aws_own_code_is_kept_for_machines(code: str) -> None:
    error = translation(answered(code))
    assert isinstance(error, RemoteError)
    assert error.code == code


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        pytest.param("AssumeRole", "sts:AssumeRole", id="assume-role"),
        pytest.param("AssumeRoleWithWebIdentity", "sts:AssumeRoleWithWebIdentity", id="web-identity"),
        pytest.param("GetRoleCredentials", "sso:GetRoleCredentials", id="sso"),
    ],
)
def test_what_getting_credentials_is_denied_is_named_as_such(operation: str, action: str) -> None:
    """The profile's own role: it is asked for in the middle of our first call."""
    error = translation(answered("AccessDenied", operation=operation))
    assert isinstance(error, Denied)
    assert error.action == action
    assert str(error).startswith(f"AWS denied {action} while getting the credentials: words of AWS")


def test_an_answer_is_told_on_one_printable_line() -> None:
    assert "a b \\x1b[31m" not in str(translation(answered("X", "a\n b\x1b[31m")))
    assert str(translation(answered("X", "a\n  b."))).endswith(": X: a b")


def test_an_answer_without_a_message_tells_its_code() -> None:
    assert str(translation(answered("Boom", ""))).endswith("failed: Boom: Boom")


UNANSWERED: list[Any] = [
    pytest.param(exceptions.ReadTimeoutError(endpoint_url=URL), "ReadTimeout", id="read-timeout"),
    pytest.param(exceptions.ConnectTimeoutError(endpoint_url=URL), "ConnectTimeout", id="connect-timeout"),
    pytest.param(
        exceptions.EndpointConnectionError(endpoint_url=URL, error="refused"),
        "EndpointConnection",
        id="refused",
    ),
    pytest.param(exceptions.ConnectionClosedError(endpoint_url=URL), "ConnectionClosed", id="closed"),
]


@pytest.mark.parametrize(("error", "code"), UNANSWERED)
def test_no_answer_is_told_with_the_address_and_what_to_check(error: Exception, code: str) -> None:
    translated_error = translation(error)

    assert isinstance(translated_error, RemoteError)
    assert translated_error.code == code
    assert str(translated_error).endswith("check the network, <region> and AWS_ENDPOINT_URL")
    assert URL in str(translated_error)


def test_a_proxy_that_is_not_there_is_blamed_itself() -> None:
    error = translation(exceptions.ProxyConnectionError(proxy_url="http://me:pw@proxy.example", error="x"))
    assert str(error) == (
        "iam:GetRole: could not connect to the proxy http://proxy.example;"
        " check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
    )


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(exceptions.SSOTokenLoadError(error_msg="gone"), id="sso-token-load"),
        pytest.param(exceptions.UnauthorizedSSOTokenError(), id="sso-token-expired"),
        pytest.param(exceptions.TokenRetrievalError(provider="sso", error_msg="gone"), id="token-retrieval"),
        pytest.param(exceptions.CredentialRetrievalError(provider="process", error_msg="no"), id="process"),
    ],
)
def test_credentials_that_cannot_be_used_say_how_to_get_new_ones(error: Exception) -> None:
    told = str(translation(error))
    assert told.startswith("the AWS credentials cannot be used: ")
    assert told.endswith(LOG_IN)


def test_no_credentials_say_how_to_give_some() -> None:
    error = translation(exceptions.NoCredentialsError())
    assert isinstance(error, Unlocated)
    assert str(error) == (
        "no AWS credentials were found for iam:GetRole;"
        " use <profile>, set AWS_PROFILE or AWS_ACCESS_KEY_ID, or log in"
    )


def test_half_of_the_credentials_says_which_half() -> None:
    error = exceptions.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY")
    assert "AWS_SECRET_ACCESS_KEY" in str(translation(error))


def test_an_error_of_ours_passes_as_it_is() -> None:
    error = Refused("no")
    assert translation(error) is error


def test_a_bug_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), translated("iam:GetRole"):
        raise ZeroDivisionError


def test_a_missing_file_that_credentials_are_in() -> None:
    error = translation(FileNotFoundError(2, "No such file or directory", "/run/token"))
    assert isinstance(error, RemoteError)
    assert str(error.problem) == "the AWS credentials cannot be used: /run/token: No such file or directory"
    assert str(error.remedy) == LOG_IN


def test_a_certificate_that_is_not_trusted_names_the_bundle() -> None:
    error = translation(exceptions.SSLError(endpoint_url=URL, error=ValueError("bad")))
    assert str(error.problem) == (
        f"iam:GetRole: the certificate of {URL} is not trusted, or the CA bundle cannot be read"
    )
    assert "AWS_CA_BUNDLE" in error.remedy


def test_credentials_in_an_endpoints_address_are_not_told() -> None:
    address = "http://user:s3cret@aws.example"
    error = translation(exceptions.EndpointConnectionError(endpoint_url=address, error="refused"))
    assert str(error).startswith("iam:GetRole: http://aws.example did not answer")
