# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writing the ServiceAccount, or rehearsing that, though somebody else may change it at the same time."""

from __future__ import annotations

from dataclasses import replace

from .cluster.kubernetes_cluster import KubernetesCluster
from .cluster.service_accounts import CONFLICT
from .deadline import Deadline
from .errors import RemoteError
from .model.state import Desired, ServiceAccount
from .model.steps import Step
from .observe import Observation
from .planning.account import service_account_steps

ATTEMPTS = 3


def write_account(
    desired: Desired, seen: Observation, step: Step, deadline: Deadline, *, dry_run: bool = False
) -> ServiceAccount:
    """The ServiceAccount after `step`. Where it is no longer as it was read, its step is planned anew.

    Raises:
        Refused: what somebody else wrote meanwhile is not to be overwritten.
        RemoteError: it keeps changing.
    """
    kubernetes, subject = seen.kubernetes, desired.subject
    for attempt in range(ATTEMPTS):
        written = _once(kubernetes, desired, step, dry_run=dry_run)
        if written:
            return written
        account = kubernetes.read_service_account(subject)
        facts = replace(seen.role, service_accounts={subject: account})
        fresh = list(service_account_steps(desired, seen.cluster, facts))
        if account and not fresh:
            return account
        step = fresh[0]
        deadline.sleep(0.1 * 2**attempt, "writing the ServiceAccount")
    raise RemoteError(
        f"serviceaccount {subject} keeps being changed by somebody else",
        code=CONFLICT,
        remedy="run the same command again",
        resource=f"serviceaccount/{subject.name}",
    )


def _once(
    kubernetes: KubernetesCluster, desired: Desired, step: Step, *, dry_run: bool
) -> ServiceAccount | None:
    """Create or annotate; None where the ServiceAccount is no longer as it was read."""
    manager = desired.service_account.field_manager
    if step.verb == "create":
        return kubernetes.create_service_account(
            desired.subject, step.after, field_manager=manager, dry_run=dry_run
        )
    write = step.after
    try:
        return kubernetes.apply_annotations(
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
        return None
