# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writing the ServiceAccount, or rehearsing that, though somebody else may change it at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from ..cluster.observation import Observation
from ..deadline import Deadline
from ..errors import RemoteError
from ..kube.api.service_accounts import CONFLICT
from ..model.desired import Desired
from ..model.observed import ServiceAccount
from ..model.steps.base import never
from ..model.steps.kubernetes import (
    AnnotateServiceAccount,
    CreateServiceAccount,
    DeleteServiceAccount,
    PatchAnnotations,
    ServiceAccountStep,
)
from ..model.target import Target
from ..plan.service_account import service_account_steps

ATTEMPTS = 3

Replan = Callable[[Observation, "ServiceAccount | None"], Iterable[ServiceAccountStep]]


def replanning(target: Target) -> Replan:
    """Gives the steps of a create or an update for what the ServiceAccount has become meanwhile."""

    def replan(seen: Observation, account: ServiceAccount | None) -> Iterable[ServiceAccountStep]:
        facts = replace(seen.role, service_accounts={target.subject: account})
        return service_account_steps(target, seen.cluster, facts)

    return replan


@dataclass(frozen=True)
class _Done:
    """What is there after a write; None where it is gone."""

    account: ServiceAccount | None


class AccountWriter:
    """Does the ServiceAccount's steps; where it is no longer as it was read, they are planned anew."""

    def __init__(
        self,
        desired: Desired,
        seen: Observation,
        deadline: Deadline,
        replan: Replan,
        *,
        dry_run: bool = False,
    ) -> None:
        self.written: ServiceAccount | None = None
        # What the next step is planned for; None: what was observed.
        self._base: ServiceAccount | None = None
        self._desired = desired
        self._seen = seen
        self._deadline = deadline
        self._replan = replan
        self._dry_run = dry_run

    def write(self, step: ServiceAccountStep) -> bool:
        """Whether it is done: False where the ServiceAccount is no longer one that this step is for.

        Raises Refused where what somebody else wrote meanwhile is not to be overwritten, and RemoteError
        where it keeps changing.
        """
        subject = self._desired.subject
        for attempt in range(ATTEMPTS):
            done = self._once(step)
            if done:
                # A rehearsal changes nothing: the version that the next write needs is still the one read.
                self.written = self._base = None if self._dry_run else done.account
                return True
            account = self._seen.kubernetes.read_service_account(subject)
            fresh = [one for one in self._replan(self._seen, account) if _is_alike(one, step)]
            if not fresh:
                # The steps to come were planned for another one: they, too, are to find that out.
                self.written, self._base = account, None
                return _has_effect(step, account)
            step, self._base = fresh[0], account
            self._deadline.sleep(0.1 * 2**attempt, "writing the ServiceAccount")
        raise RemoteError(
            f"serviceaccount {subject} keeps being changed by somebody else",
            code=CONFLICT,
            remedy="run the same command again",
            resource=f"serviceaccount/{subject.name}",
        )

    def _once(self, step: ServiceAccountStep) -> _Done | None:
        """None where the ServiceAccount is no longer as it was read."""
        try:
            return self._sent(step)
        except RemoteError as error:
            if error.code != CONFLICT:
                raise
            return None

    def _sent(self, step: ServiceAccountStep) -> _Done | None:
        kubernetes, manager = self._seen.kubernetes, self._desired.service_account.field_manager
        match step:
            case CreateServiceAccount():
                made = kubernetes.create_service_account(
                    step.subject, step.annotations, field_manager=manager, dry_run=self._dry_run
                )
                return _Done(made) if made else None
            case AnnotateServiceAccount():
                return _Done(
                    kubernetes.apply_annotations(
                        step.subject,
                        step.held,
                        resource_version=self._version(step),
                        force=step.force,
                        field_manager=manager,
                        dry_run=self._dry_run,
                    )
                )
            case PatchAnnotations():
                return _Done(
                    kubernetes.patch_annotations(
                        step.subject,
                        step.changes,
                        resource_version=self._version(step),
                        field_manager=manager,
                        dry_run=self._dry_run,
                    )
                )
            case DeleteServiceAccount():
                return _Done(self._delete(step))
            case _:
                return never(step)

    def _delete(self, step: DeleteServiceAccount) -> ServiceAccount | None:
        account = self._base or self._seen.role.service_accounts[step.subject]
        if account is None:
            raise AssertionError("only a ServiceAccount that was seen is deleted")
        return self._seen.kubernetes.delete_service_account(
            step.subject,
            uid=account.uid,
            resource_version=account.resource_version,
            dry_run=self._dry_run,
        )

    def _version(self, write: AnnotateServiceAccount | PatchAnnotations) -> str:
        """The version that our own last write made, else the one that was planned with."""
        return self._base.resource_version if self._base else write.resource_version


def _has_effect(step: ServiceAccountStep, account: ServiceAccount | None) -> bool:
    """Whether what a step is to bring about is so, though it was not done."""
    if account is None or account.deleting:
        return True
    if isinstance(step, PatchAnnotations):
        return not any(value is None and key in account.annotations for key, value in step.changes.items())
    return not isinstance(step, DeleteServiceAccount)


def _is_alike(fresh: ServiceAccountStep, step: ServiceAccountStep) -> bool:
    """Whether a step that was planned anew takes the place of one that was planned before."""
    is_of_same_part = isinstance(fresh, PatchAnnotations) == isinstance(step, PatchAnnotations)
    return fresh.phase == step.phase and (is_of_same_part or isinstance(step, DeleteServiceAccount))
