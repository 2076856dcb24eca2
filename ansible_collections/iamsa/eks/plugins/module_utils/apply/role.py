# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes to a role. Each is safe to repeat after a lost response, a delay of IAM or a concurrent deletion."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..aws.iam.call import EXISTS, MALFORMED, MISSING, ignore_missing
from ..aws.iam.client import Iam
from ..aws.retry import CATCH_UP_SECONDS, HIDDEN_SECONDS, awaited, found_within, has_code, retried
from ..cluster.observation import Observation
from ..deadline import Deadline
from ..errors import IamsaError, NotFound, Refused, RemoteError, ResourceRef
from ..identity.ownership import role_owner
from ..model.desired import Desired
from ..model.role import Role
from ..model.steps.base import never
from ..model.steps.role import (
    AttachPolicy,
    CreateRole,
    DeleteInlinePolicy,
    DeleteRole,
    DetachPolicy,
    PutInlinePolicy,
    RemoveBoundary,
    RoleStep,
    SetBoundary,
    SetRoleSettings,
    SetTrust,
    TagRole,
    UntagRole,
)
from ..policy.attached_by_us import is_entry, read_record
from ..policy.equality import same_meaning
from ..wording.text import RUN_AGAIN, Option
from .namesake import namesake
from .retry_on_conflict import changed_concurrently
from .role_deletion import delete_role

# How long IAM may not recognize a principal that this run has just created, in seconds.
PRINCIPAL_SECONDS = 30.0


class RoleWrites:
    """Applies the steps of one role.

    `made_provider`: this run has created the OIDC provider in the role's trust policy. With `purge`, deleting
    the role also removes policies that iamsa did not add. `role_id` is the role's ID, "" until it exists.
    """

    def __init__(
        self, desired: Desired, seen: Observation, iam: Iam, deadline: Deadline, *, purge: bool
    ) -> None:
        self._desired = desired
        self._purge = purge
        self._cluster = seen.cluster
        self._iam = iam
        self._deadline = deadline
        self._made_role = False
        self._read_at = seen.observed.read_at
        self.role_id = seen.observed.role.role_id if seen.observed.role else ""
        self.made_provider = False

    def write(self, step: RoleStep) -> None:  # noqa: PLR0912
        """Apply one step.

        Raises:
            IamsaError: the write failed, or it is unknown whether it succeeded.
        """
        iam = self._iam
        match step:
            case CreateRole():
                self._create(step.role)
            case DeleteRole():
                self._delete(step.role)
            case SetRoleSettings():
                iam.roles.set_settings(
                    step.role_name,
                    description=step.description,
                    max_session_duration=step.max_session_duration,
                )
            case SetBoundary():
                iam.roles.set_boundary(step.role_name, step.boundary)
            case RemoveBoundary():
                ignore_missing(partial(iam.roles.remove_boundary, step.role_name))
            case PutInlinePolicy():
                self._put_inline(step)
            case DeleteInlinePolicy():
                ignore_missing(partial(iam.policies.delete_inline, step.role_name, step.name))
            case AttachPolicy():
                self._on_role(partial(iam.policies.attach, step.role_name, step.arn))
            case DetachPolicy():
                ignore_missing(partial(iam.policies.detach, step.role_name, step.arn))
            case SetTrust():
                self._set_trust(step)
            case TagRole():
                iam.roles.set_tags(step.role_name, step.tags)
            case UntagRole():
                iam.roles.remove_tags(step.role_name, list(step.tags))
            case _:
                never(step)

    def _create(self, wanted: Role) -> None:
        try:
            made = retried(
                lambda: self._iam.roles.create(wanted),
                self._deadline,
                "waiting for the new OIDC provider",
                seconds=PRINCIPAL_SECONDS,
                when=lambda error: self.made_provider and _is_unknown_principal(error),
            )
        except RemoteError as error:
            if error.code != EXISTS:
                raise
            made = self._recognize(wanted, error)
        self._made_role = True
        self.role_id = made.role_id
        if not same_meaning(made.trust, wanted.trust):
            self._read_back(wanted.name, lambda role: same_meaning(role.trust, wanted.trust))

    def _recognize(self, wanted: Role, error: RemoteError) -> Role:
        """The existing role that the reads did not show, if a lost request of ours created it.

        Raises Refused or RemoteError if another process created it.
        """
        name, cluster, subject = wanted.name, self._cluster.cluster, self._desired.subject
        spelled = namesake(self._iam, name)
        if spelled:
            raise Refused(
                f"role {name} cannot be created, because role {spelled} exists: IAM does not distinguish"
                " names by case",
                remedy="use " + Option("role_name", spelled) + ", or another name",
                resource=ResourceRef("role", spelled),
            ) from error
        doing = f"waiting until IAM shows role {name}"
        found = found_within(HIDDEN_SECONDS, lambda: self._iam.roles.read(name), self._deadline, doing)
        if found is None or role_owner(found.tags, cluster, subject).verdict != "ours":
            raise Refused(
                f"role {name} was created by another process, or a role exists whose name differs only in"
                " case",
                remedy=RUN_AGAIN + ", or use another " + Option("role_name"),
                resource=ResourceRef("role", name),
            ) from error
        if not _is_as_made(found, wanted):
            # It may lack the boundary, so plan again before any policy is attached.
            raise changed_concurrently(
                f"role {name} was created by another process with different settings",
                ResourceRef("role", name),
            ) from error
        return found

    def _put_inline(self, step: PutInlinePolicy) -> None:
        try:
            self._on_role(partial(self._iam.policies.put_inline, step.role_name, step.name, step.document))
        except RemoteError as error:
            if error.code != MALFORMED:
                raise
            bare = f"; role {step.role_name} was created and remains, without it" if self._made_role else ""
            raise RemoteError(
                f"AWS rejected {step.words} (" + error.problem + f"){bare}",
                code=error.code,
                remedy="correct it, and " + RUN_AGAIN,
                resource=step.target,
            ) from error

    def _set_trust(self, step: SetTrust) -> None:
        # IAM has no ETag, so read again right before the whole document is replaced.
        now = self._iam.roles.read(step.role_name)
        if now is None:
            raise NotFound(
                f"role {step.role_name} was deleted by another process",
                remedy=RUN_AGAIN,
                resource=step.target,
            )
        if now.role_id != self.role_id or not same_meaning(now.trust, step.before):
            raise changed_concurrently(
                f"the trust policy of role {step.role_name} was changed concurrently",
                step.target,
            )
        try:
            self._iam.roles.set_trust(step.role_name, step.after)
        except RemoteError as error:
            if not _is_unknown_principal(error):
                raise
            raise RemoteError(
                error.problem,
                code=error.code,
                remedy="add " + Option("replace_trust") + " to remove the statements that iamsa did not add,"
                " or remove from the trust policy what no longer exists",
                resource=step.target,
            ) from error
        self._read_back(step.role_name, lambda role: same_meaning(role.trust, step.after))

    def _read_back(self, name: str, is_visible: Callable[[Role], bool]) -> None:
        def look() -> bool | None:
            role = self._iam.roles.read(name)
            return True if role and is_visible(role) else None

        awaited(look, self._deadline, f"waiting until IAM shows role {name} as written")

    def _on_role(self, call: Callable[[], None]) -> None:
        """Retry while IAM does not yet show a role that this run has created, but not for an older role."""
        retried(
            call,
            self._deadline,
            "waiting for the new role",
            seconds=CATCH_UP_SECONDS,
            when=lambda error: self._made_role and has_code(MISSING)(error),
        )

    def _delete(self, role: Role) -> None:
        delete_role(role, self._iam, self._deadline, purge=self._purge, since=self._read_at)


def _is_unknown_principal(error: IamsaError) -> bool:
    return has_code(MALFORMED)(error) and "Invalid principal" in str(error.problem)


def _is_as_made(found: Role, wanted: Role) -> bool:
    def settings(role: Role) -> tuple[object, ...]:
        return (role.path, role.permissions_boundary, role.max_session_duration, role.description or "")

    # Another run may have written the entries of its record at another time.
    tags = {key: value for key, value in wanted.tags.items() if not is_entry(key)}
    return (
        same_meaning(found.trust, wanted.trust)
        and settings(found) == settings(wanted)
        and tags.items() <= found.tags.items()
        and read_record(wanted.tags) <= read_record(found.tags)
    )
