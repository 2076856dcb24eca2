# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kubernetes writes tried without storing them, so that they cannot fail after AWS was changed.

Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
"""

from __future__ import annotations

from collections.abc import Iterable

from ..cluster.observation import Observation
from ..deadline import Deadline
from ..errors import Denied
from ..model.desired import Desired
from ..model.permissions import rbac_remedy
from ..model.steps.kubernetes import (
    AnnotateServiceAccount,
    CreateNamespace,
    CreateServiceAccount,
    DeleteServiceAccount,
    PatchAnnotations,
)
from ..model.steps.step import Step
from .service_account import AccountWriter, Replan


def rehearse(
    desired: Desired, seen: Observation, steps: Iterable[Step], replan: Replan, deadline: Deadline
) -> tuple[str, ...]:
    """Send the writes with dryRun=All; what cannot be tried yet is asked about, and said in what is returned.

    Raises:
        IamsaError: RBAC, an admission webhook, a terminating namespace or a conflict would stop the write.
    """
    kubernetes, notices, has_namespace = seen.kubernetes, [], True
    for step in steps:
        match step:
            case CreateNamespace():
                manager = desired.service_account.field_manager
                kubernetes.create_namespace(step.name, field_manager=manager, dry_run=True)
                has_namespace = False
            case (
                CreateServiceAccount()
                | AnnotateServiceAccount()
                | PatchAnnotations()
                | DeleteServiceAccount()
            ):
                if not has_namespace:
                    notices.append(_ask(desired, seen))
                    continue
                # Each on the ServiceAccount as it is now: none of the others is stored.
                AccountWriter(desired, seen, deadline, replan, dry_run=True).write(step)
    return tuple(notices)


def _ask(desired: Desired, seen: Observation) -> str:
    """A write into a namespace that does not exist yet cannot be tried: ask for the right to do it."""
    namespace = desired.subject.namespace
    if seen.kubernetes.may("create", "serviceaccounts", namespace) is False:
        action = f"create serviceaccounts in namespace {namespace}"
        raise Denied(f"you may not {action}", action=action, remedy=rbac_remedy("create", "serviceaccounts"))
    target = f"serviceaccount {desired.subject.name}"
    return f"namespace {namespace} does not exist yet: creating {target} was not rehearsed"
