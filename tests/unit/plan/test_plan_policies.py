# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role's policies: added, mended, and on --purge made exact."""

from __future__ import annotations

from typing import Any

import pytest
from unit.fakes.examples import (
    FACTS,
    READ_S3,
    READ_SQS,
    desired,
    document,
    inline,
    observed,
    our_role,
    planned,
    recorded,
    service_account,
)
from unit.fakes.starts import MANY

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Refused
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.role import AttachPolicy, PutInlinePolicy
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step
from ansible_collections.iamsa.eks.plugins.module_utils.policy.limits import Quotas
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy, ResolvedPolicy

REWORDED = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": ["S3:getobject"], "Resource": ["*"]},
}


def steps(
    *policies: ResolvedPolicy,
    attached: tuple[ManagedPolicy, ...] = (),
    there: dict[str, Any] | None = None,
    quota: int | None = None,
    purge: bool = False,
    **overrides: bool,
) -> tuple[Step, ...]:
    seen = observed(
        recorded(our_role(), inline()),
        service_account(),
        *policies,
        attached=attached,
        inline=there,
        quotas=None if quota is None else Quotas(attachments=quota),
    )
    # What of it is recorded in tags is specified in test_plan_record.py.
    return tuple(
        step for step in planned(desired(purge=purge, **overrides), FACTS, seen) if step.target.part != "tags"
    )


def words(*args: Any, **kwargs: Any) -> list[str]:
    return [step.sentence.removeprefix("role/app ") for step in steps(*args, **kwargs)]


def test_a_policy_that_is_missing_is_attached() -> None:
    (step,) = steps(READ_S3)
    assert step == AttachPolicy("app", READ_S3.arn, "ReadS3")


def test_a_policy_that_is_attached_stays() -> None:
    assert steps(READ_S3, attached=(READ_S3,)) == ()


def test_a_file_that_is_missing_is_put() -> None:
    (step,) = steps(inline())
    assert step == PutInlinePolicy("app", "reader", document())


def test_a_file_that_means_the_same_is_not_put() -> None:
    assert steps(inline(), there={"reader": REWORDED}) == ()


def test_a_file_that_means_something_else_is_repaired() -> None:
    (step,) = steps(inline(), there={"reader": document("s3:*")})
    assert step == PutInlinePolicy("app", "reader", document(), replaced=document("s3:*"))
    assert step.sentence == "role/app inline policy reader updated"


def test_a_policy_of_somebody_else_that_says_something_else_is_not_overwritten() -> None:
    theirs = {"hand": document("s3:*")}
    with pytest.raises(Refused, match="different inline policy hand, which iamsa did not add"):
        steps(inline("hand"), there=theirs)
    (step,) = steps(inline("hand"), there=theirs, force_conflicts=True)
    assert step.sentence == "role/app inline policy hand updated"


def test_a_policy_of_somebody_else_that_means_the_same_will_do() -> None:
    assert steps(inline("hand"), there={"hand": document()}) == ()


def test_what_is_not_asked_for_stays() -> None:
    assert steps(READ_S3, attached=(READ_S3, READ_SQS), there={"old": document()}) == ()


def test_a_purge_takes_away_what_is_not_asked_for() -> None:
    assert words(READ_S3, attached=(READ_S3, READ_SQS), there={"old": None}, purge=True) == [
        "policy ReadSQS detached",
        "inline policy old deleted",
    ]


def test_a_purge_keeps_what_is_asked_for() -> None:
    assert words(READ_S3, inline(), attached=(READ_S3,), there={"reader": document()}, purge=True) == []


def test_a_purge_attaches_before_it_detaches() -> None:
    assert words(READ_S3, attached=(READ_SQS,), purge=True) == [
        "policy ReadS3 attached",
        "policy ReadSQS detached",
    ]


def test_a_purge_puts_files_before_it_deletes_others() -> None:
    assert words(inline(), there={"old": document()}, purge=True) == [
        "inline policy reader added",
        "inline policy old deleted",
    ]


def test_a_purge_deletes_first_what_may_leave_no_room() -> None:
    assert words(inline(), there={"unreadable": None}, purge=True) == [
        "inline policy unreadable deleted",
        "inline policy reader added",
    ]


def test_at_the_quota_a_purge_detaches_as_many_first_as_have_to_make_room() -> None:
    assert words(READ_S3, READ_SQS, *MANY[:7], attached=tuple(MANY[:9]), quota=10, purge=True) == [
        "policy p7 detached",
        "policy ReadS3 attached",
        "policy ReadSQS attached",
        "policy p8 detached",
    ]


def test_beyond_a_quota_that_was_lowered_a_purge_detaches_until_there_is_room() -> None:
    assert words(READ_S3, attached=tuple(MANY[:4]), quota=3, purge=True)[:3] == [
        "policy p0 detached",
        "policy p1 detached",
        "policy ReadS3 attached",
    ]


def test_beyond_the_quota_is_refused_by_its_name() -> None:
    with pytest.raises(Refused) as caught:
        steps(READ_S3, attached=tuple(MANY), quota=10)
    assert str(caught.value) == (
        "role app would have 11 attached policies, and the account's quota AttachedPoliciesPerRole is 10;"
        " attach fewer policies, merge some into a policy file, or request a quota increase from AWS"
    )


def test_up_to_the_quota_is_not_refused() -> None:
    assert words(READ_S3, attached=tuple(MANY[:9]), quota=10) == ["policy ReadS3 attached"]


def test_beyond_the_quota_already_is_no_reason_to_refuse_what_adds_nothing() -> None:
    assert words(MANY[0], attached=tuple(MANY), quota=5) == []


def test_without_a_known_quota_aws_decides() -> None:
    assert words(READ_S3, attached=tuple(MANY)) == ["policy ReadS3 attached"]
