# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles that AWS manages itself: iamsa never adopts, changes or deletes them, whatever their tags say."""

from __future__ import annotations

from ..model.role import Role

# Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html and
# https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
_PATHS = {
    "/aws-service-role/": "is a service-linked role, which only its AWS service can change",
    "/aws-reserved/": "is under the path /aws-reserved/, which is reserved for AWS",
}


def protection(role: Role) -> str:
    """Why AWS manages the role, as the predicate of a sentence; "" if it does not."""
    found = next((words for path, words in _PATHS.items() if role.path.startswith(path)), "")
    if not found and role.source_template:
        return f"was created from the role template {role.source_template}, which an AWS service manages"
    return found
