# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is there of a role that is to go."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ..aws.retry import HIDDEN_SECONDS, found_within
from ..bindings.binding import Kinds
from ..bindings.registry import KINDS
from ..cluster.access import Access
from ..cluster.observation import Observation
from ..identity.account import RoleHome
from ..model.association import UNASKED, SeenAssociations
from ..model.desired import Desired
from ..model.observed import ClusterFacts, Observed
from ..model.role import Provider
from .observer import Observer, now


def observe_for_delete(desired: Desired, access: Access, kinds: Kinds = KINDS) -> Observation:
    """Read what `plan_deletion` needs: all that hangs on the role, and nothing of what is to be made."""
    observer = _DeleteObserver(desired, access, kinds[desired.kind])
    return observer.second_wave(observer.first_wave())


class _DeleteObserver(Observer):
    def _read_provider(self, _facts: ClusterFacts) -> Provider | None:
        return None

    def _read_associations(self) -> SeenAssociations:
        """What the ServiceAccount's association gives its pods stays as it is."""
        return UNASKED

    def _read_role(self, name: str) -> Observed:
        read_at = now()
        role, attached, inline, profiles = self._together(
            f"reading role {name}",
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

    def _look_ahead(self, _home: RoleHome, _bound: str | None) -> None:
        return None

    def _with_policies(self, facts: Observed, _home: RoleHome, _ahead: Observed | None) -> Observed:
        """A role that the ServiceAccount names was shown once: it may only be hidden for a moment."""
        subject = self._desired.subject
        bound = self._kind.bound_role(facts.service_accounts[subject], facts.bindings.get(subject)) or ""
        if facts.role or not bound.endswith(f"/{facts.role_name}"):
            return facts
        doing = f"waiting until IAM shows role {facts.role_name}"
        look = partial(self._iam.roles.read, facts.role_name)
        if found_within(HIDDEN_SECONDS, look, self._access.deadline, doing) is None:
            return facts
        shown = self._read_role(facts.role_name)
        return replace(
            shown,
            service_accounts=facts.service_accounts,
            namespaces=facts.namespaces,
            bindings=facts.bindings,
        )
