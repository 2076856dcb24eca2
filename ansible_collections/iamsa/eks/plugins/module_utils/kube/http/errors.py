# SPDX-License-Identifier: GPL-3.0-or-later

"""Convert failed requests to the API server to errors of errors.py.

Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ...errors import Denied, IamsaError, NotFound, RemoteError, ResourceRef
from ...model.permissions import rbac_remedy
from ...wording.text import Either, Option, Sentence
from ..config.text import one_line
from .peer import Peer
from .request import Request
from .transport import Answer

_CANNOT = re.compile(r'cannot (?P<verb>\S+) (?:resource|path) "(?P<what>[^"]+)"')


def status_message(answer: Answer) -> str:
    """Return the message of the answer's Status object for use inside a sentence; "" if it has none."""
    return one_line(str(_status(answer).get("message") or "")).rstrip(". ")


def causes(answer: Answer) -> list[Mapping[str, Any]]:
    """Return the causes of the answer's Status object, each with `reason`, `message` and `field`."""
    details = _status(answer).get("details") or {}
    return [cause for cause in details.get("causes") or () if isinstance(cause, dict)]


def refusal(answer: Answer, request: Request, peer: Peer) -> IamsaError:
    """Return the error for an answer that is not a success."""
    message = status_message(answer)
    if answer.status == 401:
        return RemoteError(
            f"{peer.host} rejected the credentials (401 Unauthorized)",
            code="Unauthorized",
            remedy=f"log in again, and check your identity with `{peer.whoami}`",
        )
    if answer.status == 403:
        return _forbidden(answer, request, message, peer)
    if answer.status == 404:
        details = _status(answer).get("details") or {}
        if details.get("kind") == "namespaces" or request.verb == "create":
            return NotFound(
                f"namespace {request.namespace or request.name} does not exist",
                remedy="create it, or add " + Option("create_namespace"),
                resource=ResourceRef("namespace", request.namespace or request.name),
            )
        return NotFound(f"{request.target.words} does not exist", resource=request.target)
    if "admission webhook" in message:
        return _refused_by_webhook(request, message)
    code = str(_status(answer).get("reason") or answer.status)
    said = message if message and answer.status < 500 else f"{peer.host} returned {answer.status} {message}"
    return RemoteError(
        f"could not {request.attempt}: {said.strip()}",
        code=code,
        resource=request.target,
        uncertain=answer.status >= 500,
    )


def _forbidden(answer: Answer, request: Request, message: str, peer: Peer) -> IamsaError:
    if message.startswith("admission webhook"):
        return _refused_by_webhook(request, message)
    if any(cause.get("reason") == "NamespaceTerminating" for cause in causes(answer)):
        return RemoteError(
            f"namespace {request.namespace} is being deleted",
            code="NamespaceTerminating",
            remedy="wait until it is deleted, or choose another namespace with "
            + Option("namespace", brief=True),
            resource=ResourceRef("namespace", request.namespace),
        )
    denied = _CANNOT.search(message)
    if not denied and "is forbidden" in message and "User " not in message:
        return RemoteError(
            f"could not {request.attempt}: {message}", code="Forbidden", resource=request.target
        )
    if 'User "system:anonymous"' in message:
        return _anonymous(request, peer)
    if denied and denied["verb"] == "impersonate":
        action = f"impersonate {denied['what']}"
        remedy: Sentence = "ask for a role that allows it, or omit " + Option("as")
    else:
        action, remedy = request.action, rbac_remedy(request.verb, request.resource)
    problem = f"you are not allowed to {action}: {message or 'forbidden'}"
    return Denied(problem, action=action, remedy=remedy, resource=request.target)


def _anonymous(request: Request, peer: Peer) -> IamsaError:
    why = "no credentials were sent"
    remedy: Sentence = (
        "choose a "
        + Either(Option("user"), Option("context"), last=" or ")
        + " that has credentials, or run aws eks update-kubeconfig"
    )
    if peer.credentials:
        why = f"it did not use {peer.credentials} of the kubeconfig's user"
    if "certificate" in peer.credentials:
        remedy = "check that no load balancer or proxy ends the TLS connection before the API server"
    elif "password" in peer.credentials:
        remedy = "use a token or a client certificate: Kubernetes supports no passwords since version 1.19"
    return RemoteError(
        f"{peer.host} treats you as anonymous: {why}",
        code="Anonymous",
        remedy=remedy,
        resource=request.target,
    )


def _refused_by_webhook(request: Request, message: str) -> IamsaError:
    return RemoteError(
        f"could not {request.attempt}: {message}", code="AdmissionDenied", resource=request.target
    )


def _status(answer: Answer) -> Mapping[str, Any]:
    try:
        status = json.loads(answer.body)
    except ValueError:
        return {}
    return status if isinstance(status, dict) else {}
