# SPDX-License-Identifier: GPL-3.0-or-later

"""What of a role's policies is meant by those that are asked to be gone."""

from __future__ import annotations

from ..errors import Refused, ResourceRef
from ..model.desired import Desired
from ..model.observed import Observed
from ..policy.gen3_names import same_files
from ..policy.reference import AbsentReference, InlinePolicy, PolicyArn, PolicyName
from ..wording.text import Option


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
