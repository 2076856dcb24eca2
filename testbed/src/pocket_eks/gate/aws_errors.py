"""AWS's errors in AWS's shapes: XML of the query protocol, JSON of the REST protocol."""

from __future__ import annotations

import json
import uuid
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
    "ConcurrentModification": "The request was rejected because multiple requests to change this object "
    "were submitted simultaneously. Wait a few minutes and submit your request again.",
    "IDPCommunicationError": "There was an error communicating with the identity provider",
    "ServiceFailure": "The request processing has failed because of an unknown error",
    "ServiceUnavailable": "Service is unable to handle request.",
    "Throttling": "Rate exceeded",
    "ThrottlingException": "Rate exceeded",
}


class AwsError(Exception):
    """A refusal as AWS says it: a code and a message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def aws_error(service: str, code: str, message: str | None = None) -> Answer:
    """The error of a service. EKS speaks REST JSON, what else has a scope the query protocol."""
    text = message if message is not None else USUAL.get(code, f"The request failed: {code}.")
    status = STATUS.get(code, 400)
    request_id = str(uuid.uuid4())
    head = [(b"x-amzn-requestid", request_id.encode())]
    if service == "eks":
        headers = [(b"content-type", b"application/json"), (b"x-amzn-errortype", code.encode()), *head]
        return Answer(status, headers, json.dumps({"message": text}).encode())
    kind = "Receiver" if status >= 500 else "Sender"
    namespace = NAMESPACES.get(service, NAMESPACES["iam"])
    xml = (
        f'<ErrorResponse xmlns="{namespace}">\n  <Error>\n    <Type>{kind}</Type>\n'
        f"    <Code>{escape(code)}</Code>\n    <Message>{escape(text)}</Message>\n  </Error>\n"
        f"  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n"
    )
    return Answer(status, [(b"content-type", b"text/xml"), *head], xml.encode())
