# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for the role's policies: attach and put what is missing, take away what is to be gone."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Refused, ResourceRef
from ..model.observed import Observed
from ..model.steps.role import AttachPolicy, DeleteInlinePolicy, DetachPolicy, PutInlinePolicy
from ..model.target import Target
from ..policy.attached_by_us import inline_digest, read_record
from ..policy.gen3_names import equivalent, is_to_be_put
from ..policy.reference import InlinePolicy, ManagedPolicy
from ..wording.text import Option
from .policy_removal import absent_inline, absent_managed


def policy_steps(
    target: Target, observed: Observed
) -> Iterator[AttachPolicy | DetachPolicy | PutInlinePolicy | DeleteInlinePolicy]:
    """Additive, unless `purge` makes the set exact; what is asked to be absent goes.

    Raises:
        Refused: an inline policy of somebody else would be overwritten.
    """
    wanted = {policy.arn: policy for policy in target.policies if isinstance(policy, ManagedPolicy)}
    documents = {policy.name: policy for policy in target.policies if isinstance(policy, InlinePolicy)}
    purge = target.overrides.purge
    gone = set(observed.attached) - wanted.keys() if purge else absent_managed(target.asked, observed)
    surplus = [arn for arn in observed.attached if arn in gone]
    attaches = [policy for arn, policy in wanted.items() if arn not in observed.attached]

    kept = {name for policy in documents.values() if (name := equivalent(policy, observed.inline))}
    for policy in documents.values():
        yield from _put(policy, target, observed)
    for missing in attaches:
        yield AttachPolicy(observed.role_name, missing.arn, missing.name)
    # After what is attached, so that pods lose no right in between.
    for arn in surplus:
        yield DetachPolicy(observed.role_name, arn, observed.attached[arn])
    obsolete = (
        observed.inline.keys() - documents.keys() - kept if purge else absent_inline(target.asked, observed)
    )
    for name in observed.inline:
        if name in obsolete:
            yield DeleteInlinePolicy(observed.role_name, name)


def _put(policy: InlinePolicy, target: Target, observed: Observed) -> Iterator[PutInlinePolicy]:
    if not is_to_be_put(policy, observed.inline):
        return
    before = observed.inline.get(policy.name)
    if before is not None and not target.overrides.force_conflicts:
        _refuse_to_overwrite(policy, observed)
    yield PutInlinePolicy(observed.role_name, policy.name, policy.document, before)


def _refuse_to_overwrite(policy: InlinePolicy, observed: Observed) -> None:
    """Raises Refused where the inline policy of that name is not the one that iamsa put there."""
    known = read_record(observed.role.tags) if observed.role else frozenset()
    if inline_digest(policy.name) not in known:
        raise Refused(
            f"role {observed.role_name} has an inline policy {policy.name} that iamsa did not put there and"
            " that says something else",
            remedy="rename the file, or add " + Option("force_conflicts") + " to overwrite it",
            resource=ResourceRef("role", observed.role_name),
        )
