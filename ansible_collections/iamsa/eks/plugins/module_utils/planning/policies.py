# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for the role's policies: attach and put what is missing, take away what is not asked on --purge."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Refused
from ..model.policy import InlinePolicy, ManagedPolicy, same_meaning
from ..model.state import Desired, RoleFacts
from ..model.steps import Phase, ResourceRef, Step


def policy_steps(desired: Desired, observed: RoleFacts) -> Iterator[Step]:
    """Additive, unless `purge` makes the set exact.

    Raises:
        Refused: more policies would be attached than the account's quota allows.
    """
    wanted = {policy.arn: policy for policy in observed.policies if isinstance(policy, ManagedPolicy)}
    documents = {policy.name: policy for policy in observed.policies if isinstance(policy, InlinePolicy)}
    purge = desired.consent.purge
    surplus = [arn for arn in observed.attached if arn not in wanted] if purge else []
    attaches = [policy for arn, policy in wanted.items() if arn not in observed.attached]
    _refuse_over_quota(observed, len(attaches) - len(surplus))

    role = observed.role_name
    for policy in documents.values():
        yield from _put(role, policy, observed)
    yield from _swap(role, attaches, surplus, observed)
    if purge:
        for name in observed.inline:
            if name not in documents:
                target = ResourceRef("role", role, "inline policy")
                sentence = f"{target} inline policy {name} deleted"
                before = {"name": name, "document": observed.inline[name]}
                yield Step("delete", target, Phase.PURGE, before, None, sentence)


def _put(role: str, policy: InlinePolicy, observed: RoleFacts) -> Iterator[Step]:
    before = observed.inline.get(policy.name)
    if before is not None and same_meaning(before, policy.document):
        return
    target = ResourceRef("role", role, "inline policy")
    done = "put" if before is None else "repaired"
    yield Step(
        "put",
        target,
        Phase.INLINE,
        before and {"name": policy.name, "document": before},
        {"name": policy.name, "document": policy.document},
        f"{target} inline policy {policy.name} {done}",
    )


def _swap(
    role: str, attaches: list[ManagedPolicy], surplus: list[str], observed: RoleFacts
) -> Iterator[Step]:
    """Attach before detaching, so that pods lose no right in between, unless the quota leaves no room."""
    quota = observed.attachment_quota
    early = 0 if quota is None else len(observed.attached) + len(attaches) - quota
    target = ResourceRef("role", role, "policy")
    for position, arn in enumerate(surplus):
        phase = Phase.MANAGED if position < early else Phase.PURGE
        before = {"name": observed.attached[arn], "arn": arn}
        yield Step(
            "detach", target, phase, before, None, f"{target} policy {observed.attached[arn]} detached"
        )
    for policy in attaches:
        after = {"name": policy.name, "arn": policy.arn}
        yield Step("attach", target, Phase.MANAGED, None, after, f"{target} policy {policy.name} attached")


def _refuse_over_quota(observed: RoleFacts, growth: int) -> None:
    quota, total = observed.attachment_quota, len(observed.attached) + growth
    if quota is not None and growth > 0 and total > quota:
        raise Refused(
            f"role {observed.role_name} would have {total} attached policies, and the account's quota"
            f" AttachedPoliciesPerRole is {quota}",
            remedy="attach fewer, merge some into a policy file, or have AWS raise the quota",
            resource=f"role/{observed.role_name}",
        )
