# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What IAM's policy simulator answers, and what comes of it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.stub import Stubber

from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.client import Iam
from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.model.simulation import Permission, Question

ROLE = "arn:aws:iam::123456789012:role/iamsa/app"
GET, PUT = "s3:GetObject", "s3:PutObject"
SHOP, BANK = "arn:aws:s3:::shop/*", "arn:aws:s3:::bank/*"


def asks(*actions: str, on: tuple[str, ...] = ("*",)) -> dict[str, Any]:
    return {"PolicySourceArn": ROLE, "ActionNames": list(actions), "ResourceArns": list(on)}


def evaluated(action: str, decision: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"EvalActionName": action, "EvalResourceName": resource, "EvalDecision": decision, **more}


def simulate(
    iam: Iam, iam_stub: Stubber, question: Question, *results: dict[str, Any]
) -> tuple[Permission, ...]:
    iam_stub.add_response(
        "simulate_principal_policy",
        {"EvaluationResults": list(results)},
        asks(*question.actions, on=question.resources),
    )
    return iam.simulator.simulate(ROLE, question)


@pytest.mark.parametrize(
    ("result", "permission"),
    [
        (evaluated(GET, "allowed"), Permission(GET, "*", "allowed")),
        (evaluated(GET, "implicitDeny"), Permission(GET, "*", "implicitDeny")),
        (evaluated(GET, "explicitDeny"), Permission(GET, "*", "explicitDeny")),
        (
            evaluated(
                GET, "implicitDeny", PermissionsBoundaryDecisionDetail={"AllowedByPermissionsBoundary": False}
            ),
            Permission(GET, "*", "implicitDeny", "boundary"),
        ),
        (
            evaluated(
                GET, "implicitDeny", PermissionsBoundaryDecisionDetail={"AllowedByPermissionsBoundary": True}
            ),
            Permission(GET, "*", "implicitDeny"),
        ),
        (
            evaluated(GET, "explicitDeny", OrganizationsDecisionDetail={"AllowedByOrganizations": False}),
            Permission(GET, "*", "explicitDeny", "organization"),
        ),
        (
            evaluated(GET, "implicitDeny", MissingContextValues=["aws:SourceVpc"]),
            Permission(GET, "*", "implicitDeny", missing_context=("aws:SourceVpc",)),
        ),
    ],
    ids=["allowed", "implicit", "explicit", "boundary", "within boundary", "organization", "context"],
)
def test_who_denies_is_told(
    iam: Iam, iam_stub: Stubber, result: dict[str, Any], permission: Permission
) -> None:
    assert simulate(iam, iam_stub, Question((GET,)), result) == (permission,)


def test_each_resource_has_its_own_answer(iam: Iam, iam_stub: Stubber) -> None:
    """The decision of the whole is the strictest of them, and says nothing of one."""
    parts = [
        {"EvalResourceName": SHOP, "EvalResourceDecision": "allowed"},
        {"EvalResourceName": BANK, "EvalResourceDecision": "implicitDeny"},
    ]
    result = evaluated(GET, "implicitDeny", SHOP, ResourceSpecificResults=parts)
    found = simulate(iam, iam_stub, Question((GET,), (BANK, SHOP)), result)
    assert found == (Permission(GET, BANK, "implicitDeny"), Permission(GET, SHOP, "allowed"))


def test_answers_come_in_the_order_of_the_question_over_all_pages(iam: Iam, iam_stub: Stubber) -> None:
    first = {"EvaluationResults": [evaluated("s3:putobject", "allowed")], "IsTruncated": True, "Marker": "m"}
    iam_stub.add_response("simulate_principal_policy", first, asks(GET, PUT))
    last = {"EvaluationResults": [evaluated(GET, "implicitDeny")], "IsTruncated": False}
    iam_stub.add_response("simulate_principal_policy", last, {**asks(GET, PUT), "Marker": "m"})
    found = iam.simulator.simulate(ROLE, Question((GET, PUT)))
    assert [(one.action.lower(), one.is_allowed) for one in found] == [
        (GET.lower(), False),
        (PUT.lower(), True),
    ]


def test_what_is_not_answered_is_not_taken_to_be_allowed(iam: Iam, iam_stub: Stubber) -> None:
    with pytest.raises(RemoteError, match="returned no result for s3:PutObject on"):
        simulate(iam, iam_stub, Question((GET, PUT)), evaluated(GET, "allowed"))


def test_who_may_not_ask_is_told_the_document(iam: Iam, iam_stub: Stubber) -> None:
    iam_stub.add_client_error("simulate_principal_policy", "AccessDenied", "no", 403)
    with pytest.raises(Denied) as caught:
        iam.simulator.simulate(ROLE, Question((GET,)))
    assert caught.value.action == "iam:SimulatePrincipalPolicy"
    assert "docs/permissions/verify.json" in caught.value.remedy
