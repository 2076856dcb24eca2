# SPDX-License-Identifier: GPL-3.0-or-later

"""The cluster as the rest of the program sees it: domain words, and None for what is missing.

What only some jobs ask for is loaded when it is asked for: most runs read and write one ServiceAccount. What
doctor reads beside it stands in diagnostics.py, and the names that completion offers in names.py.
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
    """What iamsa reads and writes in Kubernetes, over one connection; for any number of threads."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def read_service_account(self, subject: Subject) -> ServiceAccount | None:
        return service_accounts.read(self.connection, subject)

    def list_service_accounts(self, namespace: str | None, selector: str = "") -> tuple[ServiceAccount, ...]:
        """Those of one namespace, or with None of all, with these labels; Denied where that may not be
        listed."""
        from . import service_account_list  # noqa: PLC0415

        return service_account_list.listed(self.connection, namespace, selector)

    def request_token(self, subject: Subject, audience: str) -> Token | None:
        """A token as its pods would get it; None where there is no such ServiceAccount."""
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
        """Make it; None where it exists meanwhile: read it again."""
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
        """See service_accounts.apply_annotations for what it raises on conflicts."""
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
        """None where it is gone; see service_account_changes for what it raises on conflicts."""
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
        """Also where it is gone already; see service_account_changes for what it returns and raises."""
        return service_account_changes.delete(
            self.connection, subject, uid=uid, resource_version=resource_version, dry_run=dry_run
        )

    def namespace_state(self, name: str) -> NamespaceState:
        return namespaces.state(self.connection, name)

    def create_namespace(
        self, name: str, *, field_manager: str = FIELD_MANAGER, dry_run: bool = False
    ) -> None:
        namespaces.create(self.connection, name, field_manager=field_manager, dry_run=dry_run)

    def issuer(self) -> str | None:
        return server.issuer(self.connection)

    def may(self, verb: str, resource: str, namespace: str) -> bool | None:
        return server.may(self.connection, verb, resource, namespace)

    def running_pods(
        self, subject: Subject, is_meant: Callable[[Pod], bool] | None = None
    ) -> tuple[PodOwner, ...] | None:
        """The workloads that have such pods, without `is_meant` any; None: may not look."""
        from . import pods  # noqa: PLC0415

        return pods.owners_of_running(self.connection, subject, is_meant)

    def version(self) -> str:
        """The API server's, as v1.35.0."""
        return server.version(self.connection)
