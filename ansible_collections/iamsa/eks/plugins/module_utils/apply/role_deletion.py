# SPDX-License-Identifier: GPL-3.0-or-later

"""Deletes a role, including policies that IAM's reads did not show yet, and waits until it is gone.

DeleteRole identifies a role only by its name. It is therefore sent only while the role of that name is the
one that was planned for, and never again after IAM has answered that the role does not exist: by then, the
name may belong to another role.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from ..aws.iam.call import DELETE_CONFLICT, MISSING, ignore_missing
from ..aws.iam.client import Iam
from ..aws.retry import (
    CATCH_UP_SECONDS,
    HIDDEN_SECONDS,
    awaited,
    found_within,
    has_code,
    may_be_sent_again,
    retried,
)
from ..deadline import Deadline
from ..errors import Denied, IamsaError, Refused, RemoteError, ResourceRef
from ..model.role import Role
from ..policy.attached_by_us import digests_of, entries_of, unmanaged_policies, written_after
from ..wording.text import RUN_AGAIN
from .retry_on_conflict import changed_concurrently


def delete_role(role: Role, iam: Iam, deadline: Deadline, *, purge: bool, since: datetime) -> None:
    """Delete the role and wait until IAM no longer shows it, so that the next run does not see it.

    `since` is when the role was read: entries recorded later belong to another run.

    Raises:
        Refused: another process has attached a policy since.
        RemoteError: with the code CONFLICT if another run is changing the role, or the name belongs to
            another role.
    """
    _Deletion(role, iam, deadline, purge=purge, since=since).run()


class _Deletion:
    def __init__(self, role: Role, iam: Iam, deadline: Deadline, *, purge: bool, since: datetime) -> None:
        self._since = since
        self._role = role
        self._iam = iam
        self._deadline = deadline
        self._purge = purge
        # A response was lost: the role may have been deleted.
        self._may_be_done = False

    def run(self) -> None:
        name = self._role.name
        try:
            retried(
                self._once,
                self._deadline,
                f"waiting until role {name} can be deleted",
                seconds=CATCH_UP_SECONDS,
                when=lambda error: may_be_sent_again(error) or has_code(DELETE_CONFLICT)(error),
            )
        except IamsaError as error:
            error.uncertain |= self._may_be_done
            raise
        awaited(self._is_gone, self._deadline, f"waiting until IAM shows that role {name} is gone")

    def _once(self) -> None:
        now = self._iam.roles.read(self._role.name)
        if self._may_be_done and not self._is_ours(now):
            return
        if now and not self._is_ours(now):
            raise self._changed("was deleted and created again by another process")
        try:
            self._iam.roles.delete(self._role.name)
        except Denied:
            if self._is_visible_after_denial():
                raise
        except RemoteError as error:
            if error.code == MISSING:
                return
            if error.code == DELETE_CONFLICT:
                self._clear()
            self._may_be_done |= error.uncertain
            raise

    def _is_ours(self, found: Role | None) -> bool:
        return found is not None and found.role_id == self._role.role_id

    def _is_gone(self) -> bool | None:
        return not self._is_ours(self._iam.roles.read(self._role.name)) or None

    def _is_visible_after_denial(self) -> bool:
        """Whether IAM still shows the role after it denied the deletion.

        A permission may depend on the role's path or tags, which a deleted role no longer has. IAM therefore
        may deny the retry of a deletion whose response was lost.
        """
        doing = f"waiting until IAM shows that role {self._role.name} is gone"
        seconds = HIDDEN_SECONDS if self._may_be_done else 0
        return found_within(seconds, self._is_gone, self._deadline, doing) is None

    def _clear(self) -> None:
        """Remove the policies that the role has now, if iamsa added them."""
        name = self._role.name
        attached, inline = self._iam.policies.attached(name), self._iam.policies.inline_names(name)
        # Read after the policies, because each policy is recorded before it is added.
        now = self._iam.roles.read(name) or self._role
        if not self._is_ours(now):
            raise self._changed("was deleted and created again by another process")
        recorded = entries_of(digests_of(attached, inline), now.tags)
        # Policies that were recorded earlier are only shown late.
        if any(written_after(value, self._since) for value in recorded.values()):
            raise self._changed("was given policies by another run of iamsa")
        unmanaged = unmanaged_policies(now.tags, attached, inline)
        if unmanaged and not self._purge:
            raise Refused(
                f"role {name} was given {', '.join(unmanaged)} by another process",
                remedy=RUN_AGAIN + " to see the options",
                resource=ResourceRef("role", name),
            )
        for arn in attached:
            ignore_missing(partial(self._iam.policies.detach, name, arn))
        for policy in inline:
            ignore_missing(partial(self._iam.policies.delete_inline, name, policy))

    def _changed(self, problem: str) -> RemoteError:
        name = self._role.name
        return changed_concurrently(f"role {name} {problem}", ResourceRef("role", name))
