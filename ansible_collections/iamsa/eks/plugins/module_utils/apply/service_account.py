# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes to a ServiceAccount, real or as a dry run, with detection of concurrent changes."""

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
    """The ServiceAccount after a write; None if it is deleted."""

    service_account: ServiceAccount | None


class ServiceAccountWriter:
    """Applies each step only to the version that it was planned for, or that our own last write created.

    `service_account` is the ServiceAccount in the cluster's last response, except responses to dry runs.
    """

    def __init__(self, kubernetes: KubernetesCluster, field_manager: str, *, dry_run: bool = False) -> None:
        self.service_account: ServiceAccount | None = None
        self._written_version = ""
        self._kubernetes = kubernetes
        self._manager = field_manager
        self._dry_run = dry_run

    def write(self, step: ServiceAccountStep) -> bool:
        """Whether the step was done: False if the ServiceAccount has changed since it was planned."""
        try:
            done = self._sent(step)
        except RemoteError as error:
            if error.code != CONFLICT:
                raise
            done = None
        self.service_account = done.service_account if done and not self._dry_run else None
        # After a conflict, the remaining steps must use the version that they were planned for.
        self._written_version = self.service_account.resource_version if self.service_account else ""
        return done is not None

    def read_again(self, subject: Subject) -> ServiceAccount | None:
        """The current ServiceAccount; None if it does not exist."""
        self.service_account = self._kubernetes.read_service_account(subject)
        return self.service_account

    def _sent(self, step: ServiceAccountStep) -> _Done | None:
        """The result; None if another process has created the ServiceAccount."""
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
