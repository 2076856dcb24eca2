# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""STS: whose the credentials are.

Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html, which needs no grant.
"""

from __future__ import annotations

from ..errors import RemoteError
from ..model.identity import Arn, RoleHome
from .calls import translated
from .session import AwsSession


class Sts:
    """For any number of threads."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def home(self) -> RoleHome:
        """Partition and account of the credentials.

        Raises:
            RemoteError: AWS does not take the credentials, or did not answer.
        """
        with translated("sts:GetCallerIdentity"):
            told = self._session.sts.get_caller_identity()["Arn"]
        arn = Arn.parse(told)
        if arn is None:
            raise RemoteError(f"STS sent a caller's ARN that is none: {told!r}")
        return RoleHome(arn.partition, arn.account)
