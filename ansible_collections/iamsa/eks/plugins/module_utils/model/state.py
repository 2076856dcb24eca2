# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wanted and what is there: the values that flow into a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Literal

from ..identity.account import RoleHome
from ..identity.cluster import ClusterRef
from ..identity.keys import DEFAULT_AUDIENCE, DEFAULT_MAX_SESSION, FIELD_MANAGER
from ..identity.subject import Subject
from ..policy.equality import Document
from ..policy.limits import Quotas
from ..policy.reference import AbsentReference, PolicyReference, ResolvedPolicy
from .association import NOT_LOOKED_FOR, PodUse

RoleNameStyle = Literal["derived", "gen3"]
NamespaceState = Literal["active", "terminating", "missing", "unknown"]


@dataclass(frozen=True)
class Binding:
    """One ServiceAccount that may assume the role, and by which mechanism."""

    subject: Subject
    kind: Literal["irsa"] = "irsa"


@dataclass(frozen=True)
class NewRole:
    """What a role is to be if it has to be made and nothing else says so; one that is there keeps its own."""

    path: str | None = None
    permissions_boundary: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RoleSpec:
    """The role as the user asks for it. None means: not asked, leave what is there.

    `absent` are policies that are to be gone, `removed_tags` keys that are to be gone. With `keeps_audience`
    the audience that is in use counts, and `audience` only where there is none yet.
    """

    name: str | None = None
    name_style: RoleNameStyle = "derived"
    path: str | None = None
    policies: tuple[PolicyReference, ...] = ()
    permissions_boundary: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    description: str | None = None
    max_session_duration: int | None = None
    audience: str = DEFAULT_AUDIENCE
    keeps_audience: bool = False
    absent: tuple[AbsentReference, ...] = ()
    removed_tags: tuple[str, ...] = ()
    removes_permissions_boundary: bool = False
    if_new: NewRole = field(default_factory=NewRole)


@dataclass(frozen=True)
class ServiceAccountSpec:
    """The ServiceAccount's other annotations (expiration in seconds), and the name we write them under.

    None means: not asked, leave what is there.
    """

    sts_regional_endpoints: bool | None = None
    token_expiration: int | None = None
    field_manager: str = FIELD_MANAGER


@dataclass(frozen=True)
class Consent:
    """What the user has expressly allowed.

    With `assume_namespace` a missing namespace is taken to be made by somebody else before the real run.
    """

    adopt: bool = False
    replace_trust: bool = False
    rebind: bool = False
    force_conflicts: bool = False
    purge: bool = False
    create_oidc_provider: bool = False
    create_namespace: bool = False
    assume_namespace: bool = False
    create_role: bool = True


@dataclass(frozen=True)
class Desired:
    """All that one run is asked for."""

    role: RoleSpec
    bindings: tuple[Binding, ...]
    service_account: ServiceAccountSpec = ServiceAccountSpec()
    consent: Consent = Consent()

    @property
    def subject(self) -> Subject:
        """The ServiceAccount that the role is named and tagged after: the first."""
        return self.bindings[0].subject


@dataclass(frozen=True)
class Removal:
    """What one run is asked to take away.

    `desired` says which ServiceAccount and which role are meant, and what the user has allowed; of its
    consent, `adopt` here means: also a role that was taken over, and `purge`: also policies of others.
    """

    desired: Desired
    keep_role: bool = False
    keep_service_account: bool = False


@dataclass(frozen=True)
class Provider:
    """An IAM OIDC provider: its ARN, its ClientIDList, its tags, and when it was made, by which one that is
    deleted and made again is told from it."""

    arn: str
    audiences: tuple[str, ...]
    tags: Mapping[str, str] = field(default_factory=dict)
    created: str = field(default="", compare=False)


@dataclass(frozen=True)
class ClusterFacts:
    """What is read once per cluster."""

    cluster: ClusterRef
    home: RoleHome
    provider: Provider | None


@dataclass(frozen=True)
class Role:
    """A role as IAM's GetRole shows it; the session length in seconds.

    `role_id` is IAM's own: a role that is deleted and made again has another one. "" before it is made.
    `source_template` is the ARN of the role template that it was made from, "" where there is none.
    """

    name: str
    path: str
    arn: str
    trust: Document
    tags: Mapping[str, str] = field(default_factory=dict)
    permissions_boundary: str | None = None
    description: str | None = None
    max_session_duration: int = DEFAULT_MAX_SESSION
    source_template: str = ""
    role_id: str = ""


@dataclass(frozen=True)
class ServiceAccount:
    """A ServiceAccount's annotations, and which field managers own each of them.

    `appliers` are the managers that hold more than annotations by server-side apply: a further apply under
    one of their names that leaves those fields out would remove them. `annotated_at` is when the role was
    last written (RFC 3339), "" where that is not known. While it is `deleting`, its `finalizers` hold it.
    """

    subject: Subject
    annotations: Mapping[str, str]
    managers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    appliers: frozenset[str] = frozenset()
    uid: str = ""
    resource_version: str = ""
    deleting: bool = False
    finalizers: tuple[str, ...] = ()
    annotated_at: str = ""


@dataclass(frozen=True)
class RoleFacts:
    """What is read per role.

    `attached` maps ARN to name; `inline` maps name to document, for the names that were looked at, and
    None for those that are only known to exist; `knows_inline` says that all names are in it. `policies` are
    the asked ones, looked up in this account.
    `other_inline` are the documents of inline policies that only share the role's limit with one that is put:
    None for those that could not be read, and None in place of all where not even their names could.
    `quotas` is None where they were not read. `pod_use` says whether a Pod Identity association uses the
    role; it is only looked for where the trust policy names Pod Identity. `instance_profiles` are names, read
    for a removal only. `read_at` is when the role was read, by this machine's clock.
    """

    role_name: str
    role: Role | None
    policies: tuple[ResolvedPolicy, ...] = ()
    attached: Mapping[str, str] = field(default_factory=dict)
    inline: Mapping[str, Document | None] = field(default_factory=dict)
    knows_inline: bool = False
    service_accounts: Mapping[Subject, ServiceAccount | None] = field(default_factory=dict)
    namespaces: Mapping[str, NamespaceState] = field(default_factory=dict)
    other_inline: Mapping[str, Document | None] | None = field(default_factory=dict)
    quotas: Quotas | None = None
    pod_use: PodUse = NOT_LOOKED_FOR
    instance_profiles: tuple[str, ...] = ()
    read_at: datetime = datetime(1970, 1, 1, tzinfo=timezone.utc)
