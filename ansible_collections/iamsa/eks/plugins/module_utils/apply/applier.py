# SPDX-License-Identifier: GPL-3.0-or-later

"""Applies steps, after a last check that the role has not changed since it was read."""

from __future__ import annotations

from ..aws.iam.call import EXISTS, MISSING
from ..bindings.writer import Writers
from ..cluster.access import Access
from ..cluster.observation import Observation
from ..errors import NotFound, RemoteError
from ..identity.subject import Subject
from ..model.desired import Desired
from ..model.observed import ServiceAccount
from ..model.role import Role
from ..model.steps.kubernetes import (
    AnnotateServiceAccount,
    CreateNamespace,
    CreateServiceAccount,
    DeleteServiceAccount,
    PatchAnnotations,
)
from ..model.steps.provider import AddAudience, CreateProvider
from ..model.steps.role import REMOVALS
from ..model.steps.step import BindingStep, Step
from ..policy.equality import same_meaning
from ..wording.text import RUN_AGAIN
from .retry_on_conflict import changed_concurrently
from .role import RoleWrites
from .service_account import ServiceAccountWriter


class Applier:
    """Applies steps one at a time. It waits for IAM to show only what it created itself.

    With `purge`, deleting a role also removes policies that iamsa did not add.
    """

    def __init__(
        self,
        desired: Desired,
        seen: Observation,
        access: Access,
        kinds: Writers,
        *,
        purge: bool = False,
    ) -> None:
        self._seen = seen
        self._iam = access.iam
        self._deadline = access.deadline
        self._sides = access
        self._kinds = kinds
        self._confirmed = seen.observed.role is None
        self._manager = desired.service_account.field_manager
        self._roles = RoleWrites(desired, seen, access.iam, access.deadline, purge=purge)
        self._service_accounts = ServiceAccountWriter(seen.kubernetes, self._manager)

    @property
    def service_account(self) -> ServiceAccount | None:
        """The ServiceAccount in the cluster's last response to a write or a read."""
        return self._service_accounts.service_account

    @property
    def role_id(self) -> str:
        """The ID of the role that was changed or created."""
        return self._roles.role_id

    def apply(self, step: Step) -> bool:
        """Whether the step was done: False if the ServiceAccount has changed since it was planned.

        Raises:
            IamsaError: the write failed, or it is unknown whether it succeeded.
        """
        self._deadline.check(f"before {step.target}")
        if step.target.kind == "role" and not self._confirmed:
            self._confirm(step)
        try:
            return self._write(step)
        except RemoteError as error:
            if error.code == MISSING and step.target.kind == "role":
                self._require_role(step, error)
            raise

    def read_again(self, subject: Subject) -> ServiceAccount | None:
        return self._service_accounts.read_again(subject)

    def _write(self, step: Step) -> bool:
        match step:
            case CreateNamespace():
                self._seen.kubernetes.create_namespace(step.name, field_manager=self._manager)
            case CreateProvider():
                self._create_provider(step)
            case AddAudience():
                self._add_audience(step.audience)
            case (
                CreateServiceAccount()
                | AnnotateServiceAccount()
                | PatchAnnotations()
                | DeleteServiceAccount()
            ):
                return self._service_accounts.write(step)
            case BindingStep():
                self._kinds[step.binding].apply(step, self._sides)
            case _:
                self._roles.write(step)
        return True

    def _require_role(self, step: Step, error: RemoteError) -> None:
        """Raises NotFound if it is the role that is missing, or if the name now belongs to another role."""
        now = self._iam.roles.read(step.target.name)
        if now is None or now.role_id != self.role_id:
            raise _deleted(step) from error

    def _confirm(self, step: Step) -> None:
        """Check right before the first change that the role has not changed since it was read."""
        seen, now = self._seen.observed.role, self._iam.roles.read(step.target.name)
        if now is None and isinstance(step, REMOVALS):
            # Already removed.
            self._confirmed = True
            return
        if now is None:
            raise _deleted(step)
        if seen and not _is_same(seen, now):
            raise changed_concurrently(f"role {step.target.name} was changed concurrently", step.target)
        self._confirmed = True

    def _create_provider(self, step: CreateProvider) -> None:
        try:
            self._iam.providers.create(step.issuer, list(step.audiences))
        except RemoteError as error:
            if error.code != EXISTS:
                raise
            # Created by a request of ours whose response was lost, or concurrently. Adding an audience that
            # the provider already has changes nothing.
            self._add_audience(step.audiences[-1])
        self._roles.made_provider = True

    def _add_audience(self, audience: str) -> None:
        cluster = self._seen.cluster
        self._iam.providers.add_audience(cluster.provider_arn, audience)


def _deleted(step: Step) -> NotFound:
    return NotFound(
        f"role {step.target.name} was deleted by another process",
        remedy=RUN_AGAIN,
        resource=step.target,
    )


def _is_same(seen: Role, now: Role) -> bool:
    return (
        seen.role_id == now.role_id
        and seen.arn == now.arn
        and seen.tags == now.tags
        and seen.permissions_boundary == now.permissions_boundary
        and same_meaning(seen.trust, now.trust)
    )
