# SPDX-License-Identifier: GPL-3.0-or-later

"""What is there: the values that a plan compares with what is wanted."""

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
    """What is read once per cluster."""

    cluster: ClusterRef
    home: RoleHome
    provider: Provider | None

    @property
    def provider_arn(self) -> str:
        """The ARN that the cluster's OIDC provider has, or would have."""
        return self.home.provider_arn(self.cluster.issuer)


@dataclass(frozen=True)
class ServiceAccount:
    """A ServiceAccount's annotations, and which field managers own each of them.

    `appliers` are the managers that hold more than annotations by server-side apply: a further apply under
    one of their names that leaves those fields out would remove them. `written_at` is when each annotation
    was last written (RFC 3339), as far as that is known. While it is `deleting`, its `finalizers` hold it.
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
    """What is read per role.

    `attached` maps ARN to name; `inline` maps name to document, for the names that were looked at, and
    None for those that are only known to exist; `knows_inline` says that all names are in it. `policies` are
    the asked ones, looked up in this account.
    `other_inline` are the documents of inline policies that only share the role's limit with one that is put:
    None for those that could not be read, and None in place of all where not even their names could.
    `quotas` is None where they were not read. `pod_use` says whether a Pod Identity association uses the
    role; it is only looked for where the trust policy names Pod Identity. `bindings` is what the kind of
    binding that was asked for keeps of its own. `instance_profiles` are names, read for a delete only.
    `read_at` is when the role was read, by this machine's clock.
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
