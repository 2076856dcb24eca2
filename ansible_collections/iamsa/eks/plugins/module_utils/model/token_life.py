# SPDX-License-Identifier: GPL-3.0-or-later

"""How long the token is valid that the webhook mounts: read as the webhook does, judged as the API server.

Sources: https://github.com/aws/amazon-eks-pod-identity-webhook/blob/master/pkg/cache/cache.go and
https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/validation/validation.go
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..identity.keys import ANNOTATION_TOKEN_EXPIRATION

# Seconds: the webhook raises what is less, and EKS cuts what is more.
LEAST_EXPIRATION, MOST_EXPIRATION = 600, 86400
# The API server refuses a pod with a volume that asks for more.
ACCEPTED_EXPIRATION = 2**32

_INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
_LARGEST = 2**63 - 1
# Beyond these no number fits into 64 bits, and Python would refuse to read it.
_MOST_DIGITS = 4000


def expiration(text: str) -> int | None:
    """The seconds that the webhook asks for by the annotation `text`; None where it ignores it."""
    if not _INTEGER.fullmatch(text) or len(text) > _MOST_DIGITS:
        return None
    seconds = int(text)
    return max(seconds, LEAST_EXPIRATION) if -_LARGEST - 1 <= seconds <= _LARGEST else None


def is_usual(text: str) -> bool:
    """Whether the token is valid for as long as the annotation `text` says."""
    seconds = expiration(text)
    return seconds is not None and seconds <= MOST_EXPIRATION and int(text) == seconds


def refused_expiration(annotations: Mapping[str, str]) -> str:
    """The annotation because of which the API server refuses every pod; "" where it refuses none."""
    text = annotations.get(ANNOTATION_TOKEN_EXPIRATION, "")
    return text if (expiration(text) or 0) > ACCEPTED_EXPIRATION else ""
