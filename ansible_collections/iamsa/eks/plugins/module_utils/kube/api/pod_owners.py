# SPDX-License-Identifier: GPL-3.0-or-later

"""What owns the pods of a ServiceAccount: it has to be restarted before it sees a new role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...errors import Denied
from ...identity.subject import Subject
from ...model.pods import Pod
from ..http.connection import Connection
from .pods import of_service_account


@dataclass(frozen=True, order=True)
class PodOwner:
    """What to restart: `Deployment`, `StatefulSet`, `DaemonSet`, `Job`, another owner, or a bare `Pod`."""

    kind: str
    name: str


def running(
    connection: Connection, subject: Subject, is_meant: Callable[[Pod], bool] | None = None
) -> tuple[PodOwner, ...] | None:
    """The owners of pods that are not finished; None where we may not look.

    With `is_meant`, of those alone that it is true of.
    """
    try:
        pods = of_service_account(connection, subject)
    except Denied:
        return None
    owners = {PodOwner(pod.owner_kind, pod.owner_name) for pod in pods if is_meant is None or is_meant(pod)}
    return tuple(sorted(owners))
