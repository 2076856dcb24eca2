# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a step to the call that does it: a table, and what each call needs to be safe."""

from __future__ import annotations

from collections.abc import Callable

from .accounts import write_account
from .aws.iam import EXISTS, MISSING, Iam
from .aws.retry import CATCH_UP_SECONDS, HIDDEN_SECONDS, awaited, found_within, has_code, retried
from .cluster.service_accounts import CONFLICT
from .deadline import Deadline
from .errors import IamsaError, NotFound, Refused, RemoteError
from .model.ownership import role_owner
from .model.policy import same_meaning
from .model.state import Desired, Role, ServiceAccount
from .model.steps import Kind, Part, Step, Verb
from .observe import Observation

PRINCIPAL_SECONDS = 30.0


class Applier:
    """Does steps, one at a time. What it made itself it may have to wait for, and only that.

    `account` is the ServiceAccount as the cluster answered when it was written.
    """

    def __init__(self, desired: Desired, seen: Observation, iam: Iam, deadline: Deadline) -> None:
        self._desired = desired
        self._seen = seen
        self._cluster = seen.cluster
        self.account: ServiceAccount | None = None
        self._iam = iam
        self._deadline = deadline
        self._made_role = False
        self._made_provider = False
        self._calls: dict[tuple[Verb, Kind, Part], Callable[[Step], None]] = {
            ("create", "namespace", ""): self._create_namespace,
            ("create", "oidc-provider", ""): self._create_provider,
            ("add", "oidc-provider", "audience"): self._add_audience,
            ("create", "role", ""): self._create_role,
            ("set", "role", "boundary"): lambda step: iam.set_boundary(step.target.name, step.after),
            ("set", "role", "settings"): lambda step: iam.set_settings(step.target.name, **step.after),
            ("set", "role", "trust policy"): self._set_trust,
            ("set", "role", "tags"): lambda step: iam.set_tags(step.target.name, step.after),
            ("put", "role", "inline policy"): self._put_inline,
            ("delete", "role", "inline policy"): self._delete_inline,
            ("attach", "role", "policy"): self._attach,
            ("detach", "role", "policy"): self._detach,
            ("create", "serviceaccount", ""): self._write_account,
            ("set", "serviceaccount", ""): self._write_account,
        }

    def apply(self, step: Step) -> None:
        """Raises IamsaError where the write was not done, or cannot be shown to be done."""
        self._deadline.check(f"before {step.target}")
        self._calls[(step.verb, step.target.kind, step.target.part)](step)

    def _create_namespace(self, step: Step) -> None:
        manager = self._desired.service_account.field_manager
        self._seen.kubernetes.create_namespace(step.target.name, field_manager=manager)

    def _create_provider(self, step: Step) -> None:
        try:
            self._iam.create_provider(step.after["url"], step.after["audiences"])
        except RemoteError as error:
            if error.code != EXISTS:
                raise
            # Our own lost answer, or somebody was quicker: adding what is there already changes nothing.
            self._add_audience(step)
        self._made_provider = True

    def _add_audience(self, step: Step) -> None:
        arn = self._cluster.home.provider_arn(self._cluster.cluster.issuer)
        self._iam.add_audience(arn, step.after["audiences"][-1])

    def _create_role(self, step: Step) -> None:
        wanted: Role = step.after
        try:
            retried(
                lambda: self._iam.create_role(wanted),
                self._deadline,
                "waiting for the new OIDC provider",
                seconds=PRINCIPAL_SECONDS,
                when=lambda error: self._made_provider and _is_unknown_principal(error),
            )
        except RemoteError as error:
            if error.code != EXISTS:
                raise
            self._recognise(wanted, error)
        self._made_role = True
        self._read_back(wanted.name, lambda role: same_meaning(role.trust, wanted.trust))

    def _recognise(self, wanted: Role, error: RemoteError) -> None:
        """A role that the reads did not show: ours if an answer was lost on the way, else somebody's."""
        name, cluster, subject = wanted.name, self._cluster.cluster, self._desired.subject
        doing = f"waiting until IAM shows role {name}"
        found = found_within(HIDDEN_SECONDS, lambda: self._iam.role(name), self._deadline, doing)
        if found is None or role_owner(found.tags, cluster, subject).verdict != "ours":
            raise Refused(
                f"role {name} was made by somebody else meanwhile, or one of the same letters in"
                " other case exists",
                remedy="run the same command again, or give another --role-name",
                resource=f"role/{name}",
            ) from error
        if not _is_as_made(found, wanted):
            # It might lack the boundary: no policy is attached before it is planned with what it has.
            raise RemoteError(
                f"role {name} was made otherwise meanwhile",
                code=CONFLICT,
                remedy="run the same command again",
                resource=f"role/{name}",
            ) from error

    def _set_trust(self, step: Step) -> None:
        # IAM has no ETag: look again right before the whole document is replaced.
        now = self._iam.role(step.target.name)
        if now is None:
            raise NotFound(
                f"role {step.target.name} was deleted by somebody else meanwhile",
                remedy="run the same command again",
                resource=str(step.target),
            )
        if not same_meaning(now.trust, step.before):
            raise RemoteError(
                f"the trust policy of role {step.target.name} was changed by somebody else meanwhile",
                code=CONFLICT,
                remedy="run the same command again",
                resource=str(step.target),
            )
        self._iam.set_trust(step.target.name, step.after)
        self._read_back(step.target.name, lambda role: same_meaning(role.trust, step.after))

    def _read_back(self, name: str, is_shown: Callable[[Role], bool]) -> None:
        def look() -> bool | None:
            role = self._iam.role(name)
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
        self._on_role(lambda: self._iam.put_inline_policy(step.target.name, name, document))

    def _attach(self, step: Step) -> None:
        self._on_role(lambda: self._iam.attach(step.target.name, step.after["arn"]))

    def _delete_inline(self, step: Step) -> None:
        _gone_is_done(lambda: self._iam.delete_inline_policy(step.target.name, step.before["name"]))

    def _detach(self, step: Step) -> None:
        _gone_is_done(lambda: self._iam.detach(step.target.name, step.before["arn"]))

    def _write_account(self, step: Step) -> None:
        self.account = write_account(self._desired, self._seen, step, self._deadline)


def _is_unknown_principal(error: IamsaError) -> bool:
    return has_code("MalformedPolicyDocument")(error) and "Invalid principal" in error.problem


def _is_as_made(found: Role, wanted: Role) -> bool:
    def settings(role: Role) -> tuple[object, ...]:
        return (role.path, role.permissions_boundary, role.max_session_duration, role.description or "")

    return (
        same_meaning(found.trust, wanted.trust)
        and settings(found) == settings(wanted)
        and wanted.tags.items() <= found.tags.items()
    )


def _gone_is_done(call: Callable[[], None]) -> None:
    try:
        call()
    except RemoteError as error:
        if error.code != MISSING:
            raise
