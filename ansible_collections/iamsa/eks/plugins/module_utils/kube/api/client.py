# SPDX-License-Identifier: GPL-3.0-or-later

"""The Kubernetes calls that iamsa makes, in domain terms: a missing object is None.

Modules that only some jobs need are imported on first use, because most runs read and write one
ServiceAccount. The additional reads of doctor are in diagnostics.py, those of shell completion in names.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ...identity.keys import FIELD_MANAGER
from ...identity.subject import Subject
from ...model.observed import NamespaceState, ServiceAccount
from ..http.connection import Connection
from . import namespaces, server, service_account_changes, service_accounts

if TYPE_CHECKING:
    from ...model.pods import Pod
    from ...model.verification import Token
    from .pods import PodOwner


class KubernetesCluster:
    """Reads and writes objects over one connection. Thread-safe.

    Besides the errors named below, every method can raise those of `Connection.send` and `Connection.decode`.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def read_service_account(self, subject: Subject) -> ServiceAccount | None:
        """Return the ServiceAccount, or None if it does not exist."""
        return service_accounts.read(self.connection, subject)

    def list_service_accounts(self, namespace: str | None, selector: str = "") -> tuple[ServiceAccount, ...]:
        """Return the ServiceAccounts of a namespace (None: of all) that match a label selector ("": all).

        Raises:
            Denied: the caller is not allowed to list them.
        """
        from . import service_account_list  # noqa: PLC0415

        return service_account_list.listed(self.connection, namespace, selector)

    def request_token(self, subject: Subject, audience: str) -> Token | None:
        """Request a token as a pod would get it; None if the ServiceAccount does not exist."""
        from . import tokens  # noqa: PLC0415

        return tokens.requested(self.connection, subject, audience)

    def create_service_account(
        self,
        subject: Subject,
        annotations: Mapping[str, str],
        *,
        field_manager: str = FIELD_MANAGER,
        dry_run: bool = False,
    ) -> ServiceAccount | None:
        """Create the ServiceAccount; None if it already exists, and the caller must read it again."""
        return service_accounts.create(
            self.connection, subject, annotations, field_manager=field_manager, dry_run=dry_run
        )

    def apply_annotations(
        self,
        subject: Subject,
        annotations: Mapping[str, str],
        *,
        resource_version: str,
        force: bool,
        field_manager: str = FIELD_MANAGER,
        dry_run: bool = False,
    ) -> ServiceAccount:
        """Set annotations by server-side apply; see service_accounts.apply_annotations for the errors."""
        return service_accounts.apply_annotations(
            self.connection,
            subject,
            annotations,
            resource_version=resource_version,
            force=force,
            field_manager=field_manager,
            dry_run=dry_run,
        )

    def patch_annotations(
        self,
        subject: Subject,
        changes: Mapping[str, str | None],
        *,
        resource_version: str,
        field_manager: str = FIELD_MANAGER,
        dry_run: bool = False,
    ) -> ServiceAccount | None:
        """Set or remove annotations; see service_account_changes.patch_annotations for result and errors."""
        return service_account_changes.patch_annotations(
            self.connection,
            subject,
            changes,
            resource_version=resource_version,
            field_manager=field_manager,
            dry_run=dry_run,
        )

    def delete_service_account(
        self, subject: Subject, *, uid: str, resource_version: str, dry_run: bool = False
    ) -> ServiceAccount | None:
        """Delete the ServiceAccount; see service_account_changes.delete for result and errors."""
        return service_account_changes.delete(
            self.connection, subject, uid=uid, resource_version=resource_version, dry_run=dry_run
        )

    def namespace_state(self, name: str) -> NamespaceState:
        """Return the state; `unknown` if the caller is not allowed to read the namespace."""
        return namespaces.state(self.connection, name)

    def create_namespace(
        self, name: str, *, field_manager: str = FIELD_MANAGER, dry_run: bool = False
    ) -> None:
        """Create the namespace, unless it exists."""
        namespaces.create(self.connection, name, field_manager=field_manager, dry_run=dry_run)

    def issuer(self) -> str | None:
        """Return the URL of the issuer of ServiceAccount tokens; None if it cannot be read."""
        return server.issuer(self.connection)

    def may(self, verb: str, resource: str, namespace: str) -> bool | None:
        """Return whether RBAC allows the action; None if the caller is not allowed to ask."""
        return server.may(self.connection, verb, resource, namespace)

    def running_pods(
        self, subject: Subject, is_meant: Callable[[Pod], bool] | None = None
    ) -> tuple[PodOwner, ...] | None:
        """Return the owners of unfinished pods for which `is_meant` holds (None: of all such pods).

        None if the caller is not allowed to list the pods.
        """
        from . import pods  # noqa: PLC0415

        return pods.owners_of_running(self.connection, subject, is_meant)

    def version(self) -> str:
        """Return the version of the API server, such as `v1.35.0`; "" if it does not report one."""
        return server.version(self.connection)
