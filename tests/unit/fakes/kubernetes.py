# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cluster in memory, with the methods of KubernetesCluster and the API server's rules of ownership."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from unit.fakes.api_server import InMemoryConnection
from unit.fakes.examples import ISSUER
from unit.fakes.wire import Answer, Wire

from ansible_collections.iamsa.eks.plugins.module_utils.errors import CONFLICT, Refused, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import FIELD_MANAGER
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.pods import PodOwner
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import NamespaceState, ServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.model.pods import (
    ROLE_VARIABLE,
    Container,
    Pod,
    PodTemplate,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Token

CA_PEM = b"-----BEGIN CERTIFICATE-----\nY2E=\n-----END CERTIFICATE-----\n"
CA_DER = b"ca"


@dataclass
class InMemoryCluster:
    """`born_with`: the ServiceAccounts that a new namespace gets; `pods` run with the roles they map to."""

    wire: Wire
    service_accounts: dict[Subject, ServiceAccount] = field(default_factory=dict)
    namespaces: dict[str, NamespaceState] = field(default_factory=lambda: {"web": "active"})
    pods: dict[PodOwner, str] | None = field(default_factory=dict)
    born_with: tuple[str, ...] = ()
    issuer_url: str | None = ISSUER
    allowed: bool | None = True
    # Of the tokens that were asked for.
    audiences: list[str] = field(default_factory=list)
    connection: Any = field(init=False)
    # Who has signed the API server's certificate.
    signed_by: bytes = CA_DER
    _version: int = 100

    def __post_init__(self) -> None:
        self.connection = InMemoryConnection(self, frozenset({CA_DER}))
        self.connection.is_signed_by = lambda ca: self.wire.send("handshake", lambda: self.signed_by in ca)

    def put(self, service_account: ServiceAccount) -> None:
        """Have it, at a new version: what somebody else would do."""
        self._version += 1
        self.service_accounts[service_account.subject] = replace(
            service_account, resource_version=str(self._version)
        )

    def state(self) -> Any:
        annotations = {
            subject: dict(service_account.annotations)
            for subject, service_account in self.service_accounts.items()
        }
        return copy.deepcopy((annotations, self.namespaces))

    def read_service_account(self, subject: Subject) -> ServiceAccount | None:
        return self.wire.send("get serviceaccount", lambda: self.service_accounts.get(subject))

    def request_token(self, subject: Subject, audience: str) -> Token | None:
        def make() -> Token | None:
            self._version += 1
            self.audiences.append(audience)
            return (
                Token(f"{subject} {audience} {self._version}") if subject in self.service_accounts else None
            )

        return self.wire.send("create serviceaccounts/token", make, about=str(subject))

    def list_service_accounts(
        self,
        namespace: str | None,
        selector: str = "",  # noqa: ARG002
    ) -> tuple[ServiceAccount, ...]:
        def look() -> tuple[ServiceAccount, ...]:
            ordered = sorted(self.service_accounts.items(), key=lambda one: str(one[0]))
            return tuple(
                service_account
                for subject, service_account in ordered
                if namespace in (None, subject.namespace)
            )

        return self.wire.send("list serviceaccounts", look)

    def create_service_account(
        self,
        subject: Subject,
        annotations: Mapping[str, str],
        *,
        field_manager: str = FIELD_MANAGER,
        dry_run: bool = False,
    ) -> ServiceAccount | None:
        def make() -> ServiceAccount | None:
            if subject in self.service_accounts:
                return None
            if self.namespaces.get(subject.namespace) == "missing":
                raise RemoteError(f'namespaces "{subject.namespace}" not found', code="NotFound")
            owners = {key: frozenset({field_manager}) for key in annotations}
            made = ServiceAccount(subject, dict(annotations), owners, uid="new")
            if not dry_run:
                self.put(made)
            return made

        return self._write("create serviceaccount", make, dry_run)

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
        def apply() -> ServiceAccount:
            there = self.service_accounts.get(subject)
            if there is None or there.resource_version != resource_version:
                raise RemoteError(f"serviceaccount {subject} was changed", code=CONFLICT)
            changed = {key for key, value in annotations.items() if there.annotations.get(key) != value}
            # A POST's owner is another one than an apply's, though it has the same name.
            if not force and any(there.managers.get(key) for key in changed):
                raise Refused(f"serviceaccount {subject} has fields owned by other field managers")
            owners = {key: frozenset({field_manager}) for key in annotations}
            applied = replace(
                there,
                annotations={**there.annotations, **annotations},
                managers={**there.managers, **owners},
            )
            if not dry_run:
                self.put(applied)
            return applied

        return self._write("apply serviceaccount", apply, dry_run)

    def patch_annotations(
        self,
        subject: Subject,
        changes: Mapping[str, str | None],
        *,
        resource_version: str,
        field_manager: str = FIELD_MANAGER,
        dry_run: bool = False,
    ) -> ServiceAccount | None:
        def patch() -> ServiceAccount | None:
            there = self.service_accounts.get(subject)
            if there is None:
                return None
            if there.resource_version != resource_version:
                raise RemoteError(f"serviceaccount {subject} was changed", code=CONFLICT)
            merged = {**there.annotations, **changes}
            kept = {key: value for key, value in merged.items() if value is not None}
            owners = {key: frozenset({field_manager}) for key, value in changes.items() if value is not None}
            managers = {key: names for key, names in {**there.managers, **owners}.items() if key in kept}
            if not dry_run:
                self.put(replace(there, annotations=kept, managers=managers))
            return self.service_accounts[subject]

        return self._write("patch serviceaccount", patch, dry_run)

    def delete_service_account(
        self, subject: Subject, *, uid: str, resource_version: str, dry_run: bool = False
    ) -> ServiceAccount | None:
        def delete() -> ServiceAccount | None:
            there = self.service_accounts.get(subject)
            if there is None:
                return None
            if (there.uid, there.resource_version) != (uid, resource_version):
                raise RemoteError(f"serviceaccount {subject} was changed", code=CONFLICT)
            if there.finalizers:
                if not dry_run:
                    self.put(replace(there, deleting=True))
                return replace(there, deleting=True)
            if not dry_run:
                del self.service_accounts[subject]
            return None

        return self._write("delete serviceaccount", delete, dry_run)

    def namespace_state(self, name: str) -> NamespaceState:
        return self.wire.send("get namespace", lambda: self.namespaces.get(name, "missing"))

    def create_namespace(
        self,
        name: str,
        *,
        field_manager: str = FIELD_MANAGER,  # noqa: ARG002
        dry_run: bool = False,
    ) -> None:
        def make() -> None:
            if not dry_run:
                self.namespaces[name] = "active"
                for born in self.born_with:
                    self.put(ServiceAccount(Subject(name, born), {}))

        self._write("create namespace", make, dry_run)

    def issuer(self) -> str | None:
        return self.wire.send("get openid-configuration", lambda: self.issuer_url)

    def may(self, verb: str, resource: str, namespace: str) -> bool | None:
        about = f"{verb} {resource} in {namespace}"
        return self.wire.send("create selfsubjectaccessreview", lambda: self.allowed, about=about)

    def running_pods(
        self,
        subject: Subject,
        is_meant: Callable[[Pod], bool] | None = None,
    ) -> tuple[PodOwner, ...] | None:
        def pod(owner: PodOwner, role: str) -> Pod:
            spec = PodTemplate(subject.name, containers=(Container("app", {ROLE_VARIABLE: role}),))
            return Pod(subject.namespace, owner.name, spec, owner_kind=owner.kind, owner_name=owner.name)

        def look() -> tuple[PodOwner, ...] | None:
            if self.pods is None:
                return None
            return tuple(one for one, role in self.pods.items() if not is_meant or is_meant(pod(one, role)))

        return self.wire.send("list pods", look)

    def _write(self, name: str, work: Callable[[], Answer], dry_run: bool) -> Answer:
        called = f"rehearse {name}" if dry_run else name
        return self.wire.send(called, work, write=not dry_run)
