"""The JSON of EKS requests and answers, with lists in pages."""

from __future__ import annotations

import json
from typing import Any

from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.message import Request

Json = dict[str, Any]


def body_of(request: Request) -> Json:
    """Return the JSON object of a request. Raises AwsError."""
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise AwsError("InvalidRequestException", "The body of the request is not a JSON object.")
    return body


def page(results: list[Any], query: dict[str, str]) -> tuple[list[Any], str | None]:
    """Return a page and the token of the next one. Raises AwsError.

    EKS API reference: maxResults is 1 to 100, and 100 by default.
    """
    try:
        size, start = int(query.get("maxResults", 100)), int(query.get("nextToken", "0"), 16)
    except ValueError:
        raise AwsError("InvalidParameterException", "maxResults or nextToken is invalid.") from None
    if not 1 <= size <= 100 or start < 0:
        raise AwsError("InvalidParameterException", "maxResults must be between 1 and 100.")
    end = start + size
    return results[start:end], f"{end:x}" if end < len(results) else None
