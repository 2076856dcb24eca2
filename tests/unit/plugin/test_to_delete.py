"""What delete asks about: objects, not sentences about steps that are done."""

from __future__ import annotations

import pytest
from kubectl_iamsa.render.to_delete import to_delete
from unit.fakes.examples import ROLE_ARN, ROLE_NAME, SUBJECT, our_role

from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.kubernetes import (
    DeleteServiceAccount,
    PatchAnnotations,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.role import (
    DeleteInlinePolicy,
    DeleteRole,
    DetachPolicy,
    UntagRole,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step

UNANNOTATED = PatchAnnotations(SUBJECT, {"eks.amazonaws.com/role-arn": None}, "1")
GONE = DeleteServiceAccount(SUBJECT, "uid", "1")


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (GONE, f"serviceaccount {SUBJECT}"),
        (UNANNOTATED, f"annotation eks.amazonaws.com/role-arn of serviceaccount {SUBJECT}"),
        (DeleteRole(our_role()), f"role {ROLE_ARN}"),
        (DeleteInlinePolicy(ROLE_NAME, "reader"), f"inline policy reader of role {ROLE_NAME}"),
        (DetachPolicy(ROLE_NAME, "arn", "ReadS3"), f"attachment of policy ReadS3 to role {ROLE_NAME}"),
        (UntagRole(ROLE_NAME, {"iamsa/policy/a": "1"}), f"tag iamsa/policy/a of role {ROLE_NAME}"),
    ],
)
def test_each_object_has_a_line(step: Step, line: str) -> None:
    assert to_delete([step], {f"role/{ROLE_NAME}": {"arn": ROLE_ARN}}) == [line]


def test_the_annotation_of_a_deleted_service_account_is_not_listed() -> None:
    assert to_delete([UNANNOTATED, GONE], {}) == [f"serviceaccount {SUBJECT}"]
