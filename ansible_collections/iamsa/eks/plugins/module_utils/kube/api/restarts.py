# SPDX-License-Identifier: GPL-3.0-or-later

"""The command that makes running pods take a changed role: the webhook sees pods only on creation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .pod_owners import PodOwner

_ROLLED_OUT = ("Deployment", "StatefulSet", "DaemonSet")


def restart_command(owner: PodOwner, namespace: str) -> str:
    """A line for a shell."""
    if owner.kind in _ROLLED_OUT:
        return f"kubectl rollout restart {owner.kind.lower()}/{owner.name} -n {namespace}"
    if owner.kind == "Pod":
        return f"kubectl delete pod/{owner.name} -n {namespace}  # then create it again"
    return f"kubectl get {owner.kind.lower()}/{owner.name} -n {namespace}  # its next pods take the role"
