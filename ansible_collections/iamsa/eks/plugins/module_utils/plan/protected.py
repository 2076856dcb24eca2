# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles that AWS keeps for itself: they are never adopted, changed or deleted, whatever their tags say."""

from __future__ import annotations

from ..model.role import Role

# Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html and
# https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
_PATHS = {
    "/aws-service-role/": "is a service-linked role, which only its AWS service may change",
    "/aws-reserved/": "lies under the path /aws-reserved/, where AWS keeps roles of its own",
}


def protection(role: Role) -> str:
    """How AWS keeps the role for itself, in words; "" where it does not."""
    found = next((words for path, words in _PATHS.items() if role.path.startswith(path)), "")
    if not found and role.source_template:
        return f"is made from the role template {role.source_template}, which an AWS service manages"
    return found
