# SPDX-License-Identifier: GPL-3.0-or-later

"""Translate botocore's exceptions to IamsaError; no other module knows them.

Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and botocore/exceptions.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..errors import Denied, IamsaError, RemoteError, ResourceRef, Unlocated
from ..model.denial import read_denial
from ..model.permissions import aws_remedy, needed_action
from ..wording.text import RUN_AGAIN, Option, Sentence
from .unusable import NEW_CREDENTIALS, clock_error, unusable

_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "UnauthorizedAccess"}
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
_NOT_ACCEPTED = {
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "InvalidSignatureException",
    "AuthFailure",
    "IncompleteSignature",
    "MissingAuthenticationToken",
    "OptInRequired",
}
THROTTLED = {
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "SlowDown",
}
# Calls that botocore may make to get a profile's credentials, before it can sign a request.
_CREDENTIAL_CALLS = {
    "AssumeRole": "sts:AssumeRole",
    "AssumeRoleWithSAML": "sts:AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity": "sts:AssumeRoleWithWebIdentity",
    "GetRoleCredentials": "sso:GetRoleCredentials",
}
# Codes for which AWS's message is not helpful.
_REASONS = {"UnmodifiableEntity": "AWS protects this role: only the AWS service that owns it can change it"}
_REMEDIES = {"UnmodifiableEntity": "use another role, with " + Option("role_name")}
# "Cannot exceed quota for PoliciesPerRole: 10".
_QUOTA = re.compile(r"\bquota for (\w+)")
# The quotas that these calls can exceed and that AWS can increase, as Service Quotas lists them for IAM. The
# total size of inline policies, the tags of a role and the audiences of an OIDC provider are not adjustable.
_RAISABLE = {"ACLSizePerRole", "OpenIdConnectProvidersPerAccount", "PoliciesPerRole", "RolesPerAccount"}
_USERINFO = re.compile(r"//[^/@]*@")


def code_of(error: BaseException) -> str:
    """The AWS error code; "" if the error is not a response from AWS."""
    response: dict[str, Any] = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""


@contextmanager
def translated(
    action: str, resource: ResourceRef | None = None, *, words: str = "", profile: str = ""
) -> Iterator[None]:
    """Translate botocore's exceptions in the block to IamsaError; `action` is such as `iam:GetRole`.

    Messages describe the resource by `words`, if given, else by its kind and name. `profile` is the AWS
    profile whose credentials are loaded in the block, if it is known.

    Raises:
        Denied: AWS denied the action.
        Unlocated: no credentials were found.
        RemoteError: any other failure.
    """
    from botocore.exceptions import (  # noqa: PLC0415
        BotoCoreError,
        ClientError,
        HTTPClientError,
    )
    from botocore.exceptions import ConnectionError as EndpointError  # noqa: PLC0415

    try:
        yield
    except IamsaError:
        raise
    except ClientError as error:
        raise _answered(error, action, resource, words) from error
    except (HTTPClientError, EndpointError) as error:
        raise _unanswered(error, action) from error
    except BotoCoreError as error:
        raise _unasked(error, action, profile) from error
    except OSError as error:
        # A credentials file, such as AWS_WEB_IDENTITY_TOKEN_FILE; network errors are handled above.
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        raise RemoteError(
            f"the AWS credentials cannot be used: {one_line(what)}",
            code=type(error).__name__,
            remedy=NEW_CREDENTIALS,
        ) from error


def _answered(error: Any, action: str, resource: ResourceRef | None, words: str) -> IamsaError:
    code = code_of(error)
    message = one_line(error.response.get("Error", {}).get("Message", "") or code)
    words = words or (resource.words if resource else "")
    about = f" for {words}" if words else ""
    credentials = _CREDENTIAL_CALLS.get(error.operation_name)
    gets_credentials = credentials not in (None, action)
    if credentials and gets_credentials:
        # botocore assumes the profile's role during the first call.
        action, about = credentials, " while getting the credentials"
    if code in _DENIED:
        return _denied(action, about, message, resource)
    refused = _refused_credentials(action, code, message)
    if refused:
        return refused
    if code in THROTTLED:
        return RemoteError(
            f"AWS throttled {action}{about} on every attempt",
            code=code,
            remedy=RUN_AGAIN + " later",
        )
    if code in ("LimitExceeded", "LimitExceededException"):
        return RemoteError(
            f"{action}{about} would exceed a quota: {message}",
            code=code,
            resource=resource or "",
            remedy=_quota_remedy(message),
        )
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return RemoteError(
        f"{action}{about} failed: {_REASONS.get(code, f'{code}: {message}')}",
        code=code,
        resource=resource or "",
        remedy=_REMEDIES.get(code) or _remedy(status, gets_credentials=gets_credentials),
        uncertain=status >= 500,
    )


def _refused_credentials(action: str, code: str, message: str) -> RemoteError | None:
    if code not in (*_EXPIRED, *_NOT_ACCEPTED):
        return None
    expired = f"the AWS credentials have expired ({action}: {code})"
    return clock_error(action, code, message) or RemoteError(
        expired if code in _EXPIRED else f"AWS rejected the credentials ({action}: {code}: {message})",
        code=code,
        remedy=NEW_CREDENTIALS,
    )


def _denied(action: str, about: str, message: str, resource: ResourceRef | None) -> IamsaError:
    if message.startswith("MultiFactorAuthentication failed"):
        return RemoteError(
            f"AWS rejected the MFA code ({action}: {message})",
            code="AccessDenied",
            remedy="wait for the device's next code, since each code works only once, and " + RUN_AGAIN,
        )
    needed = needed_action(action, message)
    denial = read_denial(message)
    details = f" (authorization ID {denial.authorization_id})" if denial.authorization_id else ""
    return Denied(
        f"AWS denied {action}{about}: {denial.text}{details}",
        action=needed,
        resource=resource or "",
        remedy=aws_remedy(needed, message),
    )


def _quota_remedy(message: str) -> str:
    """Suggest a quota increase only for an adjustable quota; AWS's message contains its name."""
    named = _QUOTA.search(message)
    remedy = "stay within the quota"
    return f"{remedy}, or ask AWS to increase it" if named and named[1] in _RAISABLE else remedy


def _remedy(status: int, *, gets_credentials: bool) -> Sentence:
    if gets_credentials:
        return NEW_CREDENTIALS
    return RUN_AGAIN + " later" if status >= 500 else ""


def _unanswered(error: BaseException, action: str) -> IamsaError:
    details = getattr(error, "kwargs", {})
    endpoint = _USERINFO.sub("//", details.get("endpoint_url") or details.get("proxy_url") or "AWS")
    reason = type(error).__name__.removesuffix("Error")
    if reason == "SSL":
        return RemoteError(
            f"{action}: the certificate of {endpoint} is not trusted, or the CA bundle cannot be read",
            code=reason,
            remedy="check AWS_CA_BUNDLE and ca_bundle in the AWS configuration",
        )
    if reason == "ProxyConnection":
        return RemoteError(
            f"{action}: could not connect to the proxy {endpoint}",
            code=reason,
            remedy="check HTTPS_PROXY, HTTP_PROXY and NO_PROXY",
            uncertain=True,
        )
    return RemoteError(
        f"{action}: {endpoint} did not answer ({reason})",
        code=reason,
        remedy="check the network, " + Option("region") + " and AWS_ENDPOINT_URL",
        uncertain=True,
    )


def _unasked(error: BaseException, action: str, profile: str) -> IamsaError:
    kind = type(error).__name__
    if kind in ("NoCredentialsError", "PartialCredentialsError"):
        return Unlocated(
            f"no AWS credentials were found for {action}"
            if kind == "NoCredentialsError"
            else one_line(str(error)),
            remedy="use " + Option("profile") + ", set AWS_PROFILE or AWS_ACCESS_KEY_ID, or log in",
        )
    return unusable(error, one_line(str(error)), profile) or RemoteError(
        f"{action}: {one_line(str(error))}",
        code=kind,
        remedy="check the AWS configuration with: aws configure list",
    )


def one_line(text: str) -> str:
    """AWS's message for use inside a sentence: one printable line without a final period."""
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split())).rstrip(". ")
