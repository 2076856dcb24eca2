# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which policies iamsa put on a role, kept in the role's own tags."""

from __future__ import annotations

from typing import Any

import pytest
from unit.fakes.examples import (
    FACTS,
    OPS_STATEMENT,
    READ_S3,
    READ_SQS,
    account,
    desired,
    document,
    inline,
    observed,
    our_role,
    recorded,
    retagged,
    trusting,
)

from ansible_collections.iamsa.eks.plugins.module_utils.model.forecast import forecast_role
from ansible_collections.iamsa.eks.plugins.module_utils.model.policy import (
    InlineName,
    PolicyName,
    ResolvedPolicy,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.record import (
    inline_digest,
    managed_digest,
    read_record,
    rebased,
    record_tags,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.state import Desired, Role
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps import Phase
from ansible_collections.iamsa.eks.plugins.module_utils.plan import plan

S3, SQS, READER = managed_digest(READ_S3.arn), managed_digest(READ_SQS.arn), inline_digest("reader")


def after(role: Role | None, wanted: Desired, *policies: ResolvedPolicy, **there: Any) -> frozenset[str]:
    """What is recorded once the plan is done."""
    facts = observed(role, account(), *policies, **there)
    then = forecast_role(facts, plan(wanted, FACTS, facts), wanted.subject).role
    assert then
    return read_record(then.tags)


def test_a_new_role_records_its_policies_before_it_has_them() -> None:
    creation, *_ = plan(desired(), FACTS, observed(None, None, READ_S3, inline()))
    assert read_record(creation.after.tags) == {S3, READER}


def test_a_new_role_without_policies_has_no_record() -> None:
    creation, *_ = plan(desired(), FACTS, observed())
    assert "iamsa/policies" not in creation.after.tags


def test_a_policy_is_recorded_before_it_is_attached() -> None:
    steps = plan(desired(), FACTS, observed(our_role(), account(), READ_S3))
    assert [(step.phase, step.target.part) for step in steps] == [
        (Phase.RECORD, "tags"),
        (Phase.MANAGED, "policy"),
    ]


def test_a_policy_is_forgotten_after_it_is_detached() -> None:
    facts = observed(recorded(our_role(), READ_S3), account(), attached=(READ_S3,), knows_inline=True)
    steps = plan(desired(absent=(PolicyName("ReadS3"),)), FACTS, facts)
    assert [step.phase for step in steps] == [Phase.PURGE, Phase.TAGS]
    assert steps[1].after == {"iamsa/policies": ""}


def test_what_is_asked_for_and_there_counts_as_ours() -> None:
    there = {"attached": (READ_S3,), "inline": {"reader": document()}}
    assert after(our_role(), desired(), READ_S3, inline(), **there) == {S3, READER}


def test_what_nobody_asked_for_is_not_recorded() -> None:
    assert after(our_role(), desired(), READ_S3, attached=(READ_S3, READ_SQS)) == {S3}


def test_what_nobody_asked_for_is_not_recorded_where_all_is_known_either() -> None:
    there = {"attached": (READ_S3, READ_SQS), "inline": {"hand": document()}, "knows_inline": True}
    assert after(recorded(our_role(), READ_S3), desired(absent=(PolicyName("ReadS3"),)), **there) == set()


@pytest.mark.parametrize("adopted", [True, False])
def test_on_a_role_of_somebody_else_only_what_iamsa_attaches_is_recorded(adopted: bool) -> None:
    role = retagged(our_role(), iamsa__adopted="true") if adopted else our_role(tags={"Terraform": "true"})
    wanted = desired(adopt=True)
    assert after(role, wanted, READ_S3, READ_SQS, attached=(READ_SQS,)) == {S3}


def test_a_purge_records_what_it_leaves() -> None:
    role = recorded(our_role(), READ_SQS, inline("old"))
    facts = {"attached": (READ_SQS,), "inline": {"old": document()}, "knows_inline": True}
    assert after(role, desired(purge=True), READ_S3, **facts) == {S3}


def test_what_somebody_else_took_away_is_forgotten_when_all_is_known() -> None:
    role = recorded(our_role(), READ_S3, READ_SQS, inline())
    wanted = desired(absent=(InlineName("reader"),))
    assert after(role, wanted, attached=(READ_S3,), knows_inline=True) == {S3}


def test_what_cannot_be_seen_is_not_forgotten() -> None:
    assert after(recorded(our_role(), inline()), desired(), READ_S3) == {S3, READER}


def test_many_policies_have_several_tags_of_a_length_that_iam_takes() -> None:
    digests = [managed_digest(f"arn:aws:iam::123456789012:policy/p{number}") for number in range(70)]
    tags = record_tags(digests, {})
    assert sorted(tags) == ["iamsa/policies", "iamsa/policies-2", "iamsa/policies-3"]
    assert max(map(len, tags.values())) <= 256
    assert read_record(tags) == set(digests)


def test_tags_that_are_no_longer_needed_become_empty() -> None:
    many = record_tags([managed_digest(str(number)) for number in range(40)], {})
    assert record_tags([S3], many) == {"iamsa/policies": S3, "iamsa/policies-2": ""}


def test_other_tags_of_a_like_name_are_no_record() -> None:
    others = {"iamsa/policies-x": "a b", "iamsa/policies2": "c", "x" * len("iamsa/policies") + "-2": "e"}
    assert read_record({**others, "iamsa/policies": "d"}) == {"d"}


def test_a_role_that_is_refused_is_not_recorded_on() -> None:
    role = trusting(our_role(), OPS_STATEMENT)
    with pytest.raises(Exception, match="also holds"):
        plan(desired(), FACTS, observed(role, account(), READ_S3))


@pytest.mark.parametrize(
    ("before", "after", "now", "wanted"),
    [
        ([], [S3], [SQS], {S3, SQS}),
        ([S3], [], [S3, SQS], {SQS}),
        ([S3], [S3, READER], [], {READER}),
        ([S3], [S3], [S3, SQS], {S3, SQS}),
    ],
)
def test_what_another_run_recorded_meanwhile_stays(
    before: list[str], after: list[str], now: list[str], wanted: set[str]
) -> None:
    earlier = record_tags(before, {})
    later = {**record_tags(after, earlier), "team": "web"}
    written = rebased(earlier, later, record_tags(now, {}))
    assert (read_record(written), written["team"]) == (wanted, "web")
