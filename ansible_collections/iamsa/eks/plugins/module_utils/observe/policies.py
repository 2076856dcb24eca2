# SPDX-License-Identifier: GPL-3.0-or-later

"""Look up the policies that a role is to have."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from ..aws.iam.client import Iam
from ..concurrency import Answers, side_by_side
from ..deadline import Deadline
from ..errors import IamsaError, NotFound, ResourceRef
from ..identity.account import RoleHome
from ..model.desired import RoleSpec
from ..model.observed import Observed
from ..plan.resolve import wanted_boundary
from ..wording.text import Option
from .policy_exists import policy_exists
from .policy_lookup import PolicyLookup


class WantedPolicies:
    """Looks up the policies and the permissions boundary of one role."""

    def __init__(self, wanted: RoleSpec, iam: Iam, deadline: Deadline, answers: Answers) -> None:
        self._wanted = wanted
        self._iam = iam
        self._answers = answers
        self._deadline = deadline

    def early(self, home: RoleHome) -> Observed | None:
        """Look up the policies concurrently with a role that most likely does not exist yet.

        None if that fails: `looked_up` then raises the error.
        """
        with suppress(IamsaError):
            return self.looked_up(Observed("", role=None), home)
        return None

    def looked_up(self, observed: Observed, home: RoleHome, early: Observed | None = None) -> Observed:
        """Return `observed` with the policies; `early` is the result of `early`.

        Raises:
            NotFound: a policy or the permissions boundary does not exist.
            Refused: see PolicyLookup.resolve.
        """
        if early and observed.role is None:
            return replace(observed, policies=early.policies)
        lookup = PolicyLookup(self._iam, home, observed.attached, self._deadline, self._answers)
        boundary = wanted_boundary(self._wanted, observed.role)
        is_new = boundary != (observed.role.permissions_boundary if observed.role else None)
        policies, _boundary = side_by_side(
            "looking up policies",
            self._deadline,
            lambda: lookup.resolve(self._wanted.policies),
            lambda: self._require(boundary, observed, lookup) if boundary and is_new else None,
        )
        return replace(observed, policies=policies)

    def _require(self, boundary: str, observed: Observed, lookup: PolicyLookup) -> None:
        """Raise NotFound unless the boundary's policy exists, be it requested or a lost one to restore."""
        if observed.role is None or self._wanted.permissions_boundary:
            lookup.require(boundary, Option("permissions_boundary"))
        elif not policy_exists(boundary, self._iam):
            raise NotFound(
                f"the permissions boundary {boundary} of role {observed.role_name} was removed,"
                " and that policy no longer exists",
                remedy="specify another boundary with "
                + Option("permissions_boundary")
                + ", or remove it with "
                + Option("remove_permissions_boundary", of="update"),
                resource=ResourceRef("policy", boundary),
            )
