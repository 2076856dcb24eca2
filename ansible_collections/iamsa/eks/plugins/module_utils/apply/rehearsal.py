# SPDX-License-Identifier: GPL-3.0-or-later

"""Kubernetes writes tried without storing them, so that they cannot fail after AWS was changed.

Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
"""

from __future__ import annotations

from ..errors import Denied
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

    def apply(self, step: Step) -> bool:
        """Whether it would be done: False where the ServiceAccount is no longer as it was planned for.

        Raises:
            IamsaError: RBAC, an admission webhook or a terminating namespace would stop the write.
        """
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

    def read_again(self, subject: Subject) -> ServiceAccount | None:
        return self._service_accounts.read_again(subject)

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
