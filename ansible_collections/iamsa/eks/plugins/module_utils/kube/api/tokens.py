# SPDX-License-Identifier: GPL-3.0-or-later

"""Request ServiceAccount tokens as a pod would get them, without reading a Secret.

Source: https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/
"""

from __future__ import annotations

from ...errors import RemoteError
from ...identity.subject import Subject, service_account_ref
from ...model.verification import Token
from ..http.connection import Connection
from ..http.request import TOKENS, Request
from .service_accounts import path

# The shortest lifetime that the API server accepts.
SECONDS = 600


def requested(connection: Connection, subject: Subject, audience: str) -> Token | None:
    """Request a token for `audience`, valid for ten minutes; None if the ServiceAccount does not exist.

    Audience "" requests a token for the API server itself, as the kubelet does for a volume whose audience is
    empty.

    Raises:
        Denied: the caller is not allowed to create serviceaccounts/token.
        RemoteError: with code NoToken, if the answer has no token.
    """
    request = Request(
        "create",
        TOKENS,
        f"{path(subject)}/token",
        subject.namespace,
        subject.name,
        body={
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {**({"audiences": [audience]} if audience else {}), "expirationSeconds": SECONDS},
        },
    )
    document = connection.ask(request, none_on=(404,))
    if document is None:
        return None
    value = (document.get("status") or {}).get("token")
    if not isinstance(value, str) or not value:
        raise RemoteError(
            f"{connection.peer.host} returned no token for serviceaccount {subject}",
            code="NoToken",
            remedy="check whether a proxy intercepts the connection",
            resource=service_account_ref(subject),
        )
    return Token(value)
