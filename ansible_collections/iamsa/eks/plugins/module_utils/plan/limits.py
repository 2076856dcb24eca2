# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks that the role stays within IAM's limits after each step of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..model.observed import ClusterFacts, Observed
from ..model.steps.role import ROLE_STEPS
from ..model.steps.step import Step
from ..model.target import Target
from ..policy.document import document_size
from ..policy.limits import UNKNOWN, LimitName, Range, exactly, limit, tag_count, total
from .forecast import forecast_role_steps
from .limit_refusals import refusal

_LIMITS: Mapping[str, tuple[LimitName, ...]] = {
    "": ("trust", "tags"),
    "inline policy": ("inline",),
    "policy": ("attachments",),
    "tags": ("tags",),
    "trust policy": ("trust",),
}


def refuse_beyond_limits(
    steps: Iterable[Step], target: Target, cluster: ClusterFacts, observed: Observed
) -> None:
    """Raises Refused if one of `steps`, applied in this order, certainly exceeds one of the role's limits."""
    steps, observed = tuple(steps), with_others(observed)
    before = observed
    for step, now in states(steps, before):
        for name in limits_of(step):
            size = measured(name, now)
            grows = size.least > measured(name, before).least
            if grows and size.surely_beyond(limit(name, observed.quotas)):
                mine = [one for one in steps if isinstance(one, ROLE_STEPS)]
                end = forecast_role_steps(observed, mine)
                raise refusal(name, target, cluster, observed, now, end)
        before = now


def limits_of(step: Step) -> tuple[LimitName, ...]:
    """The limits that a step counts toward."""
    return _LIMITS.get(step.target.part, ()) if step.target.kind == "role" else ()


def measured(name: LimitName, observed: Observed) -> Range:
    """How much of the limit the role uses: characters, attachments or tags. See `with_others`."""
    if name == "inline":
        known = (document_size(one) if one is not None else UNKNOWN for one in observed.inline.values())
        return total(known) + (exactly(0) if observed.other_inline is not None else UNKNOWN)
    if name == "attachments":
        return exactly(len(observed.attached))
    if observed.role is None:
        return exactly(0)
    return tag_count(observed.role.tags) if name == "tags" else document_size(observed.role.trust)


def with_others(observed: Observed) -> Observed:
    """`observed` with `other_inline` merged into `inline`."""
    others = observed.other_inline or {}
    known = {name: document for name, document in observed.inline.items() if document is not None}
    return replace(observed, inline={**observed.inline, **others, **known})


def states(steps: Iterable[Step], observed: Observed) -> Iterator[tuple[Step, Observed]]:
    """Each step that changes the role, with the state after it."""
    for step in steps:
        if isinstance(step, ROLE_STEPS):
            observed = forecast_role_steps(observed, (step,))
            yield step, observed
