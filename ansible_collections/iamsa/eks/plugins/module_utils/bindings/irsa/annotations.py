# SPDX-License-Identifier: GPL-3.0-or-later

"""What a ServiceAccount's annotations say, read as the webhook reads them: pure, and cheap to import.

Source: https://github.com/aws/amazon-eks-pod-identity-webhook/blob/master/pkg/cache/cache.go
"""

from __future__ import annotations

from ...identity.keys import ANNOTATION_AUDIENCE, ANNOTATION_ROLE_ARN, DEFAULT_AUDIENCE
from ...model.observed import ServiceAccount


def bound_role(account: ServiceAccount | None) -> str | None:
    return account.annotations.get(ANNOTATION_ROLE_ARN) if account else None


def bound_since(account: ServiceAccount | None) -> str:
    return account.written_at.get(ANNOTATION_ROLE_ARN, "") if account else ""


def audience_in_use(account: ServiceAccount | None) -> str:
    """The audience of the tokens that the webhook mounts into pods.

    It is "" where the annotation is empty: the webhook then mounts a token for the API server itself.
    """
    return (account.annotations if account else {}).get(ANNOTATION_AUDIENCE, DEFAULT_AUDIENCE)
