# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for the role's policies: add the missing ones, and remove those that are purged or absent."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Refused, ResourceRef
from ..model.desired import Desired
from ..model.observed import Observed
from ..model.steps.role import AttachPolicy, DeleteInlinePolicy, DetachPolicy, PutInlinePolicy
from ..model.target import Target
from ..policy.attached_by_us import inline_digest, read_record
from ..policy.gen3_names import equivalent, is_to_be_put, same_files
from ..policy.reference import AbsentReference, InlinePolicy, ManagedPolicy, PolicyArn, PolicyName
from ..wording.text import Option


def policy_steps(
    target: Target, observed: Observed
) -> Iterator[AttachPolicy | DetachPolicy | PutInlinePolicy | DeleteInlinePolicy]:
    """Add the requested policies, and remove those requested to be absent; with `purge`, all others too.

    Raises:
        Refused: an inline policy that iamsa did not add would be overwritten.
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
    # After the additions, so that pods lose no permission in between.
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
    yield PutInlinePolicy(observed.role_name, policy.name, policy.document, before, policy.words)


def _refuse_to_overwrite(policy: InlinePolicy, observed: Observed) -> None:
    """Raises Refused if iamsa did not add the inline policy of this name."""
    known = read_record(observed.role.tags) if observed.role else frozenset()
    if inline_digest(policy.name) not in known:
        raise Refused(
            f"role {observed.role_name} already has a different inline policy {policy.name}, which iamsa did"
            " not add",
            remedy="rename the file, or add " + Option("force_conflicts") + " to overwrite it",
            resource=ResourceRef("role", observed.role_name),
        )


def absent_managed(desired: Desired, observed: Observed) -> set[str]:
    """ARNs of attached policies that are requested to be absent, by ARN or name.

    Raises:
        Refused: a name is ambiguous: an inline policy or a second attached policy has it too.
    """
    return {arn for reference in desired.role.absent for arn in _managed(reference, observed)}


def absent_inline(desired: Desired, observed: Observed) -> set[str]:
    """Names of inline policies that are requested to be absent, by name or file.

    A file also matches gen3's inline policies with an equivalent document.
    """
    return {name for reference in desired.role.absent for name in _inline(reference, observed)}


def not_there(desired: Desired, observed: Observed) -> tuple[str, ...]:
    """The policies that are requested to be absent and already were: not an error, but perhaps a typo."""
    return tuple(
        spelled(reference)
        for reference in desired.role.absent
        if not _managed(reference, observed) and not _inline(reference, observed)
    )


def spelled(reference: AbsentReference) -> str:
    """The policy's ARN or name, for a sentence."""
    return str(reference.arn) if isinstance(reference, PolicyArn) else reference.name


def _managed(reference: AbsentReference, observed: Observed) -> set[str]:
    if isinstance(reference, PolicyArn):
        return {str(reference.arn)} & observed.attached.keys()
    if not isinstance(reference, PolicyName):
        return set()
    found = {arn for arn, name in observed.attached.items() if name == reference.name}
    role = observed.role_name
    if found and reference.name in observed.inline:
        raise Refused(
            Option("policy")
            + f" {reference.name} is ambiguous: role {role} has an inline policy of that name and the"
            f" attached policy {min(found)}",
            remedy=f"use the ARN, or ./{reference.name}.json for the inline policy",
            resource=ResourceRef("role", role),
        )
    if len(found) > 1:
        raise Refused(
            Option("policy")
            + f" {reference.name} is ambiguous: {' and '.join(sorted(found))} are attached to role {role}",
            remedy="use one of the ARNs",
            resource=ResourceRef("role", role),
        )
    return found


def _inline(reference: AbsentReference, observed: Observed) -> set[str]:
    if isinstance(reference, PolicyArn):
        return set()
    found = {reference.name} & observed.inline.keys()
    if isinstance(reference, InlinePolicy):
        found |= set(same_files(reference, observed.inline))
    return found
