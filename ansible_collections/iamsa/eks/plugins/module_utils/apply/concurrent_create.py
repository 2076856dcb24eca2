# SPDX-License-Identifier: GPL-3.0-or-later

"""A delete notices a concurrent create: what that binds again does not stay half deleted without a word."""

from __future__ import annotations

from ..bindings.binding import BindingKind
from ..cluster.access import Access
from ..cluster.observation import Observation
from ..errors import CONFLICT, RemoteError, ResourceRef
from ..identity.subject import service_account_ref
from ..model.desired import DeleteRequest
from ..model.observed import ServiceAccount
from ..wording.text import RUN_AGAIN, Command, Option, Sentence


class ConcurrentCreate:
    """Looks of one delete at what others have done since it began.

    Raises RemoteError with the code CONFLICT; each remedy is the way on from what is there then.
    """

    def __init__(self, request: DeleteRequest, seen: Observation, access: Access, kind: BindingKind) -> None:
        self._subject = request.desired.subject
        self._seen = seen
        self._access = access
        self._iam = access.iam
        self._kind = kind
        self._name = seen.observed.role_name

    def is_bound(self, service_account: ServiceAccount | None) -> bool:
        """Whether it has the role, which the delete has taken from it or not found there."""
        record = self._kind.observe(self._subject, self._access)
        bound = self._kind.bound_role(service_account, record)
        return self._seen.cluster.home.names(bound or "", self._name)

    def require_unbound(self) -> None:
        """Right before the role goes."""
        if self.is_bound(self._service_account()):
            raise self._bound_again("", RUN_AGAIN + " to delete both")

    def after_role(self, service_account: ServiceAccount | None, *, is_known: bool) -> None:
        """Once the role is gone; `service_account` is what the last write left, unless there was none."""
        service_account = service_account if is_known else self._service_account()
        if self.is_bound(service_account) and self._iam.roles.read(self._name) is None:
            raise self._bound_again(
                ", which is deleted",
                RUN_AGAIN + " to take that away too, or create it with " + Command("create"),
            )

    def after_service_account(self) -> None:
        """Once only the ServiceAccount has gone, because there was no role."""
        if self._iam.roles.read(self._name):
            raise RemoteError(
                f"role {self._name} was made by another run meanwhile, and serviceaccount {self._subject} is"
                " deleted or no longer names it",
                code=CONFLICT,
                remedy=RUN_AGAIN + " with " + Option("role_name", self._name),
                resource=ResourceRef("role", self._name),
            )

    def _service_account(self) -> ServiceAccount | None:
        return self._seen.kubernetes.read_service_account(self._subject)

    def _bound_again(self, which: str, remedy: Sentence) -> RemoteError:
        return RemoteError(
            f"serviceaccount {self._subject} was bound by another run meanwhile to role {self._name}{which}",
            code=CONFLICT,
            remedy=remedy,
            resource=service_account_ref(self._subject),
        )
