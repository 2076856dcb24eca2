# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the roles that many ServiceAccounts name, in as few calls as possible."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from ..aws.iam.call import PAGE
from ..aws.iam.client import Iam
from ..concurrency import bounded, few_at_a_time
from ..deadline import Deadline
from ..errors import Denied
from ..model.role import Role, SeenRole

# GetRole, ListAttachedRolePolicies, ListRolePolicies.
CALLS_PER_ROLE = 3
# Up to this many roles are read one by one, without a call for the size of the account.
FEW_ROLES = 3


@dataclass
class Sweep:
    """What the pages of GetAccountAuthorizationDetails showed besides the roles that were asked for.

    `roles` are all roles of the account if `is_complete`. `is_denied`: the pages may not be read.
    """

    roles: list[Role] = field(default_factory=list)
    is_complete: bool = False
    is_denied: bool = False


def read_roles(
    names: Iterable[str], iam: Iam, deadline: Deadline, sweep: Sweep | None = None
) -> dict[str, SeenRole]:
    """Return those of `names` that exist in the account, by the names as given.

    A page of GetAccountAuthorizationDetails shows many roles. If it is denied, or would take more calls, the
    roles are read one by one, concurrently. No page is read only to complete `sweep`.

    Raises:
        Denied: the caller is not allowed to read a role in either way.

    Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
    """
    wanted = dict.fromkeys(names)
    if not wanted:
        return {}
    found: dict[str, SeenRole] = {}
    left = set(wanted)
    if len(wanted) > FEW_ROLES:
        found, left = bounded(
            "reading the account's roles", lambda: _by_pages(wanted, iam, sweep or Sweep()), deadline
        )
    return {**found, **read_each((name for name in wanted if name in left), iam, deadline)}


def read_each(names: Iterable[str], iam: Iam, deadline: Deadline) -> dict[str, SeenRole]:
    """Return those of `names` that exist, with three calls per role.

    Raises:
        Denied: the caller is not allowed to read a role.
    """
    asked = list(names)
    works: list[Callable[[], Any]] = [
        work
        for name in asked
        for work in (
            lambda name=name: iam.roles.read(name),
            lambda name=name: iam.policies.attached(name),
            lambda name=name: iam.policies.inline_names(name),
        )
    ]
    answers = few_at_a_time("reading roles", deadline, works)
    triples = zip(answers[::3], answers[1::3], answers[2::3], strict=True)
    return {
        name: SeenRole(role, attached, inline)
        for name, (role, attached, inline) in zip(asked, triples, strict=True)
        if role
    }


def _by_pages(wanted: Iterable[str], iam: Iam, sweep: Sweep) -> tuple[dict[str, SeenRole], set[str]]:
    """Return the roles found on the account's pages, and the names that take fewer calls one by one.

    Names are compared regardless of case, because role names are unique regardless of case.
    """
    left = {name.lower(): name for name in wanted}
    found: dict[str, SeenRole] = {}
    total = iam.roles.count()
    if total is not None and len(left) * CALLS_PER_ROLE <= ceil(total / PAGE):
        return {}, set(left.values())
    passed = pages = 0
    try:
        for page in iam.roles.pages():
            pages += 1
            passed += len(page)
            sweep.roles += [seen.role for seen in page]
            sweep.is_complete = total is not None and passed >= total
            for seen in page:
                name = left.pop(seen.role.name.lower(), None)
                if name:
                    found[name] = seen
            if not left or len(left) * CALLS_PER_ROLE <= _pages_left(total, passed, pages):
                return found, set(left.values())
    except Denied:
        sweep.is_denied = True
        return found, set(left.values())
    sweep.is_complete = True
    return found, set()


def _pages_left(total: int | None, passed: int, pages: int) -> int:
    """Estimate the number of pages left; as many as were read if the total is unknown."""
    if total is None:
        return pages
    return ceil(max(0, total - passed) / max(1, passed // pages))
