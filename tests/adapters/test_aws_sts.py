# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose the credentials are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.stub import Stubber

from ansible_collections.iamsa.eks.plugins.module_utils.aws.session import AwsSession
from ansible_collections.iamsa.eks.plugins.module_utils.aws.sts import Sts
from ansible_collections.iamsa.eks.plugins.module_utils.errors import RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.identity.account import RoleHome


@pytest.fixture
def stub(aws_session: AwsSession) -> Iterator[Stubber]:
    with Stubber(aws_session.sts) as stub:
        yield stub
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("arn", "home"),
    [
        ("arn:aws:iam::123456789012:user/me", RoleHome("aws", "123456789012")),
        ("arn:aws:iam::123456789012:root", RoleHome("aws", "123456789012")),
        ("arn:aws-cn:sts::123456789012:assumed-role/ops/me", RoleHome("aws-cn", "123456789012")),
    ],
)
def test_the_caller_s_arn_tells_partition_and_account(
    aws_session: AwsSession, stub: Stubber, arn: str, home: RoleHome
) -> None:
    stub.add_response("get_caller_identity", {"Arn": arn}, {})
    assert Sts(aws_session).home() == home


def test_credentials_that_aws_does_not_take_are_told_as_such(aws_session: AwsSession, stub: Stubber) -> None:
    stub.add_client_error("get_caller_identity", "InvalidClientTokenId", "no such key", 403)
    with pytest.raises(RemoteError, match="rejected the credentials"):
        Sts(aws_session).home()
