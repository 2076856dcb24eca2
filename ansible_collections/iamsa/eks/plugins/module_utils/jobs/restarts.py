# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands that restart workloads whose pods still use an earlier role, which they keep until recreated."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from ..cluster.observation import Observation
from ..concurrency import besides
from ..errors import Denied, RemoteError, TimedOut
from ..model.steps.step import Step
from .run import Run

if TYPE_CHECKING:
    from ..kube.api.pods import PodOwner

_ROLLED_OUT = ("Deployment", "StatefulSet", "DaemonSet")


def restarts_after(
    run: Run, seen: Observation, steps: Iterable[Step]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the commands, and a notice if the pods could not be listed."""
    subject, is_stale = run.subject, run.kind.stale_pods(steps)
    # With an association in force, a restart would not give them this role.
    if seen.associations.in_force or is_stale is None:
        return (), ()
    try:
        look = partial(seen.kubernetes.running_pods, subject, is_stale)
        pods = besides("looking for pods", look, run.deadline)
    except (Denied, RemoteError, TimedOut):
        # Everything is written: a missing hint must not make the run fail.
        pods = None
    if pods is None:
        return (), (f"pods could not be listed; restart any pods that run under serviceaccount {subject}",)
    return tuple(_restart_command(pod, subject.namespace) for pod in pods), ()


def _restart_command(owner: PodOwner, namespace: str) -> str:
    """Return a shell command."""
    if owner.kind in _ROLLED_OUT:
        return f"kubectl rollout restart {owner.kind.lower()}/{owner.name} -n {namespace}"
    if owner.kind == "Pod":
        return f"kubectl delete pod/{owner.name} -n {namespace}  # then recreate it"
    return f"kubectl get {owner.kind.lower()}/{owner.name} -n {namespace}  # its next pods get the role"
