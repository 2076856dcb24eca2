# SPDX-License-Identifier: GPL-3.0-or-later

"""Kubernetes writes tried without storing them, so that they cannot fail after AWS was changed.

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
    """What came of a step that was tried early."""

    step: Step
    is_done: bool
    error: IamsaError | None = None


class Rehearsal:
    """Sends writes with dryRun=All, as an Applier does them; what cannot be tried yet is asked about.

    `notices` say what was not tried.
    """

    def __init__(self, kubernetes: KubernetesCluster, field_manager: str) -> None:
        self.notices: list[str] = []
        self._kubernetes = kubernetes
        self._manager = field_manager
        self._service_accounts = ServiceAccountWriter(kubernetes, field_manager, dry_run=True)
        self._has_namespace = True
        self._early: list[_Tried] = []

    def try_early(self, steps: Iterable[Step]) -> None:
        """Before it is known whether they are in the plan: `apply` then tells of the very same step what came
        of it here, whether it went well or not. Raises nothing, since nobody has asked yet."""
        for step in steps:
            try:
                tried = _Tried(step, self._try(step))
            except IamsaError as error:
                tried = _Tried(step, is_done=False, error=error)
            self._early.append(tried)
            if not tried.is_done:
                return

    def apply(self, step: Step) -> bool:
        """Whether it would be done: False where the ServiceAccount is no longer as it was planned for.

        Raises:
            IamsaError: RBAC, an admission webhook or a terminating namespace would stop the write.
        """
        tried = next((one for one in self._early if one.step == step), None)
        if tried is None:
            return self._try(step)
        # Once: the same write that is planned again is for what has changed since.
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
        """A write into a namespace that does not exist yet cannot be tried: ask for the right to do it."""
        name, namespace = step.subject.name, step.subject.namespace
        if self._kubernetes.may("create", "serviceaccounts", namespace) is False:
            action = f"create serviceaccounts in namespace {namespace}"
            remedy = rbac_remedy("create", "serviceaccounts")
            raise Denied(f"you may not {action}", action=action, remedy=remedy)
        self.notices.append(
            f"namespace {namespace} does not exist yet: creating serviceaccount {name} was not rehearsed"
        )
