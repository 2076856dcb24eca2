"""Roles as a test makes them in passing."""

from __future__ import annotations

import json
from typing import Any

from gate.bench import PERMISSIONS, trust


def create(iam: Any, name: str, **more: Any) -> Any:
    document = more.pop("AssumeRolePolicyDocument", trust())
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=document, **more)["Role"]


def is_there(iam: Any, name: str) -> bool:
    try:
        return bool(iam.get_role(RoleName=name))
    except iam.exceptions.NoSuchEntityException:
        return False


def put(iam: Any, role: str, policy: str) -> None:
    iam.put_role_policy(RoleName=role, PolicyName=policy, PolicyDocument=json.dumps(PERMISSIONS))
