# SPDX-License-Identifier: GPL-3.0-or-later

"""Steps for the role's policies: attach and put what is missing, take away what is to be gone."""

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


def absent_managed(desired: Desired, observed: Observed) -> set[str]:
    """ARNs of attached policies that are to go: a name means the attached policy of that name.

    Raises:
        Refused: a name means an inline policy too, or two attached ones.
    """
    return {arn for reference in desired.role.absent for arn in _managed(reference, observed)}


def absent_inline(desired: Desired, observed: Observed) -> set[str]:
    """Names of inline policies that are to go: by name, by file, or as gen3's of the same meaning."""
    return {name for reference in desired.role.absent for name in _inline(reference, observed)}


def not_there(desired: Desired, observed: Observed) -> tuple[str, ...]:
    """What is asked to be gone and was not there: no error, but perhaps a slip of the pen."""
    return tuple(
        spelled(reference)
        for reference in desired.role.absent
        if not _managed(reference, observed) and not _inline(reference, observed)
    )


def spelled(reference: AbsentReference) -> str:
    """The policy as one names it in a sentence."""
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
            + f" {reference.name} means both the inline policy of role {role} and {min(found)}",
            remedy=f"give that ARN, or ./{reference.name}.json for the inline policy",
            resource=ResourceRef("role", role),
        )
    if len(found) > 1:
        raise Refused(
            Option("policy")
            + f" {reference.name} means {' and '.join(sorted(found))}, both attached to role {role}",
            remedy="give the ARN of the right one",
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
