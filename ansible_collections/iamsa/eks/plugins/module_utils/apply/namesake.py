# SPDX-License-Identifier: GPL-3.0-or-later

"""A role whose name differs only in case, which GetRole does not find and CreateRole refuses.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html (RoleName)
"""

from __future__ import annotations

from ..aws.iam.client import Iam
from ..errors import Denied


def namesake(iam: Iam, name: str) -> str:
    """Return the name of such a role, "" if there is none or the roles of the account may not be read."""
    if iam.roles.read(name):
        return ""
    try:
        names = (seen.role.name for page in iam.roles.pages() for seen in page)
        return next((one for one in names if one != name and one.lower() == name.lower()), "")
    except Denied:
        return ""
