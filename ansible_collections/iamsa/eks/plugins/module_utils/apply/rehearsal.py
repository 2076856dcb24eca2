# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends Kubernetes writes as server-side dry runs first, so that they do not fail after AWS was changed.

Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..errors import Denied, IamsaError
from ..identity.subject import Subject
from ..kube.api.client import KubernetesCluster
from ..model.observed import ServiceAccount
from ..model.permissions import rbac_remedy
from ..model.steps.kubernetes import (
    AnnotateServiceAccount,
    CreateNamespace,
    CreateServiceAccount,
    DeleteServiceAccount,
    PatchAnnotations,
    ServiceAccountStep,
)
from ..model.steps.step import Step
from .service_account import ServiceAccountWriter


class _Tried(NamedTuple):
    """The result of a step that was tried early."""

    step: Step
    is_done: bool
    error: IamsaError | None = None


class Rehearsal:
    """Sends writes with dryRun=All. For a write that cannot be tried yet, it checks the permission.

    `notices` name the writes that were not tried.
    """

    def __init__(self, kubernetes: KubernetesCluster, field_manager: str) -> None:
        self.notices: list[str] = []
        self._kubernetes = kubernetes
        self._manager = field_manager
        self._service_accounts = ServiceAccountWriter(kubernetes, field_manager, dry_run=True)
        self._has_namespace = True
        self._early: list[_Tried] = []

    def try_early(self, steps: Iterable[Step]) -> None:
        """Try steps before it is known whether they will be planned.

        `apply` returns the result or raises the error for an equal step later. This method raises nothing.
        """
        for step in steps:
            try:
                tried = _Tried(step, self._try(step))
            except IamsaError as error:
                tried = _Tried(step, is_done=False, error=error)
            self._early.append(tried)
            if not tried.is_done:
                return

    def apply(self, step: Step) -> bool:
        """Whether the step would be done: False if the ServiceAccount has changed since it was planned.

        Raises:
            IamsaError: RBAC, an admission webhook or a terminating namespace would prevent the write.
        """
        tried = next((one for one in self._early if one.step == step), None)
        if tried is None:
            return self._try(step)
        # Only once: if an equal step is planned again, the ServiceAccount has changed since.
        self._early.remove(tried)
        if tried.error:
            raise tried.error
        return tried.is_done

    def read_again(self, subject: Subject) -> ServiceAccount | None:
        return self._service_accounts.read_again(subject)

    def _try(self, step: Step) -> bool:
        match step:
            case CreateNamespace():
                self._kubernetes.create_namespace(step.name, field_manager=self._manager, dry_run=True)
                self._has_namespace = False
            case (
                CreateServiceAccount()
                | AnnotateServiceAccount()
                | PatchAnnotations()
                | DeleteServiceAccount()
            ):
                if self._has_namespace:
                    return self._service_accounts.write(step)
                self._ask(step)
        return True

    def _ask(self, step: ServiceAccountStep) -> None:
        """A write to a namespace that does not exist yet cannot be tried: check the permission instead."""
        name, namespace = step.subject.name, step.subject.namespace
        if self._kubernetes.may("create", "serviceaccounts", namespace) is False:
            action = f"create serviceaccounts in namespace {namespace}"
            remedy = rbac_remedy("create", "serviceaccounts")
            raise Denied(f"you are not allowed to {action}", action=action, remedy=remedy)
        self.notices.append(
            f"namespace {namespace} does not exist yet, so the creation of serviceaccount {name} was not"
            " checked in advance"
        )
