# SPDX-License-Identifier: GPL-3.0-or-later

"""The errors for a role that would exceed a limit of IAM: which limit, by how much, and the remedies."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import Refused, ResourceRef
from ..model.observed import ClusterFacts, Observed
from ..model.target import Target
from ..policy.document import document_size
from ..policy.equality import Document
from ..policy.limits import LimitName, limit, tag_count, total
from ..wording.text import Option, Sentence, Text, joined
from .trust_room import another_role, fits_alone


def refusal(
    name: LimitName,
    target: Target,
    cluster: ClusterFacts,
    observed: Observed,
    then: Observed,
    end: Observed,
) -> Refused:
    """The error for exceeding the limit `name`.

    `observed` contains all inline policies of the role that could be read. `then` is the state in which the
    role exceeds the limit, `end` the state after the whole plan.
    """
    role = f"role {observed.role_name}"
    most = limit(name, observed.quotas).least
    if name == "inline":
        problem, remedy = _inline(target, observed, end if end.inline else then, most)
    elif name == "trust":
        problem, remedy = _trust(target, cluster, observed, then, most)
    elif name == "attachments":
        problem, remedy = _attachments(then, most)
    else:
        problem, remedy = _tags(target, observed, then, most)
    return Refused(
        f"{role} would have {problem}", remedy=remedy, resource=ResourceRef("role", observed.role_name)
    )


def _inline(target: Target, observed: Observed, end: Observed, most: int) -> tuple[str, Sentence]:
    there = observed.inline
    put = {name: one for name, one in end.inline.items() if one is not None and one != there.get(name)}
    others = {name: one for name, one in end.inline.items() if one is not None and name not in put}
    stays = f", {_size(others):,} of them in {', '.join(others)}" if others else ""
    problem = (
        f"{_size(put) + _size(others):,} characters of inline policies, without whitespace{stays}, and IAM"
        f" allows at most {most:,} in total"
    )
    remedies: list[Sentence] = [f"make {_one_of(put)} a managed policy"]
    can_purge = target.asked.create_role and not target.overrides.purge
    if others and _size(put) <= most:
        purge = "add " + Option("purge") + " to remove the role's other policies"
        remedies.append(purge if can_purge else f"delete {_one_of(others)} first")
    return problem, joined(", or ", remedies)


def _trust(
    target: Target, cluster: ClusterFacts, observed: Observed, then: Observed, most: int
) -> tuple[str, Sentence]:
    size = document_size(then.role.trust).least if then.role else 0
    there = document_size(observed.role.trust).least if observed.role else 0
    now = f" ({there:,} now)" if observed.role else ""
    problem = (
        f"a trust policy of {size:,} characters without whitespace{now}, and the account's quota"
        f" AssumeRolePolicySize is {most:,}"
    )
    remedies: list[Sentence] = ["request a quota increase from AWS"]
    if observed.role:
        remedies.insert(0, "use " + another_role(target))
    if not target.overrides.replace_trust and fits_alone(target, cluster, observed):
        remedies.insert(0, "add " + Option("replace_trust") + " to remove statements that iamsa did not add")
    return problem, joined(", or ", remedies)


def _attachments(then: Observed, most: int) -> tuple[str, Sentence]:
    return (
        f"{len(then.attached)} attached policies, and the account's quota AttachedPoliciesPerRole is {most}",
        "attach fewer policies, merge some into a policy file, or request a quota increase from AWS",
    )


def _tags(target: Target, observed: Observed, then: Observed, most: int) -> tuple[str, Sentence]:
    tags = then.role.tags if then.role else {}
    now = f" ({tag_count(observed.role.tags).least} now)" if observed.role else ""
    return (
        f"{tag_count(tags).least} tags{now}, including one for each policy that iamsa adds, and IAM"
        f" allows at most {most}",
        ("use fewer " + Option("tag") + ", " if target.asked.role.tags else Text())
        + ("remove tags that are no longer needed, " if observed.role else "")
        + "or merge policies into one",
    )


def _size(policies: Mapping[str, Document | None]) -> int:
    return total(document_size(one) for one in policies.values() if one is not None).least


def _one_of(names: Mapping[str, object]) -> str:
    return next(iter(names)) if len(names) == 1 else f"one of {', '.join(names)}"
