# SPDX-License-Identifier: GPL-3.0-or-later

"""The writes to a ServiceAccount, done or rehearsed, though somebody else may change it at the same time."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import CONFLICT, RemoteError
from ..identity.subject import Subject
from ..kube.api.client import KubernetesCluster
from ..model.observed import ServiceAccount
from ..model.steps.base import never
from ..model.steps.kubernetes import (
    AnnotateServiceAccount,
    CreateServiceAccount,
    DeleteServiceAccount,
    PatchAnnotations,
    ServiceAccountStep,
)


class _Done(NamedTuple):
    """What is there after a write; None where it is gone."""

    service_account: ServiceAccount | None


class ServiceAccountWriter:
    """Each step is done only on the version that it was planned for, or that our own last write has made.

    `service_account` is the ServiceAccount as the cluster answered last; a rehearsal changes nothing of that.
    """

    def __init__(self, kubernetes: KubernetesCluster, field_manager: str, *, dry_run: bool = False) -> None:
        self.service_account: ServiceAccount | None = None
        self._written_version = ""
        self._kubernetes = kubernetes
        self._manager = field_manager
        self._dry_run = dry_run

    def write(self, step: ServiceAccountStep) -> bool:
        """Whether it is done: False where the ServiceAccount is no longer as it was planned for."""
        try:
            done = self._sent(step)
        except RemoteError as error:
            if error.code != CONFLICT:
                raise
            done = None
        self.service_account = done.service_account if done and not self._dry_run else None
        # The steps to come were planned for what is no longer there: they, too, are to find that out.
        self._written_version = self.service_account.resource_version if self.service_account else ""
        return done is not None

    def read_again(self, subject: Subject) -> ServiceAccount | None:
        """The ServiceAccount as it is now."""
        self.service_account = self._kubernetes.read_service_account(subject)
        return self.service_account

    def _sent(self, step: ServiceAccountStep) -> _Done | None:
        """None where somebody else has made it meanwhile."""
        kubernetes, manager = self._kubernetes, self._manager
        match step:
            case CreateServiceAccount():
                made = kubernetes.create_service_account(
                    step.subject, step.annotations, field_manager=manager, dry_run=self._dry_run
                )
                return _Done(made) if made else None
            case AnnotateServiceAccount():
                return _Done(
                    kubernetes.apply_annotations(
                        step.subject,
                        step.held,
                        resource_version=self._written_version or step.resource_version,
                        force=step.force,
                        field_manager=manager,
                        dry_run=self._dry_run,
                    )
                )
            case PatchAnnotations():
                return _Done(
                    kubernetes.patch_annotations(
                        step.subject,
                        step.changes,
                        resource_version=self._written_version or step.resource_version,
                        field_manager=manager,
                        dry_run=self._dry_run,
                    )
                )
            case DeleteServiceAccount():
                return _Done(
                    kubernetes.delete_service_account(
                        step.subject,
                        uid=step.uid,
                        resource_version=self._written_version or step.resource_version,
                        dry_run=self._dry_run,
                    )
                )
            case _:
                return never(step)
