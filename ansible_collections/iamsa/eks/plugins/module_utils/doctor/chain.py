# SPDX-License-Identifier: GPL-3.0-or-later

"""The chain from a ServiceAccount to its permissions, which describe shows and checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..bindings.now import BoundNow, is_made_here
from ..identity.keys import ANNOTATION_RECORD, TAG_ADOPTED
from ..identity.ownership import Ownership, role_owner
from ..identity.subject import Subject
from ..model.association import NOT_LOOKED_FOR, UNASKED, PodUse, SeenAssociations
from ..model.observed import ClusterFacts, ServiceAccount
from ..model.role import Role, RoleUse, SeenRole
from ..plan.status import Status, beside_association, is_elsewhere, status
from ..policy.equality import Document
from ..policy.limits import Quotas
from ..trust.evaluate import Admission, admission
from ..trust.grant import Grant
from ..trust.statements import TrustReading, read_trust
from ..trust.words import in_words
from ..wording.text import Sentence


@dataclass(frozen=True)
class TrustStatement:
    """One statement of the role's trust policy; `mark` is its group in TrustReading."""

    mark: Literal["ours", "stale", "unmanaged", "podIdentity"]
    words: Sentence
    statement: Document


@dataclass(frozen=True)
class Chain:
    """What was read for one ServiceAccount.

    `now` is how it is bound, and to which role. `asked_role` is True if the user named the role; otherwise
    the annotation names it, or it is the default one. `default_role` is the name of the role that create
    would make. `has_recorded_boundary` is False only if the boundary policy that the role's tag records is
    known not to exist. `quotas` are the account's, None if they were not read.
    """

    facts: ClusterFacts
    subject: Subject
    service_account: ServiceAccount | None
    now: BoundNow
    role_name: str
    default_role: str
    seen: SeenRole | None = None
    use: RoleUse | None = None
    asked_role: bool = False
    associations: SeenAssociations = UNASKED
    has_recorded_boundary: bool = True
    pod_use: PodUse = NOT_LOOKED_FOR
    quotas: Quotas | None = None

    @property
    def role(self) -> Role | None:
        return self.seen.role if self.seen else None

    @property
    def named(self) -> str:
        """The role ARN that the ServiceAccount names; "" if none."""
        return self.now.named

    @property
    def elsewhere(self) -> bool:
        """Whether the role is in another AWS account, and was not read."""
        return not self.asked_role and is_elsewhere(self.named, self.facts.home)

    @property
    def is_annotated(self) -> bool:
        return self.now.role is not None

    @property
    def is_being_deleted(self) -> bool:
        return bool(
            self.service_account
            and not self.is_annotated
            and ANNOTATION_RECORD in self.service_account.annotations
        )

    @property
    def made_by_iamsa(self) -> bool:
        """Whether iamsa created this ServiceAccount itself, and not another one that it is a copy of."""
        return bool(self.service_account and is_made_here(self.service_account, self.facts))

    @property
    def audience(self) -> str:
        return self.now.kind.audience(self.service_account)

    @property
    def grant(self) -> Grant:
        return self.now.kind.grant(self.facts.cluster, self.facts.home, (self.subject,), self.audience)

    @property
    def earlier_grant(self) -> Grant | None:
        """The grant for the earlier issuer that the role's tags name; None if they name no other issuer."""
        issuer = self.owner.issuer if self.owner else ""
        return self.grant.of_issuer(issuer) if issuer else None

    @property
    def owner(self) -> Ownership | None:
        return role_owner(self.role.tags, self.facts.cluster, self.subject) if self.role else None

    @property
    def status(self) -> Status | None:
        """The status that list shows; None if the user named another role than the ServiceAccount does."""
        if self.service_account is None:
            return None
        is_named = self.role is not None and self.role.arn == self.named
        if self.asked_role and self.named and not is_named:
            return None
        seen = self.seen if is_named else None
        found = status(self.service_account, self.now, seen, self.facts.cluster, self.facts.home)
        return beside_association(found, self.service_account, self.now, self.associations.in_force)

    @property
    def is_adopted(self) -> bool:
        """Whether the role existed before iamsa managed it; its earlier statements and policies are kept."""
        return bool(self.role and TAG_ADOPTED in self.role.tags)

    @property
    def admission(self) -> Admission | None:
        return admission(self.role.trust, self.grant) if self.role else None

    @property
    def reading(self) -> TrustReading:
        """The trust statements in groups; all empty if there is no role."""
        if not self.role:
            return TrustReading((), (), ())
        return read_trust(
            self.role.trust, self.grant, self.earlier_grant, may_serve_pods=self.pod_use.is_possible
        )

    @property
    def statements(self) -> tuple[TrustStatement, ...]:
        return tuple(self._marked())

    def _marked(self) -> Iterator[TrustStatement]:
        reading = self.reading
        for statement in reading.ours:
            yield TrustStatement("ours", in_words(statement), statement)
        for statement in reading.stale:
            yield TrustStatement("stale", in_words(statement), statement)
        for statement in reading.pods:
            yield TrustStatement("podIdentity", f"{in_words(statement)}: " + self.pod_use.words, statement)
        for statement in reading.unmanaged:
            yield TrustStatement("unmanaged", in_words(statement), statement)
