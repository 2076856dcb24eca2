# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a step to the call that does it: a table, and what each call needs to be safe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .aws.iam import EXISTS, MISSING, Iam
from .aws.retry import CATCH_UP_SECONDS, awaited, has_code, retried
from .cluster.kubernetes_cluster import KubernetesCluster
from .cluster.service_accounts import CONFLICT
from .deadline import Deadline
from .errors import IamsaError, Refused, RemoteError
from .model.ownership import role_owner
from .model.policy import same_meaning
from .model.state import Desired, Kind, Part, Role, Step, Verb
from .observe import Observation
from .planning.account import service_account_steps

PRINCIPAL_SECONDS = 30.0
ACCOUNT_ATTEMPTS = 3


class Applier:
    """Does steps, one at a time. What it made itself it may have to wait for, and only that."""

    def __init__(self, desired: Desired, seen: Observation, iam: Iam, deadline: Deadline) -> None:
        self._desired = desired
        self._cluster = seen.cluster
        self._observed = seen.role
        self._kubernetes = seen.kubernetes
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
        self._kubernetes.create_namespace(step.target.name, field_manager=manager)

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
        """A role that appeared since the reads: ours if an answer was lost on the way, else somebody's."""
        found = self._iam.role(wanted.name)
        if found and role_owner(found.tags, self._cluster.cluster, self._desired.subject).verdict == "ours":
            return
        raise Refused(
            f"role {wanted.name} was made by somebody else meanwhile, or one of the same letters in"
            " other case exists",
            remedy="run the same command again, or give another --role-name",
            resource=f"role/{wanted.name}",
        ) from error

    def _set_trust(self, step: Step) -> None:
        # IAM has no ETag: look again right before the whole document is replaced.
        now = self._iam.role(step.target.name)
        if now is None or not same_meaning(now.trust, step.before):
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
        """Write; where the ServiceAccount changed meanwhile, plan its step anew and try again."""
        for attempt in range(ACCOUNT_ATTEMPTS):
            if write_account(self._kubernetes, self._desired, step):
                return
            account = self._kubernetes.read_service_account(self._desired.subject)
            facts = replace(self._observed, service_accounts={self._desired.subject: account})
            fresh = list(service_account_steps(self._desired, self._cluster, facts))
            if not fresh:
                return
            step = fresh[0]
            self._deadline.sleep(0.1 * 2**attempt, "writing the ServiceAccount")
        raise RemoteError(
            f"serviceaccount {self._desired.subject} keeps being changed by somebody else",
            code=CONFLICT,
            remedy="run the same command again",
        )


def write_account(
    kubernetes: KubernetesCluster, desired: Desired, step: Step, *, dry_run: bool = False
) -> bool:
    """Create or annotate; False where the ServiceAccount is no longer as it was read."""
    manager = desired.service_account.field_manager
    if step.verb == "create":
        made = kubernetes.create_service_account(
            desired.subject, step.after, field_manager=manager, dry_run=dry_run
        )
        return made is not None
    write = step.after
    try:
        kubernetes.apply_annotations(
            write.subject,
            write.held,
            resource_version=write.resource_version,
            force=write.force,
            field_manager=manager,
            dry_run=dry_run,
        )
    except RemoteError as error:
        if error.code != CONFLICT:
            raise
        return False
    return True


def _is_unknown_principal(error: IamsaError) -> bool:
    return has_code("MalformedPolicyDocument")(error) and "Invalid principal" in error.problem


def _gone_is_done(call: Callable[[], None]) -> None:
    try:
        call()
    except RemoteError as error:
        if error.code != MISSING:
            raise
