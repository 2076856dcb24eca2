# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which role a ServiceAccount's pods would ask for, and as whom."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.fakes.examples import ROLE_ARN, service_account

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.irsa.effects import session_name
from ansible_collections.iamsa.eks.plugins.module_utils.bindings.irsa.refusals import role_to_assume
from ansible_collections.iamsa.eks.plugins.module_utils.errors import quoted
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Reason


@pytest.mark.parametrize(
    "named",
    [
        ROLE_ARN,
        "arn:aws:iam::999999999999:role/theirs",
        "arn:aws-cn:iam::123456789012:role/team/a/app",
        "arn:aws-us-gov:iam::123456789012:role/a+b=c,d.e@f_g-h",
    ],
)
def test_a_role_of_any_account_can_be_assumed(named: str) -> None:
    assert str(role_to_assume(service_account({ANNOTATION_ROLE_ARN: named}))) == named


@pytest.mark.parametrize(
    "named",
    [
        "app",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:role",
        "arn:aws:iam::123456789012:user/app",
        "arn:aws:sts::123456789012:assumed-role/app/x",
        "arn:aws:iam:eu-west-1:123456789012:role/app",
        "arn:aws:iam::12345:role/app",
        "arn:aws:iam::aws:role/app",
        "arn:aws:iam:::role/app",
        f" {ROLE_ARN}",
        f"{ROLE_ARN}\n",
    ],
)
def test_what_is_no_role_s_arn_never_becomes_one(named: str) -> None:
    reason = role_to_assume(service_account({ANNOTATION_ROLE_ARN: named}))
    assert isinstance(reason, Reason)
    assert (reason.cause, reason.lasts) == ("malformedArn", True)
    assert quoted(named) in reason.words


@pytest.mark.parametrize(
    ("there", "cause"),
    [
        (None, "serviceAccountMissing"),
        (service_account({}), "notAnnotated"),
        (service_account({ANNOTATION_ROLE_ARN: ""}), "notAnnotated"),
    ],
)
def test_without_a_role_there_is_nothing_to_assume_however_long_one_waits(there: object, cause: str) -> None:
    reason = role_to_assume(there)  # type: ignore[arg-type]
    assert isinstance(reason, Reason)
    assert (reason.cause, reason.lasts) == (cause, True)


names = st.from_regex(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?", fullmatch=True)


@given(names, names)
def test_the_session_is_named_as_sts_takes_it(namespace: str, name: str) -> None:
    session = session_name(Subject(namespace[:63], name))
    assert re.fullmatch(r"[\w+=,.@-]{2,64}", session, re.ASCII)
    assert session.startswith("iamsa-verify-")
