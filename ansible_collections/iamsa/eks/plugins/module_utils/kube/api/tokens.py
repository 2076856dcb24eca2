# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens of ServiceAccounts, as a pod would be given them; no Secret is read for it.

Source: https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/
"""

from __future__ import annotations

from ...errors import RemoteError
from ...identity.subject import Subject, service_account_ref
from ...model.verification import Token
from ..http.connection import Connection
from ..http.request import TOKENS, Request
from .service_accounts import path

# The least that the API server gives out.
SECONDS = 600


def requested(connection: Connection, subject: Subject, audience: str) -> Token | None:
    """A new token for `audience`, good for ten minutes; None where there is no such ServiceAccount.

    Without an audience ("") it is for the API server itself, as the kubelet requests one for a volume whose
    audience is empty.

    Raises:
        Denied: the caller may not create serviceaccounts/token.
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
            f"{connection.peer.host} answered a TokenRequest for serviceaccount {subject} without a token",
            code="NoToken",
            remedy="does a proxy stand in between?",
            resource=service_account_ref(subject),
        )
    return Token(value)
