# SPDX-License-Identifier: GPL-3.0-or-later

"""The current state in AWS and Kubernetes, which a plan compares with the target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Literal

from ..identity.account import RoleHome
from ..identity.cluster import ClusterRef
from ..identity.subject import Subject
from ..policy.equality import Document
from ..policy.limits import Quotas
from ..policy.reference import ResolvedPolicy
from .association import NOT_LOOKED_FOR, PodUse
from .binding import BindingRecord
from .role import Provider, Role

NamespaceState = Literal["active", "terminating", "missing", "unknown"]


@dataclass(frozen=True)
class ClusterFacts:
    """The facts that are read once per cluster; `provider` is None if the OIDC provider does not exist."""

    cluster: ClusterRef
    home: RoleHome
    provider: Provider | None

    @property
    def provider_arn(self) -> str:
        """The ARN of the cluster's OIDC provider, whether or not it exists."""
        return self.home.provider_arn(self.cluster.issuer)


@dataclass(frozen=True)
class ServiceAccount:
    """A ServiceAccount's annotations, and the field managers that own each of them.

    `appliers` are the managers that own other fields through server-side apply: applying annotations as one
    of them would remove those fields. `written_at` maps an annotation to the time of its last write
    (RFC 3339), if known. While `deleting`, its `finalizers` block the deletion.
    Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/
    """

    subject: Subject
    annotations: Mapping[str, str]
    managers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    appliers: frozenset[str] = frozenset()
    uid: str = ""
    resource_version: str = ""
    deleting: bool = False
    finalizers: tuple[str, ...] = ()
    written_at: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Observed:
    """The state of one role and its ServiceAccounts; `role` is None if the role does not exist.

    `policies`: the requested policies, resolved in this account.
    `attached`: managed policies, ARN to name.
    `inline`: name to document, or to None if only the name was read. It contains all names if `knows_inline`.
    `other_inline`: documents of the other inline policies, which are only measured against the role's limit.
        A document is None if it could not be read; the mapping is None if the names could not be read.
    `bindings`: the records of the requested kind of binding.
    `quotas`: None if they were not read.
    `pod_use`: whether a Pod Identity association uses the role; read only if the trust policy names
        pods.eks.amazonaws.com.
    `instance_profiles`: names; read only for a delete.
    `read_at`: when the role was read, by this machine's clock.
    """

    role_name: str
    role: Role | None
    policies: tuple[ResolvedPolicy, ...] = ()
    attached: Mapping[str, str] = field(default_factory=dict)
    inline: Mapping[str, Document | None] = field(default_factory=dict)
    knows_inline: bool = False
    service_accounts: Mapping[Subject, ServiceAccount | None] = field(default_factory=dict)
    namespaces: Mapping[str, NamespaceState] = field(default_factory=dict)
    bindings: Mapping[Subject, BindingRecord] = field(default_factory=dict)
    other_inline: Mapping[str, Document | None] | None = field(default_factory=dict)
    quotas: Quotas | None = None
    pod_use: PodUse = NOT_LOOKED_FOR
    instance_profiles: tuple[str, ...] = ()
    read_at: datetime = datetime(1970, 1, 1, tzinfo=timezone.utc)


def held_by(finalizers: tuple[str, ...]) -> str:
    """The finalizers as a clause that follows "is marked for deletion, "."""
    return f"blocked by the finalizer{'s' * (len(finalizers) > 1)} {', '.join(finalizers)}"
