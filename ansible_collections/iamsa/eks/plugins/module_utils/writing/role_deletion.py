# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deleting a role for good: what IAM's reads did not show yet is found when IAM refuses, and waited for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..aws.iam import DELETE_CONFLICT, MISSING, Iam
from ..aws.retry import CATCH_UP_SECONDS, awaited, has_code, retried
from ..deadline import Deadline
from ..errors import Denied, IamsaError, Refused, RemoteError
from ..model.state import Role
from ..planning.surrender import foreign_policies


def delete_role(role: Role, iam: Iam, deadline: Deadline, *, purge: bool) -> None:
    """Delete it and wait until IAM no longer shows it, so that what runs next does not take it for there.

    Raises:
        Refused: somebody else has attached a policy meanwhile.
    """

    is_deleted = False

    def once() -> None:
        nonlocal is_deleted
        try:
            iam.delete_role(role.name)
            is_deleted = True
        except Denied:
            # Of a role that is gone IAM knows neither path nor tags, on which a right may depend: that is how
            # a second try of a deletion is answered whose first answer was lost.
            if not is_deleted and iam.role(role.name) is not None:
                raise
        except RemoteError as error:
            if error.code == MISSING:
                return
            if error.code == DELETE_CONFLICT:
                _clear(role, iam, purge=purge)
            raise

    def ask() -> None:
        doing = f"waiting until role {role.name} can be deleted"
        retried(once, deadline, doing, seconds=CATCH_UP_SECONDS, when=has_code(DELETE_CONFLICT))

    def is_gone() -> bool | None:
        if iam.role(role.name) is None:
            return True
        # Not shown as gone yet, or not deleted at all: asking again does no harm.
        ask()
        return None

    ask()
    awaited(is_gone, deadline, f"waiting until IAM shows that role {role.name} is gone")


def gone_is_done(call: Callable[[], None]) -> None:
    try:
        call()
    except IamsaError as error:
        if not has_code(MISSING)(error):
            raise


def _clear(role: Role, iam: Iam, *, purge: bool) -> None:
    """Take away what hangs on the role by now, if it is ours."""
    attached, inline = iam.attached_policies(role.name), iam.inline_policy_names(role.name)
    # Read after them: what they show was recorded before it was attached.
    foreign = foreign_policies(iam.role(role.name) or role, attached, inline)
    if foreign and not purge:
        raise Refused(
            f"role {role.name} was given {', '.join(foreign)} by somebody else meanwhile",
            remedy="run the same command again to see what may be done",
            resource=f"role/{role.name}",
        )
    for arn in attached:
        gone_is_done(partial(iam.detach, role.name, arn))
    for name in inline:
        gone_is_done(partial(iam.delete_inline_policy, role.name, name))
