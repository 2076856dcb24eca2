# SPDX-License-Identifier: GPL-3.0-or-later

"""Detects a create that runs concurrently with a delete, so that a half-deleted binding is reported."""

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
    """The checks of one delete for changes since it began.

    They raise RemoteError with the code CONFLICT and a remedy that continues from the state found.
    """

    def __init__(self, request: DeleteRequest, seen: Observation, access: Access, kind: BindingKind) -> None:
        self._subject = request.desired.subject
        self._seen = seen
        self._access = access
        self._iam = access.iam
        self._kind = kind
        self._name = seen.observed.role_name

    def is_bound(self, service_account: ServiceAccount | None) -> bool:
        """Whether the ServiceAccount is bound to the role, although the delete has unbound it."""
        record = self._kind.observe(self._subject, self._access)
        bound = self._kind.bound_role(service_account, record)
        return self._seen.cluster.home.names(bound or "", self._name)

    def require_unbound(self) -> None:
        """Check right before the role is deleted."""
        if self.is_bound(self._service_account()):
            raise self._bound_again("", RUN_AGAIN + " to delete both")

    def after_role(self, service_account: ServiceAccount | None, *, is_known: bool) -> None:
        """Check after the role was deleted.

        `service_account` is the result of the last write; if there was no write, `is_known` is False.
        """
        service_account = service_account if is_known else self._service_account()
        if self.is_bound(service_account) and self._iam.roles.read(self._name) is None:
            raise self._bound_again(
                ", which is now deleted",
                RUN_AGAIN + " to unbind it again, or create the role with " + Command("create"),
            )

    def after_service_account(self) -> None:
        """Check after only the ServiceAccount was deleted, because there was no role."""
        if self._iam.roles.read(self._name):
            raise RemoteError(
                f"another run concurrently created role {self._name}, but serviceaccount {self._subject} is"
                " deleted or no longer bound to it",
                code=CONFLICT,
                remedy=RUN_AGAIN + " with " + Option("role_name", self._name),
                resource=ResourceRef("role", self._name),
            )

    def _service_account(self) -> ServiceAccount | None:
        return self._seen.kubernetes.read_service_account(self._subject)

    def _bound_again(self, which: str, remedy: Sentence) -> RemoteError:
        return RemoteError(
            f"another run concurrently bound serviceaccount {self._subject} to role {self._name}{which}",
            code=CONFLICT,
            remedy=remedy,
            resource=service_account_ref(self._subject),
        )
