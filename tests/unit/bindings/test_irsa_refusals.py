# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What STS's refusals mean; the messages were reported by users: see the gate's web_identity.py."""

from __future__ import annotations

import pytest
from unit.fakes.examples import AUDIENCE, CLUSTER, ISSUER, ROLE_ARN

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.irsa.refusals import explained
from ansible_collections.iamsa.eks.plugins.module_utils.identity.arn import Arn
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Reason, Refusal, RoleLook

IDENTITY = "InvalidIdentityToken"
DENIED = "AccessDenied"


def reason(code: str, message: str = "", look: RoleLook = "unread") -> Reason:
    role = Arn.parse(ROLE_ARN)
    assert role
    return explained(Refusal(code, message), role, CLUSTER, AUDIENCE, look)


@pytest.mark.parametrize(
    ("code", "message", "cause", "words"),
    [
        (
            IDENTITY,
            f"No OpenIDConnect provider found in your account for {ISSUER}",
            "providerMissing",
            f"account 123456789012 has no OIDC provider for the cluster's issuer {ISSUER}",
        ),
        (
            IDENTITY,
            "Incorrect token audience",
            "audienceNotAccepted",
            "the cluster's OIDC provider in account 123456789012 does not list the audience"
            " sts.amazonaws.com",
        ),
        (
            IDENTITY,
            "Couldn't retrieve verification key from your identity provider,  please reference …",
            "issuerKeysMissing",
            f"AWS could not get the token's verification key from the cluster's issuer {ISSUER}",
        ),
        (
            IDENTITY,
            "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
            "thumbprintMismatch",
            f"the certificate of the cluster's issuer {ISSUER} does not match the thumbprints of its OIDC"
            " provider in account 123456789012",
        ),
        (
            IDENTITY,
            "Missing a required claim: aud",
            "tokenNotAccepted",
            "AWS does not accept the token: Missing a required claim: aud",
        ),
        (
            "ExpiredTokenException",
            "Token too old: 86400",
            "tokenExpired",
            "AWS rejected a new token as expired: the cluster's clock is wrong",
        ),
        (
            "IDPRejectedClaim",
            "accounts.example: responded with HTTP/1.1 400 Bad Request",
            "refused",
            "AWS refused the request: accounts.example: responded with HTTP/1.1 400 Bad Request",
        ),
        (
            "ExpiredToken",
            "The security token included in the request is expired",
            "credentialsNotAccepted",
            "AWS issued credentials for the role but does not accept them yet",
        ),
        (
            IDENTITY,
            "The web identity token provided could not be validated",
            "tokenNotAccepted",
            "AWS does not accept the token: The web identity token provided could not be validated",
        ),
        (
            "ExpiredTokenException",
            "Token expired: current date/time 2 must be before the expiration date/time 1",
            "tokenExpired",
            "AWS rejected a new token as expired: the cluster's clock is wrong",
        ),
        (
            "IDPCommunicationError",
            "Couldn't retrieve…",
            "issuerNotReachable",
            f"AWS could not reach the cluster's issuer {ISSUER} to verify the token",
        ),
        (
            "InvalidClientTokenId",
            "The security token included in the request is invalid",
            "credentialsNotAccepted",
            "AWS issued credentials for the role but does not accept them yet",
        ),
        (
            "RegionDisabledException",
            "STS is not activated in this region for account:123456789012. Your account administrator can …",
            "stsNotActivated",
            "STS is not activated in region eu-west-1 for account 123456789012",
        ),
        ("PackedPolicyTooLarge", "", "refused", "AWS refused the request: PackedPolicyTooLarge"),
    ],
)
def test_each_refusal_is_told_in_words_with_its_code(code: str, message: str, cause: str, words: str) -> None:
    assert reason(code, message) == Reason(cause, words, code)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("look", "cause", "words"),
    [
        ("there", "notTrusted", "the role's trust policy does not allow it to assume the role"),
        ("missing", "roleMissing", "role app does not exist"),
        ("otherPath", "otherPath", "role app has a different path from the one in the annotation"),
        (
            "unread",
            "notAdmitted",
            "the role's trust policy does not allow it to assume the role, or the role does not exist",
        ),
        (
            "elsewhere",
            "notAdmitted",
            "the role's trust policy does not allow it to assume the role, or the role does not exist in"
            " account 123456789012",
        ),
    ],
)
def test_sts_does_not_tell_whether_there_is_a_role_and_getrole_does(
    look: RoleLook, cause: str, words: str
) -> None:
    found = reason(DENIED, "Not authorized to perform sts:AssumeRoleWithWebIdentity", look)
    assert found == Reason(cause, words, DENIED)  # type: ignore[arg-type]


@pytest.mark.parametrize("message", ["Request ARN is invalid", f"{ROLE_ARN} is invalid"])
def test_an_arn_that_sts_does_not_accept_lasts(message: str) -> None:
    found = reason("ValidationError", message)
    assert (found.cause, found.lasts) == ("malformedArn", True)


def test_other_refusals_do_not_last() -> None:
    assert not reason("ValidationError", "1 validation error detected").lasts
    assert not reason(DENIED, look="missing").lasts
