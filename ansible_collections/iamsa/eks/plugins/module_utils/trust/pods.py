# SPDX-License-Identifier: GPL-3.0-or-later

"""Trust statements that EKS Pod Identity needs.

Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
"""

from __future__ import annotations

from collections.abc import Mapping

from ..policy.equality import Document
from .statement_parts import texts

POD_SERVICE = "pods.eks.amazonaws.com"


def trusts_pods(statement: Document) -> bool:
    """Whether a statement lets EKS assume the role for pods, whoever else it trusts."""
    if not isinstance(statement, Mapping) or statement.get("Effect") != "Allow":
        return False
    principal = statement.get("Principal")
    return isinstance(principal, Mapping) and POD_SERVICE in texts(principal.get("Service"))


def is_for_pods_alone(statement: Document) -> bool:
    """Whether it lets nobody else assume the role."""
    if not trusts_pods(statement) or "NotPrincipal" in statement:
        return False
    principal = statement["Principal"]
    return set(principal) == {"Service"} and set(texts(principal["Service"])) == {POD_SERVICE}
