# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a proof comes to, and what is said of it."""

from __future__ import annotations

import pytest
from unit.fakes.examples import AUDIENCE, CLUSTER, ROLE_ARN, SUBJECT

from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import USUAL_KIND
from ansible_collections.iamsa.eks.plugins.module_utils.model.simulation import Permission
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import (
    Reason,
    Token,
    Verification,
    error_of,
)

ASSUMED = "arn:aws:sts::123456789012:assumed-role/app/x"
REASON = Reason("notTrusted", "the role's trust policy does not allow it to assume the role", "AccessDenied")
LACKS = Permission("s3:GetObject", "*", "implicitDeny")
HAS = Permission("s3:GetObject", "*", "allowed")
OBSTACLE = RemoteError("STS does not answer", code="Timeout")


def found(**more: object) -> Verification:
    return Verification(CLUSTER, SUBJECT, ROLE_ARN, AUDIENCE, USUAL_KIND, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "verdict"),
    [
        (found(assumed=ASSUMED), "yes"),
        (found(assumed=ASSUMED, permissions=(HAS,)), "yes"),
        (found(assumed=ASSUMED, permissions=(HAS, LACKS)), "no"),
        (found(reason=REASON), "no"),
        (found(obstacle=OBSTACLE), "unknown"),
        (found(assumed=ASSUMED, obstacle=OBSTACLE), "unknown"),
    ],
)
def test_the_verdict(one: Verification, verdict: str) -> None:
    assert one.verdict == verdict


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (
            found(reason=REASON),
            f"serviceaccount web/my-sa cannot assume {ROLE_ARN}: the role's trust policy does not allow it to"
            " assume the role (AccessDenied); look",
        ),
        (
            found(reason=Reason("serviceAccountMissing", "it does not exist")),
            "serviceaccount web/my-sa does not exist; look",
        ),
        (
            found(
                reason=Reason("malformedArn", "its annotation names 'x', which is not the ARN of an IAM role")
            ),
            "serviceaccount web/my-sa cannot assume a role: its annotation names 'x', which is not"
            " the ARN of an IAM role; look",
        ),
        (
            found(assumed=ASSUMED, permissions=(HAS, LACKS)),
            "serviceaccount web/my-sa can assume its role, but the role lacks s3:GetObject on *; look",
        ),
        (found(obstacle=OBSTACLE), str(OBSTACLE)),
    ],
)
def test_who_needed_it_is_told_in_one_sentence(one: Verification, sentence: str) -> None:
    error = error_of(one, "look")
    assert isinstance(error, IamsaError)
    assert str(error) == sentence


def test_a_token_is_shown_nowhere() -> None:
    assert "secret" not in f"{Token('secret')!r} {Token('secret')} {[Token('secret')]}"
