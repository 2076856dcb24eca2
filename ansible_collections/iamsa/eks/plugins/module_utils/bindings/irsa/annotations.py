# SPDX-License-Identifier: GPL-3.0-or-later

"""A ServiceAccount's annotations, read as the webhook reads them: pure, and cheap to import.

Source: https://github.com/aws/amazon-eks-pod-identity-webhook/blob/master/pkg/cache/cache.go
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_STS_REGIONAL,
    ANNOTATION_TOKEN_EXPIRATION,
    DEFAULT_AUDIENCE,
)
from ...model.observed import ServiceAccount
from ...model.token_life import is_usual, refused_expiration
from ...model.values import spelled_duration

_SWITCHES = {"true": True, "false": False}


def bound_role(service_account: ServiceAccount | None) -> str | None:
    return service_account.annotations.get(ANNOTATION_ROLE_ARN) if service_account else None


def bound_since(service_account: ServiceAccount | None) -> str:
    return service_account.written_at.get(ANNOTATION_ROLE_ARN, "") if service_account else ""


def audience_in_use(service_account: ServiceAccount | None) -> str:
    """The audience of the tokens that the webhook mounts into pods.

    "" if the annotation is empty: the webhook then mounts a token for the API server.
    """
    return (service_account.annotations if service_account else {}).get(ANNOTATION_AUDIENCE, DEFAULT_AUDIENCE)


def pods_refused(service_account: ServiceAccount) -> str:
    """Why the API server rejects the ServiceAccount's pods; "" if it does not.

    A Pod Identity association does not prevent this: the webhook mounts a token for both.
    """
    text = refused_expiration(service_account.annotations)
    if not text:
        return ""
    return f"its annotation {ANNOTATION_TOKEN_EXPIRATION} is {text}, so the API server rejects its pods"


def spec(service_account: ServiceAccount) -> Mapping[str, Any]:
    """The annotations as fields of a document's `spec`."""
    found: dict[str, Any] = {}
    if audience := audience_in_use(service_account):
        found["audience"] = audience
    if settings := _settings(service_account.annotations):
        found["serviceAccount"] = settings
    return found


def _settings(annotations: Mapping[str, str]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    regional = _SWITCHES.get(annotations.get(ANNOTATION_STS_REGIONAL, ""))
    if regional is not None:
        found["stsRegionalEndpoints"] = regional
    lifetime = annotations.get(ANNOTATION_TOKEN_EXPIRATION, "")
    if is_usual(lifetime):
        found["tokenExpiration"] = spelled_duration(int(lifetime))
    return found
