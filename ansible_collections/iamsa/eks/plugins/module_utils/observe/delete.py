# SPDX-License-Identifier: GPL-3.0-or-later

"""Read what `plan_deletion` needs of a role that is to be deleted."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ..aws.retry import HIDDEN_SECONDS, found_within
from ..bindings.binding import BindingKind, Kinds
from ..cluster.access import Access
from ..cluster.observation import Observation
from ..concurrency import side_by_side
from ..identity.account import RoleHome
from ..model.association import UNASKED, SeenAssociations
from ..model.desired import Desired
from ..model.observed import ClusterFacts, Observed
from ..model.role import Provider
from .observer import Observer
from .wanted_role import now


def observe_for_delete(desired: Desired, access: Access, kinds: Kinds) -> Observation:
    """Read the role, everything attached to it, and the ServiceAccount.

    Raises:
        Refused: the API server is not proven to be that of the described cluster.
    """
    kind = kinds[desired.kind]
    observer = Observer(desired, access, kind, _DoomedRole(desired, access, kind))
    return observer.second_wave(observer.first_wave())


class _DoomedRole:
    """The reads of the role for delete."""

    def __init__(self, desired: Desired, access: Access, kind: BindingKind) -> None:
        self._desired = desired
        self._kind = kind
        self._iam = access.iam
        self._deadline = access.deadline

    def provider(self, cluster: ClusterFacts) -> Provider | None:  # noqa: ARG002
        return None

    def associations(self) -> SeenAssociations:
        """Return UNASKED: delete does not change associations."""
        return UNASKED

    def read(self, name: str) -> Observed:
        read_at = now()
        role, attached, inline, profiles = side_by_side(
            f"reading role {name}",
            self._deadline,
            lambda: self._iam.roles.read(name),
            lambda: self._iam.policies.attached(name),
            lambda: self._iam.policies.inline_names(name),
            lambda: self._iam.roles.instance_profiles(name),
        )
        return Observed(
            name,
            role,
            attached=attached,
            inline=dict.fromkeys(inline),
            instance_profiles=profiles,
            read_at=read_at,
        )

    def early(self, home: RoleHome, bound: str | None) -> None:  # noqa: ARG002
        return None

    def completed(self, seen: Observed, home: RoleHome, early: Observed | None) -> Observed:  # noqa: ARG002
        """Wait for a missing role that the ServiceAccount names: IAM may hide it briefly."""
        subject = self._desired.subject
        bound = self._kind.bound_role(seen.service_accounts[subject], seen.bindings.get(subject)) or ""
        if seen.role or not bound.endswith(f"/{seen.role_name}"):
            return seen
        doing = f"waiting until IAM shows role {seen.role_name}"
        look = partial(self._iam.roles.read, seen.role_name)
        if found_within(HIDDEN_SECONDS, look, self._deadline, doing) is None:
            return seen
        shown = self.read(seen.role_name)
        return replace(
            shown,
            service_accounts=seen.service_accounts,
            namespaces=seen.namespaces,
            bindings=seen.bindings,
        )
