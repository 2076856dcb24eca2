# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a delete takes away, from every state, and in which order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from unit.fakes.examples import (
    CLUSTER,
    FACTS,
    READ_S3,
    ROLE_ARN,
    ROLE_NAME,
    SUBJECT,
    delete_request,
    inline,
    observed,
    our_role,
    recorded,
    service_account,
)

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.service_account import BEFORE_FIRST_APPLY
from ansible_collections.iamsa.eks.plugins.module_utils.bindings.writers import WRITERS
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Absent, Refused
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_MARKER,
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_TOKEN_EXPIRATION,
    FIELD_MANAGER,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.ownership import marker
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.base import Phase
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step
from ansible_collections.iamsa.eks.plugins.module_utils.plan.delete import plan_deletion, still_there

MARKED = marker(CLUSTER, SUBJECT)
NAMED = {ANNOTATION_ROLE_ARN: ROLE_ARN}
RECORDED = {ANNOTATION_RECORD: ROLE_ARN}
OTHER = {ANNOTATION_ROLE_ARN: "arn:aws:iam::123456789012:role/other"}
OTHER_PATH = {ANNOTATION_ROLE_ARN: f"arn:aws:iam::123456789012:role/{ROLE_NAME}"}
RELEASE, CLEAR = "annotation eks.amazonaws.com/role-arn removed", "annotation iamsa/deleting-role removed"


def steps(
    role: Role | None,
    service_account: ServiceAccount | None,
    asked: DeleteRequest | None = None,
    **there: Any,
) -> tuple[Step, ...]:
    return plan_deletion(asked or delete_request(), FACTS, observed(role, service_account, **there), WRITERS)


def words(*args: Any, **there: Any) -> list[str]:
    """What is done, without the names of role and ServiceAccount."""
    found = (step.sentence.split(" ", 1) for step in steps(*args, **there))
    return [f"{target.partition('/')[0]} {done}" for target, done in found]


OURS = our_role()
MADE = service_account({**NAMED, **MARKED})
PLAIN = service_account(NAMED)
BEGUN = service_account({**RECORDED, **MARKED})
BEGUN_PLAIN = service_account(RECORDED)


@pytest.mark.parametrize(
    ("role", "service_account", "asked", "wanted"),
    [
        (
            OURS,
            MADE,
            delete_request(),
            [f"serviceaccount {RELEASE}", "role deleted", "serviceaccount deleted"],
        ),
        (
            OURS,
            PLAIN,
            delete_request(),
            [f"serviceaccount {RELEASE}", "role deleted", f"serviceaccount {CLEAR}"],
        ),
        (OURS, BEGUN, delete_request(), ["role deleted", "serviceaccount deleted"]),
        (OURS, BEGUN_PLAIN, delete_request(), ["role deleted", f"serviceaccount {CLEAR}"]),
        (OURS, None, delete_request(), ["role deleted"]),
        (OURS, service_account(MARKED), delete_request(), ["role deleted", "serviceaccount deleted"]),
        (OURS, service_account({}), delete_request(), ["role deleted"]),
        (OURS, service_account(OTHER), delete_request(), ["role deleted"]),
        (OURS, service_account({**OTHER, **MARKED}), delete_request(), ["role deleted"]),
        (
            OURS,
            service_account(OTHER_PATH),
            delete_request(),
            [f"serviceaccount {RELEASE}", "role deleted", f"serviceaccount {CLEAR}"],
        ),
        (
            OURS,
            service_account({**OTHER_PATH, **MARKED}),
            delete_request(),
            [f"serviceaccount {RELEASE}", "role deleted", "serviceaccount deleted"],
        ),
        (None, service_account({**OTHER_PATH, **MARKED}), delete_request(), ["serviceaccount deleted"]),
        (
            OURS,
            replace(MADE, finalizers=("example.com/a", "example.com/b")),
            delete_request(keep_role=True),
            ["serviceaccount marked for deletion, blocked by the finalizers example.com/a, example.com/b"],
        ),
        (None, service_account(OTHER_PATH), delete_request(), [f"serviceaccount {RELEASE}"]),
        (None, MADE, delete_request(), ["serviceaccount deleted"]),
        (
            None,
            service_account({ANNOTATION_ROLE_ARN: "no-arn", **MARKED}),
            delete_request(),
            ["serviceaccount deleted"],
        ),
        (None, PLAIN, delete_request(), [f"serviceaccount {RELEASE}"]),
        (None, BEGUN, delete_request(), ["serviceaccount deleted"]),
        (None, BEGUN_PLAIN, delete_request(), [f"serviceaccount {CLEAR}"]),
        (OURS, MADE, delete_request(keep_role=True), ["serviceaccount deleted"]),
        (OURS, PLAIN, delete_request(keep_role=True), [f"serviceaccount {RELEASE}"]),
        (
            OURS,
            MADE,
            delete_request(keep_service_account=True),
            [
                f"serviceaccount {RELEASE}",
                "role deleted",
                "serviceaccount annotations iamsa/deleting-role, iamsa/created-for removed",
            ],
        ),
        (
            OURS,
            MADE,
            delete_request(keep_role=True, keep_service_account=True),
            ["serviceaccount annotations eks.amazonaws.com/role-arn, iamsa/created-for removed"],
        ),
    ],
)
def test_what_goes(
    role: Role | None, service_account: ServiceAccount | None, asked: DeleteRequest, wanted: list[str]
) -> None:
    assert words(role, service_account, asked) == wanted


@pytest.mark.parametrize(
    ("role", "service_account", "asked"),
    [
        (None, None, delete_request()),
        (None, service_account({}), delete_request()),
        (None, service_account(OTHER), delete_request()),
        (None, service_account({**OTHER, **MARKED}), delete_request()),
        (None, service_account({ANNOTATION_ROLE_ARN: "no-arn"}), delete_request()),
        (OURS, None, delete_request(keep_role=True)),
        (OURS, service_account({}), delete_request(keep_role=True)),
        (OURS, service_account(OTHER), delete_request(keep_role=True)),
    ],
)
def test_where_nothing_is_to_go_that_is_said(
    role: Role | None, service_account: ServiceAccount | None, asked: DeleteRequest
) -> None:
    with pytest.raises(
        Absent, match="check the name and <namespace>, specify <role_name>, or add <ignore"
    ) as error:
        steps(role, service_account, asked)
    assert str(error.value.resource) == "serviceaccount/my-sa"


def test_policies_go_between_the_annotation_and_the_role() -> None:
    role = recorded(our_role(), READ_S3, inline())
    found = steps(role, MADE, attached=(READ_S3,), inline={"reader": None})
    assert [step.phase for step in found] == [
        *(Phase.RELEASE, Phase.PURGE, Phase.PURGE, Phase.ROLE_END, Phase.SERVICE_ACCOUNT),
    ]


def test_the_record_names_the_role_that_goes() -> None:
    release, *_ = steps(OURS, MADE)
    assert release.changes == {ANNOTATION_ROLE_ARN: None, ANNOTATION_RECORD: ROLE_ARN}


@pytest.mark.parametrize("place", ["another-cluster", "web/another", "other/my-sa"])
def test_a_copy_of_a_marked_service_account_is_not_deleted(place: str) -> None:
    given = service_account({**NAMED, ANNOTATION_MARKER: f"{CLUSTER.id}x/{place}"})
    assert [step.verb for step in steps(OURS, given)] == ["set", "delete", "set"]


def test_other_annotations_go_only_where_iamsa_wrote_them() -> None:
    settings = {ANNOTATION_TOKEN_EXPIRATION: "3600", "eks.amazonaws.com/audience": "sts.amazonaws.com"}
    managers = {
        ANNOTATION_ROLE_ARN: FIELD_MANAGER,
        ANNOTATION_TOKEN_EXPIRATION: FIELD_MANAGER,
        "eks.amazonaws.com/audience": "helm",
    }
    *_, last = steps(OURS, service_account({**NAMED, **settings}, managers))
    assert set(last.changes) == {ANNOTATION_RECORD, ANNOTATION_TOKEN_EXPIRATION}


def test_an_annotation_of_another_manager_stops_it() -> None:
    given = service_account(NAMED, {ANNOTATION_ROLE_ARN: "helm"})
    with pytest.raises(Refused, match="belongs to the field manager helm; remove it there first, or"):
        steps(OURS, given)
    assert len(steps(OURS, given, delete_request(annotations_of_others=True))) == 3


@pytest.mark.parametrize("recorded", [{}, {ANNOTATION_ROLE_ARN: BEFORE_FIRST_APPLY}], ids=["none", "before"])
def test_an_annotation_without_a_recorded_manager_stops_it(recorded: dict[str, str]) -> None:
    given = service_account(NAMED, recorded)
    with pytest.raises(Refused) as caught:
        steps(OURS, given)
    assert (str(caught.value.resource), "<force_conflicts>" in caught.value.remedy) == (
        "serviceaccount/my-sa",
        True,
    )
    assert len(steps(OURS, given, delete_request(annotations_of_others=True))) == 3


def test_that_no_manager_is_recorded_matters_not_where_iamsa_made_the_service_account() -> None:
    assert len(steps(OURS, service_account({**NAMED, **MARKED}, {}))) == 3


@pytest.mark.parametrize(
    ("finalizers", "words"),
    [((), "but still exists"), (("a.b/c",), "but still exists, blocked by the finalizer a.b/c")],
)
def test_one_that_was_marked_before_is_told(finalizers: tuple[str, ...], words: str) -> None:
    given = service_account({**RECORDED, **MARKED}, deleting=True, finalizers=finalizers)
    assert steps(None, given) == ()
    (told,) = still_there(delete_request(), observed(None, given))
    assert told.endswith(words)


def test_a_service_account_that_is_being_deleted_is_left_to_that() -> None:
    given = service_account({**NAMED, **MARKED}, deleting=True)
    assert [step.phase for step in steps(OURS, given)][-1] == Phase.ROLE_END


def test_the_sentence_says_where_nothing_is() -> None:
    with pytest.raises(Absent, match=f"web/my-sa has no role: role {ROLE_NAME} does not exist"):
        steps(None, None)
