# SPDX-License-Identifier: GPL-3.0-or-later

"""Why pods do not get their role: invalid annotations, and the meaning of STS's errors; pure.

Sources: the errors of
https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html and
https://repost.aws/knowledge-center/eks-troubleshoot-oidc-and-irsa
"""

from __future__ import annotations

from ...errors import excerpt, quoted
from ...identity.arn import Arn, parse_role_arn
from ...identity.cluster import ClusterRef
from ...identity.keys import ANNOTATION_AUDIENCE, ANNOTATION_ROLE_ARN
from ...model.observed import ServiceAccount
from ...model.verification import Cause, Reason, Refusal, RoleLook, missing_service_account
from .annotations import pods_refused

NOT_ADMITTED = "AccessDenied"
_NOT_TRUSTED = "the role's trust policy does not allow it to assume the role"
# GetCallerIdentity's errors for the role's credentials. For an expired token, it is ExpiredTokenException.
_NOT_ACCEPTED = (
    *("InvalidClientTokenId", "SignatureDoesNotMatch", "IncompleteSignature", "AuthFailure"),
    *("ExpiredToken", "UnrecognizedClientException"),
)


def role_to_assume(service_account: ServiceAccount | None) -> Arn | Reason:
    """The role that the webhook passes to pods, or why they cannot assume one."""
    if service_account is None:
        return missing_service_account()
    named = service_account.annotations.get(ANNOTATION_ROLE_ARN, "")
    if not named:
        return Reason("notAnnotated", f"it has no annotation {ANNOTATION_ROLE_ARN}", lasts=True)
    if refused := pods_refused(service_account):
        return Reason("podsRefused", refused, lasts=True)
    return parse_role_arn(named) or malformed(named)


def explained(
    refusal: Refusal, role: Arn, cluster: ClusterRef, audience: str, look: RoleLook = "unread"
) -> Reason:
    """Why STS refused a token of this cluster for this role; `look` is the result of reading the role."""
    code = refusal.code
    if code == NOT_ADMITTED:
        return _not_admitted(code, role, look)
    if code == "InvalidIdentityToken":
        return _not_accepted(refusal, role, cluster, audience)
    # STS has two forms of this message, the newer one with the value.
    if code == "ValidationError" and refusal.message in ("Request ARN is invalid", f"{role} is invalid"):
        return malformed(str(role), code)
    cause, words = _told(refusal, role, cluster)
    return Reason(cause, words, code)


def _told(refusal: Refusal, role: Arn, cluster: ClusterRef) -> tuple[Cause, str]:
    if refusal.code == "ExpiredTokenException":
        return "tokenExpired", "AWS rejected a new token as expired: the cluster's clock is wrong"
    if refusal.code == "IDPCommunicationError":
        return (
            "issuerNotReachable",
            f"AWS could not reach the cluster's issuer {cluster.issuer} to verify the token",
        )
    if refusal.code == "RegionDisabledException":
        return (
            "stsNotActivated",
            f"STS is not activated in region {cluster.region} for account {role.account}",
        )
    if refusal.code in _NOT_ACCEPTED:
        return "credentialsNotAccepted", "AWS issued credentials for the role but does not accept them yet"
    return "refused", f"AWS refused the request: {refusal.message or refusal.code}"


def _not_admitted(code: str, role: Arn, look: RoleLook) -> Reason:
    if look == "missing":
        return Reason("roleMissing", f"role {role.name} does not exist", code)
    if look == "otherPath":
        words = f"role {role.name} has a different path from the one in the annotation"
        return Reason("otherPath", words, code)
    if look == "there":
        return Reason("notTrusted", _NOT_TRUSTED, code)
    where = f" in account {role.account}" if look == "elsewhere" else ""
    words = f"{_NOT_TRUSTED}, or the role does not exist{where}"
    return Reason("notAdmitted", words, code)


def _not_accepted(refusal: Refusal, role: Arn, cluster: ClusterRef, audience: str) -> Reason:
    code, message = refusal.code, refusal.message
    if "thumbprint" in message:
        words = (
            f"the certificate of the cluster's issuer {cluster.issuer} does not match the thumbprints of its"
            f" OIDC provider in account {role.account}"
        )
        return Reason("thumbprintMismatch", words, code)
    if "OpenIDConnect provider" in message:
        words = f"account {role.account} has no OIDC provider for the cluster's issuer {cluster.issuer}"
        return Reason("providerMissing", words, code)
    if "audience" in message.lower():
        provider = f"the cluster's OIDC provider in account {role.account}"
        words = (
            f"{provider} does not list the audience {audience}"
            if audience
            else f"the annotation {ANNOTATION_AUDIENCE} is empty, so its tokens are for the API server, an"
            f" audience that {provider} does not list"
        )
        return Reason("audienceNotAccepted", words, code)
    if "verification key" in message:
        words = f"AWS could not get the token's verification key from the cluster's issuer {cluster.issuer}"
        return Reason("issuerKeysMissing", words, code)
    return Reason("tokenNotAccepted", f"AWS does not accept the token: {message}", code)


def malformed(named: str, code: str = "") -> Reason:
    """The reason for an annotation that is not a role's ARN; `code` is STS's, "" if STS was not called."""
    words = f"its annotation names {quoted(excerpt(named))}, which is not the ARN of an IAM role"
    return Reason("malformedArn", words, code, lasts=True)
