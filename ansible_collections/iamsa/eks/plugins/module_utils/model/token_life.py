# SPDX-License-Identifier: GPL-3.0-or-later

"""The lifetime of the webhook's token: parsed as by the webhook, validated as by the API server.

Sources: https://github.com/aws/amazon-eks-pod-identity-webhook/blob/master/pkg/cache/cache.go and
https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..identity.keys import ANNOTATION_TOKEN_EXPIRATION

# Seconds. The webhook raises a smaller value, and EKS caps a larger one.
LEAST_EXPIRATION, MOST_EXPIRATION = 600, 86400
# Seconds. The API server rejects a pod whose volume requests more.
ACCEPTED_EXPIRATION = 2**32

_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_LARGEST = 2**63 - 1
# A longer number does not fit into 64 bits, and Python would refuse to parse it.
_MOST_DIGITS = 4000


def expiration(text: str) -> int | None:
    """The seconds that the webhook requests for an annotation `text`; None if it ignores the annotation."""
    if not _INTEGER.fullmatch(text) or len(text) > _MOST_DIGITS:
        return None
    seconds = int(text)
    return max(seconds, LEAST_EXPIRATION) if -_LARGEST - 1 <= seconds <= _LARGEST else None


def is_usual(text: str) -> bool:
    """Whether the token's lifetime is exactly the value of the annotation, `text`."""
    seconds = expiration(text)
    return seconds is not None and seconds <= MOST_EXPIRATION and int(text) == seconds


def refused_expiration(annotations: Mapping[str, str]) -> str:
    """The value of the expiration annotation if it makes the API server reject every pod; otherwise ""."""
    text = annotations.get(ANNOTATION_TOKEN_EXPIRATION, "")
    return text if (expiration(text) or 0) > ACCEPTED_EXPIRATION else ""
