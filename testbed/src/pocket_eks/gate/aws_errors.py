"""AWS errors in the format of AWS: XML of the query protocol, JSON of the REST protocol."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from xml.sax.saxutils import escape

from pocket_eks.gate.message import Answer

NAMESPACES = {
    "iam": "https://iam.amazonaws.com/doc/2010-05-08/",
    "sts": "https://sts.amazonaws.com/doc/2011-06-15/",
}

STATUS = {
    "AccessDenied": 403,
    "AccessDeniedException": 403,
    "ConcurrentModification": 409,
    "DeleteConflict": 409,
    "EntityAlreadyExists": 409,
    "EntityTemporarilyUnmodifiable": 409,
    "ExpiredToken": 403,
    "IDPRejectedClaim": 403,
    "InternalFailure": 500,
    "InternalServerError": 500,
    "InvalidClientTokenId": 403,
    "LimitExceeded": 409,
    "MissingAuthenticationToken": 403,
    "NoSuchEntity": 404,
    "NotImplementedException": 501,
    "OptInRequired": 403,
    "PolicyEvaluation": 500,
    "RegionDisabledException": 403,
    "RequestLimitExceeded": 503,
    "ResourceInUseException": 409,
    "ResourceLimitExceededException": 400,
    "ResourceNotFoundException": 404,
    "ResourcePropagationDelayException": 428,
    "ServerException": 500,
    "ServiceFailure": 500,
    "ServiceUnavailable": 503,
    "ServiceUnavailableException": 503,
    "SignatureDoesNotMatch": 403,
    "ThrottlingException": 429,
    "UnrecognizedClientException": 403,
}
"""HTTP status per code (IAM, STS and EKS API references: Errors and Common Errors); others are 400."""

USUAL = {
    "AccessDenied": "User is not authorized to perform this operation",
    "ConcurrentModification": "Another request updating the entity is in progress. Please try again later.",
    "IDPCommunicationError": "There was an error communicating with the identity provider",
    "ExpiredToken": "The security token included in the request is expired",
    "ExpiredTokenException": "The security token included in the request is expired",
    "InvalidClientTokenId": "The security token included in the request is invalid",
    "RegionDisabledException": "STS is not activated in this region for account:123456789012. Your account "
    "administrator can activate STS in this region using the IAM Console.",
    "ServiceFailure": "The request processing has failed because of an unknown error",
    "ServiceUnavailable": "Service is unable to handle request.",
    "Throttling": "Rate exceeded",
    "ThrottlingException": "Rate exceeded",
    "UnrecognizedClientException": "The security token included in the request is invalid.",
}


class AwsError(Exception):
    """An AWS error: a code and a message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def aws_error(
    service: str, code: str, message: str | None = None, about: Mapping[str, str] | None = None
) -> Answer:
    """Return the error of a service. EKS uses REST JSON, and all other services use the query protocol.

    `about` has more members of an EKS error.
    """
    text = message if message is not None else USUAL.get(code, f"The request failed: {code}.")
    status = STATUS.get(code, 400)
    request_id = str(uuid.uuid4())
    head = [(b"x-amzn-requestid", request_id.encode())]
    if service == "eks":
        headers = [(b"content-type", b"application/json"), (b"x-amzn-errortype", code.encode()), *head]
        return Answer(status, headers, json.dumps({**(about or {}), "message": text}).encode())
    kind = "Receiver" if status >= 500 else "Sender"
    namespace = NAMESPACES.get(service, NAMESPACES["iam"])
    xml = (
        f'<ErrorResponse xmlns="{namespace}">\n  <Error>\n    <Type>{kind}</Type>\n'
        f"    <Code>{escape(code)}</Code>\n    <Message>{escape(text)}</Message>\n  </Error>\n"
        f"  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n"
    )
    return Answer(status, [(b"content-type", b"text/xml"), *head], xml.encode())
