# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of a role that would pass one of IAM's limits: which one, by what, and what helps."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import Refused, ResourceRef
from ..model.observed import ClusterFacts, Observed
from ..model.target import Target
from ..policy.document import document_size
from ..policy.equality import Document
from ..policy.limits import LimitName, limit, tag_count, total
from ..wording.text import Option, Sentence, joined
from .trust_room import another_role, fits_alone


def refusal(
    name: LimitName,
    target: Target,
    cluster: ClusterFacts,
    observed: Observed,
    then: Observed,
    end: Observed,
) -> Refused:
    """`observed` knows all of the role's inline policies that could be read; `then` is the role where it
    passes the limit, and `end` what the whole plan would lead to."""
    role = f"role {observed.role_name}"
    most = limit(name, observed.quotas).least
    if name == "inline":
        problem, remedy = _inline(target, observed, end if end.inline else then, most)
    elif name == "trust":
        problem, remedy = _trust(target, cluster, observed, then, most)
    elif name == "attachments":
        problem, remedy = _attachments(then, most)
    else:
        problem, remedy = _tags(observed, then, most)
    return Refused(
        f"{role} would have {problem}", remedy=remedy, resource=ResourceRef("role", observed.role_name)
    )


def _inline(target: Target, observed: Observed, end: Observed, most: int) -> tuple[str, Sentence]:
    there = observed.inline
    put = {name: one for name, one in end.inline.items() if one is not None and one != there.get(name)}
    others = {name: one for name, one in end.inline.items() if one is not None and name not in put}
    stays = f", {_size(others):,} of them in {', '.join(others)}" if others else ""
    problem = (
        f"inline policies of {_size(put) + _size(others):,} characters without white space{stays}, and IAM"
        f" allows {most:,} together"
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
    today = f" ({there:,} today)" if observed.role else ""
    problem = (
        f"a trust policy of {size:,} characters without white space{today}, and the account's quota"
        f" AssumeRolePolicySize is {most:,}"
    )
    remedies: list[Sentence] = ["have AWS raise the quota"]
    if observed.role:
        remedies.insert(0, "give " + another_role(target))
    if not target.overrides.replace_trust and fits_alone(target, cluster, observed):
        remedies.insert(0, "add " + Option("replace_trust") + " to remove what iamsa did not put there")
    return problem, joined(", or ", remedies)


def _attachments(then: Observed, most: int) -> tuple[str, Sentence]:
    return (
        f"{len(then.attached)} attached policies, and the account's quota AttachedPoliciesPerRole is {most}",
        "attach fewer, merge some into a policy file, or have AWS raise the quota",
    )


def _tags(observed: Observed, then: Observed, most: int) -> tuple[str, Sentence]:
    tags = then.role.tags if then.role else {}
    today = f" ({tag_count(observed.role.tags).least} today)" if observed.role else ""
    return (
        f"{tag_count(tags).least} tags{today}, one for each policy that iamsa puts on it among them, and IAM"
        f" allows {most}",
        "give fewer "
        + Option("tag")
        + ", "
        + ("remove tags that are no longer needed, " if observed.role else "")
        + "or merge policies into one",
    )


def _size(policies: Mapping[str, Document | None]) -> int:
    return total(document_size(one) for one in policies.values() if one is not None).least


def _one_of(names: Mapping[str, object]) -> str:
    return next(iter(names)) if len(names) == 1 else f"one of {', '.join(names)}"
