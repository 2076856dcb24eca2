"""The Kubernetes side: forwards everything except upgrades to other protocols."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pocket_eks.gate.message import Answer, Headers, Named, Request
from pocket_eks.gate.proxy import Proxy

REASONS = {
    "AlreadyExists": 409,
    "BadRequest": 400,
    "Conflict": 409,
    "Expired": 410,
    "Forbidden": 403,
    "Gone": 410,
    "InternalError": 500,
    "Invalid": 422,
    "MethodNotAllowed": 405,
    "NotAcceptable": 406,
    "NotFound": 404,
    "RequestEntityTooLarge": 413,
    "ServerTimeout": 500,
    "ServiceUnavailable": 503,
    "StoreReadError": 500,
    "Timeout": 504,
    "TooManyRequests": 429,
    "Unauthorized": 401,
    "UnsupportedMediaType": 415,
}
"""HTTP status per reason (k8s.io/apimachinery meta/v1, StatusReason); others are 500."""


class Kube:
    """The kube-apiserver behind the gate. It checks its own tokens and impersonation itself."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy

    async def answer(self, request: Request, named: Named, reached: Callable[[], None]) -> Answer:
        """Return the API server's answer as a stream, because a watch does not end."""
        if request.header("upgrade"):
            return refuse(named, "NotImplemented", "this gate speaks only HTTP", 501)
        return await self._proxy.stream(request, reached)


def refuse(named: Named, reason: str, message: str | None = None, code: int | None = None) -> Answer:
    """Return an error as a Status object."""
    status = code or REASONS.get(reason, 500)
    text = message if message is not None else f"{named.action} was refused: {reason}"
    body: dict[str, Any] = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": text,
        "reason": reason,
        "code": status,
    }
    headers: Headers = [(b"content-type", b"application/json")]
    if status == 429:
        body["details"] = {"retryAfterSeconds": 1}
        headers.append((b"retry-after", b"1"))
    return Answer(status, headers, json.dumps(body).encode())
