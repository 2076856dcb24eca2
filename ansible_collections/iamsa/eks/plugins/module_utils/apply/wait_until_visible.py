# SPDX-License-Identifier: GPL-3.0-or-later

"""Waits until IAM's reads show what was written, so that the next run plans with the actual state.

IAM is eventually consistent: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from ..aws.iam.client import Iam
from ..aws.retry import found_within, patience, shown_in_time
from ..concurrency import side_by_side
from ..deadline import Deadline
from ..errors import NotFound, ResourceRef
from ..model.observed import Observed
from ..model.role import Role
from ..model.steps.role import AttachPolicy, DeleteInlinePolicy, DetachPolicy, PutInlinePolicy, UntagRole
from ..model.steps.step import Step
from ..policy.attached_by_us import is_entry, read_record
from ..policy.equality import same_meaning
from ..wording.text import RUN_AGAIN


def wait_until_visible(
    iam: Iam,
    before: Observed,
    after: Observed,
    steps: Iterable[Step],
    deadline: Deadline,
    *,
    role_id: str,
) -> tuple[str, ...]:
    """Wait until everything that `steps` changed reads as in `after`; returns notices for what does not.

    Raises:
        NotFound: the role with this `role_id` does not exist, so that its annotation would have no effect.
    """
    mine = [step for step in steps if step.target.kind == "role"]
    return _Watch(iam, before, after, mine, deadline, role_id).run()


class _Watch:
    def __init__(
        self,
        iam: Iam,
        before: Observed,
        after: Observed,
        steps: list[Step],
        deadline: Deadline,
        role_id: str,
    ) -> None:
        self._role_id = role_id
        self._sees_another = False
        self._iam = iam
        self._name = after.role_name
        self._made = before.role is None
        self._after = after
        self._parts = {step.target.part for step in steps}
        self._untagged = [step for step in steps if isinstance(step, UntagRole)]
        self._managed = [step for step in steps if isinstance(step, (AttachPolicy, DetachPolicy))]
        self._inline = [step for step in steps if isinstance(step, (PutInlinePolicy, DeleteInlinePolicy))]
        self._deadline = deadline

    def run(self) -> tuple[str, ...]:
        works: list[Callable[[], str | None]] = [self._role]
        if self._managed:
            works.append(partial(self._wait, "attached policies", self._attachments_are_visible))
        if self._inline:
            works.append(partial(self._wait, "inline policies", self._inline_is_visible))
        notices = side_by_side(f"looking at role {self._name}", self._deadline, *works)
        return tuple(notice for notice in notices if notice)

    def _wait(self, title: str, is_visible: Callable[[], bool]) -> str | None:
        return shown_in_time(f"the {title} of role {self._name}", is_visible, self._deadline)

    def _role(self) -> str | None:
        # Not in _wait, which only returns a notice: a role that never appears is an error.
        if self._reads_as(self._there()):
            return None
        return self._wait("role", lambda: self._reads_as(self._there()))

    def _there(self) -> Role:
        doing = f"waiting until IAM shows role {self._name}"
        found = found_within(patience(self._deadline) if self._made else 0, self._mine, self._deadline, doing)
        if found is None:
            raise self._gone()
        return found

    def _mine(self) -> Role | None:
        """The role with our ID; not an earlier or later role of the same name."""
        found = self._iam.roles.read(self._name)
        self._sees_another = found is not None and found.role_id != self._role_id
        return None if self._sees_another else found

    def _gone(self) -> NotFound:
        if self._sees_another:
            problem = (
                f"role {self._name} was deleted and created again by another process during this run, whose"
                " last changes may be on the new role"
            )
        elif self._made:
            problem = (
                f"IAM does not show role {self._name}, which this run created: another process deleted it,"
                " or IAM is delayed"
            )
        else:
            problem = f"role {self._name} was deleted by another process during this run"
        return NotFound(problem, remedy=RUN_AGAIN, resource=ResourceRef("role", self._name))

    def _reads_as(self, found: Role) -> bool:
        """Whether the role shows the written values. Tags of other processes are ignored."""
        written = self._after.role
        if written is None:
            raise AssertionError("steps that write end with a role")
        if self._made and not same_meaning(found.trust, written.trust):
            return False
        if not self._parts & {"tags", "boundary", "settings"}:
            return True
        removed = {key: value for step in self._untagged for key, value in step.tags.items()}
        tags = {key: value for key, value in written.tags.items() if not is_entry(key)}
        return (
            tags.items() <= found.tags.items()
            and read_record(written.tags) <= read_record(found.tags)
            # Another run may have written a removed key of the record again, with another time.
            and not any(found.tags.get(key) == value for key, value in removed.items())
            and written.permissions_boundary == found.permissions_boundary
            and (written.description or "") == (found.description or "")
            and written.max_session_duration == found.max_session_duration
        )

    def _attachments_are_visible(self) -> bool:
        found = self._iam.policies.attached(self._name)
        touched = {step.arn for step in self._managed}
        return all((arn in found) == (arn in self._after.attached) for arn in touched)

    def _inline_is_visible(self) -> bool:
        return all(map(self._is_put_or_gone, self._inline))

    def _is_put_or_gone(self, step: PutInlinePolicy | DeleteInlinePolicy) -> bool:
        found = self._iam.policies.inline(self._name, step.name)
        if isinstance(step, DeleteInlinePolicy):
            return found is None
        return found is not None and same_meaning(found, step.document)
