# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many roles at once, and what GetRole tells beyond the role itself.

Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html and
https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ...errors import Denied
from ...model.role import Role
from ..call import translated
from .reader import PAGE, IamReader, none_if_missing, role_of

if TYPE_CHECKING:
    from ...model.role import RoleUse, SeenRole


class AccountReader(IamReader):
    """For any number of threads. Every method raises Denied or RemoteError."""

    def role_count(self) -> int | None:
        """How many roles the account has; None where that may not be read."""
        try:
            with translated("iam:GetAccountSummary"):
                return self._session.iam.get_account_summary()["SummaryMap"].get("Roles")
        except Denied:
            return None

    def pages_of_roles(self) -> Iterator[tuple[SeenRole, ...]]:
        """All roles of the account with their policies, one call a page; read no further than needed.

        Their description and session length are not told by this call.
        """
        with translated("iam:GetAccountAuthorizationDetails"):
            pages = self._session.iam.get_paginator("get_account_authorization_details").paginate(
                Filter=["Role"], PaginationConfig={"PageSize": PAGE}
            )
            for page in pages:
                yield tuple(map(_seen, page["RoleDetailList"]))

    def role_and_use(self, name: str) -> tuple[Role, RoleUse | None] | None:
        """A role, and when it was last used: None where never in the time that AWS tracks."""
        with none_if_missing() as found, translated("iam:GetRole", f"role {name}"):
            found.append(self._session.iam.get_role(RoleName=name)["Role"])
        return (role_of(found[0]), _use(found[0].get("RoleLastUsed", {}))) if found else None


def _seen(detail: Any) -> SeenRole:
    from ...model.role import SeenRole  # noqa: PLC0415

    return SeenRole(
        role=role_of(detail),
        attached={
            policy["PolicyArn"]: policy["PolicyName"] for policy in detail.get("AttachedManagedPolicies", ())
        },
        inline=tuple(policy["PolicyName"] for policy in detail.get("RolePolicyList", ())),
    )


def _use(last: Any) -> RoleUse | None:
    from ...model.role import RoleUse  # noqa: PLC0415

    at = last.get("LastUsedDate")
    return RoleUse(at.isoformat(timespec="seconds"), last.get("Region", "")) if at else None
