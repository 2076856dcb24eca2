# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The writes to a role, each safe to be repeated: a lost answer, a slow IAM, a role that is gone already."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..aws.iam.call import EXISTS, MISSING
from ..aws.iam.client import Iam
from ..aws.retry import CATCH_UP_SECONDS, HIDDEN_SECONDS, awaited, found_within, has_code, retried
from ..cluster.observation import Observation
from ..deadline import Deadline
from ..errors import IamsaError, NotFound, Refused, RemoteError
from ..model.desired import Desired
from ..model.role import Role
from ..model.steps import Kind, Part, Step, Verb
from ..plan.ownership import role_owner
from ..policy.attached_by_us import is_entry, read_record
from ..policy.equality import same_meaning
from .retry_on_conflict import changed_meanwhile
from .role_deletion import delete_role, gone_is_done

PRINCIPAL_SECONDS = 30.0


class RoleWrites:
    """One method a write. `made_provider` says that this run made the provider that the trust names.

    With `purge`, a role that is deleted takes policies of others with it. `role_id` is that of the role, once
    there is one.
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
        self._read_at = seen.role.read_at
        self.role_id = seen.role.role.role_id if seen.role.role else ""
        self.made_provider = False

    def calls(self) -> Mapping[tuple[Verb, Kind, Part], Callable[[Step], None]]:
        """The write for each kind of step."""
        iam = self._iam
        return {
            ("create", "role", ""): self._create,
            ("delete", "role", ""): self._delete,
            ("set", "role", "boundary"): lambda step: iam.roles.set_boundary(step.target.name, step.after),
            ("remove", "role", "boundary"): lambda step: gone_is_done(
                lambda: iam.roles.remove_boundary(step.target.name)
            ),
            ("set", "role", "settings"): lambda step: iam.roles.set_settings(step.target.name, **step.after),
            ("set", "role", "trust policy"): self._set_trust,
            ("set", "role", "tags"): lambda step: iam.roles.set_tags(step.target.name, step.after),
            ("remove", "role", "tags"): lambda step: iam.roles.remove_tags(
                step.target.name, list(step.before)
            ),
            ("put", "role", "inline policy"): self._put_inline,
            ("delete", "role", "inline policy"): lambda step: gone_is_done(
                lambda: iam.policies.delete_inline(step.target.name, step.before["name"])
            ),
            ("attach", "role", "policy"): self._attach,
            ("detach", "role", "policy"): lambda step: gone_is_done(
                lambda: iam.policies.detach(step.target.name, step.before["arn"])
            ),
        }

    def _create(self, step: Step) -> None:
        wanted: Role = step.after
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
            made = self._recognise(wanted, error)
        self._made_role = True
        self.role_id = made.role_id
        if not same_meaning(made.trust, wanted.trust):
            self._read_back(wanted.name, lambda role: same_meaning(role.trust, wanted.trust))

    def _recognise(self, wanted: Role, error: RemoteError) -> Role:
        """A role that the reads did not show: ours if an answer was lost on the way, else somebody's."""
        name, cluster, subject = wanted.name, self._cluster.cluster, self._desired.subject
        doing = f"waiting until IAM shows role {name}"
        found = found_within(HIDDEN_SECONDS, lambda: self._iam.roles.read(name), self._deadline, doing)
        if found is None or role_owner(found.tags, cluster, subject).verdict != "ours":
            raise Refused(
                f"role {name} was made by somebody else meanwhile, or one of the same letters in"
                " other case exists",
                remedy="run the same command again, or give another --role-name",
                resource=f"role/{name}",
            ) from error
        if not _is_as_made(found, wanted):
            # It might lack the boundary: no policy is attached before it is planned with what it has.
            raise changed_meanwhile(f"role {name} was made otherwise meanwhile", f"role/{name}") from error
        return found

    def _set_trust(self, step: Step) -> None:
        # IAM has no ETag: look again right before the whole document is replaced.
        now = self._iam.roles.read(step.target.name)
        if now is None:
            raise NotFound(
                f"role {step.target.name} was deleted by somebody else meanwhile",
                remedy="run the same command again",
                resource=str(step.target),
            )
        if now.role_id != self.role_id or not same_meaning(now.trust, step.before):
            raise changed_meanwhile(
                f"the trust policy of role {step.target.name} was changed by somebody else meanwhile",
                str(step.target),
            )
        self._iam.roles.set_trust(step.target.name, step.after)
        self._read_back(step.target.name, lambda role: same_meaning(role.trust, step.after))

    def _read_back(self, name: str, is_shown: Callable[[Role], bool]) -> None:
        def look() -> bool | None:
            role = self._iam.roles.read(name)
            return True if role and is_shown(role) else None

        awaited(look, self._deadline, f"waiting until IAM shows role {name} as written")

    def _on_role(self, call: Callable[[], None]) -> None:
        """Wait for a role made a moment ago; an older one must be there at once."""
        retried(
            call,
            self._deadline,
            "waiting for the new role",
            seconds=CATCH_UP_SECONDS,
            when=lambda error: self._made_role and has_code(MISSING)(error),
        )

    def _put_inline(self, step: Step) -> None:
        name, document = step.after["name"], step.after["document"]
        self._on_role(lambda: self._iam.policies.put_inline(step.target.name, name, document))

    def _attach(self, step: Step) -> None:
        self._on_role(lambda: self._iam.policies.attach(step.target.name, step.after["arn"]))

    def _delete(self, step: Step) -> None:
        delete_role(step.before, self._iam, self._deadline, purge=self._purge, since=self._read_at)


def _is_unknown_principal(error: IamsaError) -> bool:
    return has_code("MalformedPolicyDocument")(error) and "Invalid principal" in str(error.problem)


def _is_as_made(found: Role, wanted: Role) -> bool:
    def settings(role: Role) -> tuple[object, ...]:
        return (role.path, role.permissions_boundary, role.max_session_duration, role.description or "")

    # Its record may have been written by another run, at another time.
    tags = {key: value for key, value in wanted.tags.items() if not is_entry(key)}
    return (
        same_meaning(found.trust, wanted.trust)
        and settings(found) == settings(wanted)
        and tags.items() <= found.tags.items()
        and read_record(wanted.tags) <= read_record(found.tags)
    )
