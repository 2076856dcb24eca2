# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which policies iamsa put on a role, kept in the role's own tags."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from unit.fakes.examples import (
    FACTS,
    OPS_STATEMENT,
    READ_S3,
    READ_SQS,
    desired,
    document,
    inline,
    observed,
    our_role,
    planned,
    recorded,
    retagged,
    service_account,
    trusting,
)

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.writers import WRITERS
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import Desired
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.base import Phase
from ansible_collections.iamsa.eks.plugins.module_utils.plan.forecast import forecast_role
from ansible_collections.iamsa.eks.plugins.module_utils.policy.attached_by_us import (
    inline_digest,
    is_entry,
    managed_digest,
    read_record,
)
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import (
    InlineName,
    PolicyName,
    ResolvedPolicy,
)

S3, SQS, READER = managed_digest(READ_S3.arn), managed_digest(READ_SQS.arn), inline_digest("reader")
NOW = datetime(2026, 11, 30, 12, tzinfo=timezone.utc)


def after(role: Role | None, wanted: Desired, *policies: ResolvedPolicy, **there: Any) -> frozenset[str]:
    """What is recorded once the plan is done."""
    seen = observed(role, service_account(), *policies, **there)
    then = forecast_role(seen, planned(wanted, FACTS, seen), WRITERS).role
    assert then
    return read_record(then.tags)


def test_a_new_role_records_its_policies_before_it_has_them() -> None:
    creation, *_ = planned(desired(), FACTS, observed(None, None, READ_S3, inline()))
    assert read_record(creation.role.tags) == {S3, READER}


def test_a_new_role_without_policies_has_no_record() -> None:
    creation, *_ = planned(desired(), FACTS, observed())
    assert not any(map(is_entry, creation.role.tags))


def test_a_policy_is_recorded_before_it_is_attached() -> None:
    steps = planned(desired(), FACTS, observed(our_role(), service_account(), READ_S3))
    assert [(step.phase, step.target.part) for step in steps] == [
        (Phase.RECORD, "tags"),
        (Phase.MANAGED, "policy"),
    ]


def test_a_policy_is_forgotten_after_it_is_detached() -> None:
    there = observed(recorded(our_role(), READ_S3), service_account(), attached=(READ_S3,), knows_inline=True)
    steps = planned(desired(absent=(PolicyName("ReadS3"),)), FACTS, there)
    assert [(step.verb, step.phase) for step in steps] == [("detach", Phase.PURGE), ("remove", Phase.TAGS)]
    assert list(steps[1].tags) == [f"iamsa/policy/{S3}"]


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
    observed = {"attached": (READ_SQS,), "inline": {"old": document()}, "knows_inline": True}
    assert after(role, desired(purge=True), READ_S3, **observed) == {S3}


def test_what_somebody_else_took_away_is_forgotten_when_all_is_known() -> None:
    role = recorded(our_role(), READ_S3, READ_SQS, inline())
    wanted = desired(absent=(InlineName("reader"),))
    assert after(role, wanted, attached=(READ_S3,), knows_inline=True) == {S3}


def test_what_cannot_be_seen_is_not_forgotten() -> None:
    assert after(recorded(our_role(), inline()), desired(), READ_S3) == {S3, READER}


def test_an_entry_is_a_tag_of_its_own_with_the_time_of_writing() -> None:
    there = observed(
        recorded(our_role(), READ_SQS), service_account(), READ_S3, attached=(READ_SQS,), read_at=NOW
    )
    record, *_ = planned(desired(), FACTS, there)
    assert record.tags == {f"iamsa/policy/{S3}": "2026-11-30T12:00:00Z"}


@pytest.mark.parametrize(
    "key", ["iamsa/policy/abc", f"iamsa/policy/{S3}.", f"iamsa/policy/{S3}.02", f"x/{S3}"]
)
def test_a_tag_of_a_like_name_is_no_entry(key: str) -> None:
    assert read_record({key: "", f"iamsa/policy/{SQS}": ""}) == {SQS}


@pytest.mark.parametrize("age", [timedelta(minutes=1), timedelta(days=1)])
def test_a_policy_that_is_put_back_gets_an_entry_that_nobody_is_about_to_remove(age: timedelta) -> None:
    """Whoever took it away may not have removed the old entry yet."""
    role = recorded(our_role(), READ_S3, at=NOW - age)
    record, attach, removal = planned(
        desired(), FACTS, observed(role, service_account(), READ_S3, read_at=NOW)
    )
    assert list(record.tags) == [f"iamsa/policy/{S3}.2"]
    assert attach.verb == "attach"
    assert list(removal.tags) == [f"iamsa/policy/{S3}"]


def test_all_entries_of_a_policy_go_with_it() -> None:
    role = recorded(recorded(our_role(), READ_S3), READ_S3)
    assert sum(map(is_entry, role.tags)) == 2
    assert after(role, desired(absent=(PolicyName("ReadS3"),)), attached=(READ_S3,)) == set()


@pytest.mark.parametrize("value", ["2026-11-30T11:51:00Z", "2026-11-30T12:09:00Z"])
def test_an_entry_stays_while_another_run_may_be_about_to_put_its_policy_there(value: str) -> None:
    role = retagged(our_role(), **{f"iamsa__policy__{S3}": value})
    assert after(role, desired(), knows_inline=True, read_at=NOW) == {S3}


@pytest.mark.parametrize("value", ["2026-11-30T11:50:00Z", "2026-11-30T12:10:00Z", "2026-11-30", "", "soon"])
def test_an_entry_that_no_run_can_mean_any_more_goes(value: str) -> None:
    role = retagged(our_role(), **{f"iamsa__policy__{S3}": value})
    assert after(role, desired(), knows_inline=True, read_at=NOW) == set()


def test_a_role_that_would_have_too_many_tags_is_not_created() -> None:
    tags = {f"tag{number}": "" for number in range(44)}
    assert planned(desired(tags=tags), FACTS, observed(None, None, READ_S3))
    with pytest.raises(Refused, match="would have 51 tags"):
        planned(desired(tags=tags), FACTS, observed(None, None, READ_S3, READ_SQS))


def test_a_role_that_has_no_room_for_entries_is_refused() -> None:
    role = our_role(tags={**our_role().tags, **{f"tag{number}": "" for number in range(44)}})
    assert planned(desired(), FACTS, observed(role, service_account(), READ_S3))
    with pytest.raises(Refused, match="would have 51 tags"):
        planned(desired(), FACTS, observed(role, service_account(), READ_S3, READ_SQS))


def test_a_role_that_is_refused_is_not_recorded_on() -> None:
    role = trusting(our_role(), OPS_STATEMENT)
    with pytest.raises(Exception, match="also contains"):
        planned(desired(), FACTS, observed(role, service_account(), READ_S3))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_runs_that_saw_the_same_role_keep_each_other_s_entries(order: tuple[int, int]) -> None:
    role = our_role()
    records = [
        planned(desired(), FACTS, observed(role, service_account(), policy, read_at=NOW))[0].tags
        for policy in (READ_S3, READ_SQS)
    ]
    tags = role.tags
    for place in order:
        tags = {**tags, **records[place]}
    assert read_record(tags) == {S3, SQS}
