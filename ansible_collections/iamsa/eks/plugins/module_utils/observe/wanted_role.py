# SPDX-License-Identifier: GPL-3.0-or-later

"""Read a role to create or update."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ..aws.iam.client import Iam
from ..cluster.access import Access
from ..concurrency import Answers, bounded, few_at_a_time, side_by_side
from ..deadline import Deadline
from ..errors import Denied
from ..identity.account import RoleHome
from ..model.association import SeenAssociations
from ..model.desired import Desired
from ..model.observed import ClusterFacts, Observed
from ..model.role import Provider
from ..policy.attached_by_us import stale_entries
from ..policy.equality import Document
from ..policy.gen3_names import is_to_be_put, stamped
from ..policy.reference import InlinePolicy
from .associations import AssociationReader
from .policies import WantedPolicies


def now() -> datetime:
    """Return the time of this machine's clock, in UTC."""
    return datetime.now(timezone.utc)


class WantedRole:
    """The reads of the role for create and update."""

    def __init__(self, desired: Desired, access: Access) -> None:
        self._desired = desired
        self._iam = access.iam
        self._deadline = access.deadline
        self._associations = AssociationReader(access, access.answers)
        self._policies = WantedPolicies(
            desired.role, access.iam, access.deadline, access.answers or Answers()
        )

    def provider(self, cluster: ClusterFacts) -> Provider | None:
        return self._iam.providers.read(cluster.provider_arn)

    def associations(self) -> SeenAssociations:
        return self._associations.of(self._desired.subject)

    def read(self, name: str) -> Observed:
        """Read the role, its attached policies, and those inline policies that this run concerns."""
        wanted, absent = self._desired.role.policies, self._desired.role.absent
        files = [policy for policy in (*wanted, *absent) if isinstance(policy, InlinePolicy)]
        own = [policy.name for policy in wanted if isinstance(policy, InlinePolicy)]
        lists = self._desired.overrides.purge or bool(absent)
        role, attached, names, *documents = self._together(
            f"reading role {name}",
            lambda: self._iam.roles.read(name),
            lambda: self._iam.policies.attached(name),
            (lambda: self._iam.policies.inline_names(name)) if lists else tuple,
            *(lambda file=file: self._iam.policies.inline(name, file) for file in own),
        )
        found = {file: document for file, document in zip(own, documents, strict=True) if document}
        if role and not lists and len(found) < len(own):
            # A missing policy may exist under the name that gen3 gave it.
            names = self._iam.policies.inline_names(name)
        inline = {**(dict.fromkeys(names) if lists else {}), **found, **self._stamped(name, files, names)}
        observed = Observed(
            name,
            role,
            attached=attached,
            inline=inline,
            knows_inline=lists,
            read_at=now(),
        )
        if role and not lists and stale_entries(role.tags, attached, inline, observed.read_at):
            observed = self._with_names(observed)
        if role and any(
            is_to_be_put(policy, inline) for policy in wanted if isinstance(policy, InlinePolicy)
        ):
            listed = (
                tuple(observed.inline) if observed.knows_inline else names if len(found) < len(own) else None
            )
            return replace(observed, other_inline=read_others(self._iam, observed, listed, self._deadline))
        return observed

    def _with_names(self, observed: Observed) -> Observed:
        """Add the names of all inline policies, if the caller is allowed to list them.

        They only serve to clean up the role's record, which can wait for another run.
        """
        try:
            names = self._iam.policies.inline_names(observed.role_name)
        except Denied:
            return observed
        return replace(observed, inline={**dict.fromkeys(names), **observed.inline}, knows_inline=True)

    def _stamped(
        self, role: str, files: list[InlinePolicy], names: Sequence[str]
    ) -> dict[str, Document | None]:
        old = list(dict.fromkeys(name for file in files for name in stamped(file.name, names)))
        works = [lambda name=name: self._iam.policies.inline(role, name) for name in old]
        return dict(zip(old, self._together(f"reading role {role}", *works), strict=True))

    def early(self, home: RoleHome, bound: str | None) -> Observed | None:
        # For an existing role, the attached policies spare look-ups.
        return self._policies.early(home) if bound is None else None

    def completed(self, seen: Observed, home: RoleHome, early: Observed | None) -> Observed:
        return self._policies.looked_up(seen, home, early)

    def _together(self, doing: str, *works: Callable[[], Any]) -> tuple[Any, ...]:
        return side_by_side(doing, self._deadline, *works)


def read_others(
    iam: Iam, observed: Observed, names: Sequence[str] | None, deadline: Deadline
) -> Mapping[str, Document | None] | None:
    """Return the documents that `observed` lacks; `names` are all inline policies, None if not listed yet.

    A document that the caller is not allowed to read is None. The result is None if not even their names can
    be listed.
    """
    role = observed.role_name
    if names is None:
        try:
            names = bounded(f"reading role {role}", lambda: iam.policies.inline_names(role), deadline)
        except Denied:
            return None
    unread = [name for name in names if observed.inline.get(name) is None]
    works = [lambda name=name: _read(iam, role, name) for name in unread]
    found = few_at_a_time(f"reading role {role}", deadline, works) if works else ()
    # A policy that was deleted concurrently takes no space.
    return {name: document for name, (document, is_there) in zip(unread, found, strict=True) if is_there}


def _read(iam: Iam, role: str, name: str) -> tuple[Document | None, bool]:
    try:
        document = iam.policies.inline(role, name)
    except Denied:
        return None, True
    return document, document is not None
