# SPDX-License-Identifier: GPL-3.0-or-later

"""Reorders a role's steps if one of IAM's limits requires it, or may require it.

Removals go first only as far as the additions would not fit otherwise. A step that IAM may reject, because a
limit or the current usage is not known for certain, goes first, so that nothing else has been changed if IAM
rejects it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from ..model.observed import Observed
from ..model.steps.base import Phase
from ..model.steps.role import (
    POLICY_ADDITIONS,
    POLICY_REMOVALS,
    AttachPolicy,
    DeleteInlinePolicy,
    DetachPolicy,
    PutInlinePolicy,
    SetTrust,
    UntagRole,
)
from ..model.steps.step import Step
from ..policy.attached_by_us import entries
from ..policy.limits import LimitName, Range, limit
from .limits import limits_of, measured, states, with_others

_FIRST: Mapping[LimitName, Phase] = {
    "inline": Phase.INLINE,
    "attachments": Phase.MANAGED,
}


def fitted(steps: Iterable[Step], observed: Observed) -> tuple[Step, ...]:
    """`steps` in the order of their phases, with some of them moved to an earlier phase."""
    order = _Order(steps, observed)
    for name in _FIRST:
        order.make_room(name)
    order.make_room_for_entries()
    order.attach_first_if_uncertain()
    order.trust_first_if_uncertain()
    return order.steps()


def room_notices(steps: Sequence[Step]) -> tuple[str, ...]:
    """The notices about policies that are removed before their replacements are added."""
    return tuple(_removed_early(steps))


def _removed_early(steps: Sequence[Step]) -> Iterator[str]:
    inline = [step for step in steps if isinstance(step, (DeleteInlinePolicy, PutInlinePolicy))]
    managed = [step for step in steps if isinstance(step, (DetachPolicy, AttachPolicy))]
    for mine, removed, added in ((inline, "deleted", "added"), (managed, "detached", "attached")):
        last = max(
            (place for place, step in enumerate(mine) if isinstance(step, POLICY_ADDITIONS)), default=0
        )
        gone = [step.name for step in mine[:last] if isinstance(step, POLICY_REMOVALS)]
        put = [step.name for step in mine[: last + 1] if isinstance(step, POLICY_ADDITIONS)]
        if gone:
            target = mine[0].target
            yield (
                f"role {target.name} has no room for all policies at once: {target.part} {', '.join(gone)} is"
                f" {removed} before {', '.join(put)} is {added}"
            )


class _Order:
    """Steps sorted by phase, and within a phase by rank."""

    def __init__(self, steps: Iterable[Step], observed: Observed) -> None:
        self._steps = [(step.phase, 0, step) for step in steps]
        self._observed = with_others(observed)

    def steps(self) -> tuple[Step, ...]:
        ordered = sorted(self._steps, key=lambda one: one[:2])
        return tuple(replace(step, phase=phase) for phase, _rank, step in ordered)

    def make_room(self, name: LimitName) -> None:
        """Move as few removals as necessary to the front, and before them policies that only shrink."""
        first = _FIRST[name]
        self._steps = [
            (phase, -1 if name == "inline" and self._shrinks(step) else rank, step)
            for phase, rank, step in self._steps
        ]
        removals = [
            step
            for *_order, step in self._steps
            if name in limits_of(step) and isinstance(step, POLICY_REMOVALS)
        ]
        orders = [self._with_early(removals[:count], first) for count in range(len(removals) + 1)]
        most = limit(name, self._observed.quotas)
        sure = (order for order in orders if self._peak(name, order).surely_within(most))
        possible = (order for order in orders if not self._peak(name, order).surely_beyond(most))
        self._steps = next(chain(sure, possible), self._steps)

    def make_room_for_entries(self) -> None:
        """Remove policies first if their entries in the record leave no room for those of new policies."""
        if not self._peak("tags", self._steps).surely_beyond(limit("tags", self._observed.quotas)):
            return
        last = [
            step for phase, _rank, step in self._steps if phase == Phase.TAGS and isinstance(step, UntagRole)
        ]
        freed = {digest for step in last for digest in entries(step.tags).values()}
        gone = [
            step
            for *_order, step in self._steps
            if isinstance(step, POLICY_REMOVALS) and step.digest in freed
        ]
        self._steps = self._with_early(gone, Phase.RECORD)
        self._steps = self._with_early(last, Phase.RECORD, rank=-1)

    def attach_first_if_uncertain(self) -> None:
        if self._is_uncertain("attachments") and not self._is_uncertain("inline"):
            self._steps = [
                (Phase.INLINE, rank - 10, step) if phase == Phase.MANAGED else (phase, rank, step)
                for phase, rank, step in self._steps
            ]

    def trust_first_if_uncertain(self) -> None:
        """Unless the role loses permissions: a newly trusted ServiceAccount must not get these."""
        narrows = any(
            isinstance(step, POLICY_REMOVALS) or (isinstance(step, PutInlinePolicy) and step.replaced)
            for *_order, step in self._steps
        )
        if self._is_uncertain("trust") and not narrows:
            self._steps = [
                (min(phase, Phase.EXCLUSION), rank, step) if isinstance(step, SetTrust) else one
                for one in self._steps
                for phase, rank, step in (one,)
            ]

    def _is_uncertain(self, name: LimitName) -> bool:
        return not self._peak(name, self._steps).surely_within(limit(name, self._observed.quotas))

    def _shrinks(self, step: Step) -> bool:
        if not isinstance(step, PutInlinePolicy):
            return False
        ((_step, now),) = states((step,), self._observed)
        return measured("inline", now).least < measured("inline", self._observed).least

    def _with_early(
        self, early: Sequence[Step], first: Phase, rank: int = -2
    ) -> list[tuple[Phase, int, Step]]:
        moved = [id(step) for step in early]
        return [
            (first, rank, step) if id(step) in moved else (phase, own_rank, step)
            for phase, own_rank, step in self._steps
        ]

    def _peak(self, name: LimitName, order: Sequence[tuple[Phase, int, Step]]) -> Range:
        """The role's highest usage of the limit after any step that increases it."""
        peak, before = Range(0, 0), self._observed
        mine = [step for *_order, step in sorted(order, key=lambda one: one[:2]) if name in limits_of(step)]
        for _step, now in states(mine, before):
            size = measured(name, now)
            if size.least > measured(name, before).least:
                peak = Range(max(peak.least, size.least), max(peak.most, size.most))
            before = now
        return peak
