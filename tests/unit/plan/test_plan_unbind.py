# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What holds of every delete: each ServiceAccount beside each role, with all that may be kept or allowed."""

from __future__ import annotations

import pytest
from unit.fakes.deletes import CASES, MADE, NAMED, NOT_BOUND, SERVICE_ACCOUNTS, Case
from unit.fakes.examples import ROLE_ARN, SUBJECT

from ansible_collections.iamsa.eks.plugins.module_utils.errors import NotFound, Refused
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_MARKER,
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_TOKEN_EXPIRATION,
    FIELD_MANAGER,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.base import Phase

DONE = [case for case in CASES if case.steps]


def does(case: Case, verb: str, kind: str, part: str = "") -> bool:
    return any((one.verb, one.target.kind, one.target.part) == (verb, kind, part) for one in case.steps)


def test_it_is_refused_just_where_something_is_not_to_be_taken() -> None:
    wrong = [case for case in CASES if isinstance(case.refusal, Refused) != case.is_stopped]
    assert wrong == []


def test_there_is_nothing_to_delete_just_where_neither_half_is_meant() -> None:
    def is_nothing(case: Case) -> bool:
        return case.service_account in NOT_BOUND and (case.role == "none" or case.keep_role)

    assert [case for case in CASES if isinstance(case.refusal, NotFound) != is_nothing(case)] == []


def test_every_refusal_names_a_way_out() -> None:
    assert [case for case in CASES if case.refusal and not case.refusal.remedy] == []


def test_the_role_goes_just_where_it_is_ours_and_not_kept() -> None:
    wrong = [
        case
        for case in CASES
        if does(case, "delete", "role") != (case.may_go and not isinstance(case.refusal, Refused))
    ]
    assert wrong == []


def test_a_role_that_is_kept_is_not_touched() -> None:
    assert [
        case for case in DONE if case.keep_role and any(one.target.kind == "role" for one in case.steps)
    ] == []


def test_a_role_goes_with_all_its_policies_or_none() -> None:
    for case in DONE:
        gone = {does(case, "detach", "role", "policy"), does(case, "delete", "role", "inline policy")}
        assert gone == {does(case, "delete", "role")}, case


def test_the_service_account_goes_just_where_iamsa_made_it_for_this_role() -> None:
    def goes(case: Case) -> bool:
        return case.service_account in MADE and not case.keep_service_account and not case.refusal

    assert [case for case in CASES if does(case, "delete", "serviceaccount") != goes(case)] == []


def test_of_a_service_account_that_stays_only_what_iamsa_wrote_goes() -> None:
    for case in DONE:
        before, then = (
            SERVICE_ACCOUNTS[case.service_account],
            case.after(case.steps).service_accounts[SUBJECT],
        )
        if not before or not then or before.deleting:
            continue
        ours = {ANNOTATION_ROLE_ARN, ANNOTATION_RECORD, ANNOTATION_MARKER}
        if FIELD_MANAGER in before.managers[ANNOTATION_TOKEN_EXPIRATION]:
            ours.add(ANNOTATION_TOKEN_EXPIRATION)
        bound = case.service_account not in NOT_BOUND
        kept = {key: value for key, value in before.annotations.items() if not bound or key not in ours}
        assert then.annotations == kept, case


def test_no_service_account_is_left_that_names_a_role_that_is_gone() -> None:
    for case in DONE:
        then = case.after(case.steps)
        named = then.service_accounts[SUBJECT]
        assert then.role or not named or named.annotations.get(ANNOTATION_ROLE_ARN) != ROLE_ARN, case


def test_the_annotation_goes_before_the_role_and_the_service_account_last() -> None:
    for case in DONE:
        phases = [step.phase for step in case.steps]
        assert phases == sorted(phases), case
        there = SERVICE_ACCOUNTS[case.service_account]
        if there and does(case, "delete", "role"):
            assert (phases[0] == Phase.RELEASE) == (NAMED.items() <= there.annotations.items()), case
        assert phases.count(Phase.SERVICE_ACCOUNT) <= 1, case


def test_once_done_there_is_nothing_more_to_do() -> None:
    for case in DONE:
        then = case.after(case.steps)
        if case.service_account == "being-deleted":
            assert case.planned(then) == (), case
            continue
        with pytest.raises(NotFound):
            case.planned(then)


def test_broken_off_anywhere_the_same_command_leads_to_the_same() -> None:
    for case in DONE:
        for count in range(1, len(case.steps)):
            then = case.after(case.steps[:count])
            assert case.after(case.planned(then), then) == case.after(case.steps), (case, count)
