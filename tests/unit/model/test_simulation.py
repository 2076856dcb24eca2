# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the policy simulator can be asked, and its answers in words."""

from __future__ import annotations

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue
from ansible_collections.iamsa.eks.plugins.module_utils.model.simulation import (
    Permission,
    Question,
)
from ansible_collections.iamsa.eks.plugins.module_utils.request.question import check_question

GET = "s3:GetObject"


@pytest.mark.parametrize(
    ("actions", "resources", "question"),
    [
        ([], [], Question()),
        ([GET], [], Question((GET,), ("*",))),
        ([GET, GET, "sqs:SendMessage"], [], Question((GET, "sqs:SendMessage"), ("*",))),
        (
            [GET],
            ["arn:aws:s3:::shop/*", "arn:aws:s3:::shop/*", "*"],
            Question((GET,), ("arn:aws:s3:::shop/*", "*")),
        ),
        (["execute-api:Invoke"], ["arn:aws-cn:sqs:cn-north-1:123456789012:q"], None),
    ],
)
def test_what_can_be_asked(actions: list[str], resources: list[str], question: Question | None) -> None:
    asked = check_question(actions, resources)
    assert asked == (question or Question(tuple(actions), tuple(resources)))


@pytest.mark.parametrize("action", ["", "s3", "s3:", "s3:*", "*", "S3:GetObject", "s3:Get Object", "s3:a\n"])
def test_what_is_no_action(action: str) -> None:
    with pytest.raises(InvalidValue, match=r"^invalid value .* for <can>: "):
        check_question([action], [])


@pytest.mark.parametrize("resource", ["", "bucket", "arn:aws:s3", "arn:aws:s3:::", "arn:aws:s3:::a b", "**"])
def test_what_is_no_resource(resource: str) -> None:
    with pytest.raises(InvalidValue, match=r"^invalid value .* for <on>: "):
        check_question([GET], [resource])


@pytest.mark.parametrize(
    ("permission", "words"),
    [
        (Permission(GET, "*", "allowed"), "allowed"),
        (Permission(GET, "*", "implicitDeny"), "denied, no policy allows it"),
        (Permission(GET, "*", "explicitDeny"), "denied, a statement denies it"),
        (
            Permission(GET, "*", "implicitDeny", "boundary"),
            "denied, the permissions boundary does not allow it",
        ),
        (
            Permission(GET, "*", "explicitDeny", "organization"),
            "denied, a policy of the organization does not allow it",
        ),
        (
            Permission(GET, "*", "implicitDeny", missing_context=("aws:SourceVpc", "aws:username")),
            "denied, no policy allows it (no value known for aws:SourceVpc, aws:username)",
        ),
    ],
)
def test_an_answer_in_words(permission: Permission, words: str) -> None:
    assert permission.words == words
    assert permission.is_allowed == (words == "allowed")
