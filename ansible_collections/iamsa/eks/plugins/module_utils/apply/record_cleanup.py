# SPDX-License-Identifier: GPL-3.0-or-later

"""Removes entries from a role's record if a run ends early.

An entry is written before its policy is added, and removed after its policy. If the policy was certainly not
added, or is already removed, the entry must be removed too: otherwise, iamsa would own a policy of that name
that another process adds later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ..aws.iam.call import ignore_missing
from ..aws.iam.client import Iam
from ..concurrency import bounded, side_by_side
from ..deadline import Deadline
from ..errors import Denied, IamsaError, TimedOut
from ..model.role import Role
from ..model.steps.role import (
    POLICY_ADDITIONS,
    POLICY_REMOVALS,
    CreateRole,
    PutInlinePolicy,
    TagRole,
    UntagRole,
)
from ..model.steps.step import Step
from ..policy.attached_by_us import digests_of, entries, entries_of


def may_be_done(error: IamsaError) -> bool:
    """Whether the write that failed with `error` may have taken effect: its response was lost or late."""
    return error.uncertain or isinstance(error, TimedOut)


class RecordCleanup:
    """The cleanup of one run on one role."""

    def __init__(self, role_name: str, iam: Iam, deadline: Deadline) -> None:
        self._role_name = role_name
        self._iam = iam
        self._deadline = deadline

    def take_back(
        self, role: Role | None, steps: Sequence[Step], done: int, error: IamsaError | None = None
    ) -> None:
        """Clean up after a run that ended after `done` of `steps`; `error` is that of the next step, if any.

        `role` is the role that the run read. A failure of the cleanup is added to `error`.
        """
        is_unknown = error is not None and may_be_done(error)
        written: dict[str, str] = {}
        for step in steps[: done + is_unknown]:
            written.update(_entries_in(step))
        unwritten = [step for step in steps[done + is_unknown :] if isinstance(step, POLICY_ADDITIONS)]
        replacing = [step for step in unwritten if isinstance(step, PutInlinePolicy) and step.replaced]
        replaced = entries_of((step.digest for step in replacing), written)
        taken = _taken(role, steps[:done]) if role else {}
        lost = {**taken, **entries_of((step.digest for step in unwritten), written)}
        self._try(lost, error, are_others=replaced.keys())

    def forget(self, role: Role, steps: Sequence[Step], error: IamsaError | None = None) -> None:
        """Clean up after a run whose `steps` have removed policies from `role`, but did not delete it."""
        self._try(_taken(role, steps), error)

    def _try(
        self, lost: Mapping[str, str], error: IamsaError | None, are_others: Collection[str] = ()
    ) -> None:
        """`are_others`: entries of policies that iamsa did not add and that this run was to replace."""
        if not lost:
            return
        try:
            bounded("removing tags", lambda: self._remove(lost, are_others), self._deadline)
        except IamsaError as another:
            if error:
                error.add(
                    f"role {self._role_name} still has the tags {', '.join(lost)}, which wrongly record"
                    f" policies that iamsa did not add: " + another.problem
                )

    def _remove(self, lost: Mapping[str, str], are_others: Collection[str]) -> None:
        """Remove entries, except those whose policy is on the role or that another run has written since."""
        name = self._role_name
        role, attached, inline = side_by_side(
            f"looking at role {name}",
            self._deadline,
            lambda: self._iam.roles.read(name),
            lambda: self._iam.policies.attached(name),
            lambda: self._iam.policies.inline_names(name),
        )
        kept = entries_of(digests_of(attached, inline), lost).keys() - set(are_others)
        tags = role.tags if role else {}
        keys = [key for key, value in lost.items() if key not in kept and tags.get(key, value) == value]
        if not keys:
            return
        try:
            ignore_missing(lambda: self._iam.roles.remove_tags(name, keys))
        except Denied:
            # The permission may depend on the role's tags, which a deleted role no longer has.
            if role:
                raise


def _taken(role: Role, done: Sequence[Step]) -> dict[str, str]:
    """The entries that `role` still has of policies that the run has removed."""
    tags = dict(role.tags)
    for step in done:
        if isinstance(step, UntagRole):
            tags = {key: tags[key] for key in tags if key not in step.tags}
    return entries_of((step.digest for step in done if isinstance(step, POLICY_REMOVALS)), tags)


def _entries_in(step: Step) -> dict[str, str]:
    match step:
        case CreateRole():
            tags = step.role.tags
        case TagRole():
            tags = step.tags
        case _:
            return {}
    return {key: tags[key] for key in entries(tags)}
