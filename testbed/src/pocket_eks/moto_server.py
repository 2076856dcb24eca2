"""Run moto's server on 127.0.0.1, with changes to behave like IAM.

`python -m pocket_eks.moto_server PORT`. The gate checks names, tags, sizes and documents before moto sees
them, and accepts some that moto refuses. Recorded by LocalStack against AWS (tests/aws/services/iam,
2026-02): what UpdateRole does not change, the order of lists, and calls that get NoSuchEntity.
"""

from __future__ import annotations

import sys
from typing import Any

from moto.core.responses import EmptyResult
from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend
from moto.iam.policy_validation import IAMPolicyDocumentValidator, IAMTrustPolicyDocumentValidator
from moto.iam.responses import IamResponse
from moto.server import main as serve

from pocket_eks.ports import HOST

Tags = list[dict[str, str]]


def update_role(self: Any) -> Any:
    """UpdateRole changes only what it is given."""
    role = self.backend.get_role(self._get_param("RoleName"))
    description = self._get_param("Description", role.description)
    seconds = self._get_param("MaxSessionDuration", role.max_session_duration)
    self.backend.update_role(role.name, description, seconds)
    return EmptyResult()


def profiles_for_role(self: Any, role_name: str) -> Any:
    """The instance profiles of a role that exists."""
    self.get_role(role_name)
    return original_profiles_for_role(self, role_name)


def list_roles(
    self: Any, path_prefix: str = "/", marker: str = "0", max_items: int = 100
) -> tuple[list[Any], str | None]:
    """Roles are listed by name."""
    roles = [role for role in self.roles.values() if role.path.startswith(path_prefix or "/")]
    return page(sorted(roles, key=lambda role: role.name), marker, max_items)


def list_role_tags(
    self: Any, role_name: str, marker: str | None, max_items: int = 100
) -> tuple[list[Any], str | None]:
    """A role's tags are listed as they were added."""
    return page(self.get_role(role_name).tags, marker, max_items)


def list_policy_tags(
    self: Any, policy_arn: str, marker: str | None, max_items: int = 100
) -> tuple[list[Any], str | None]:
    """A policy's tags are listed by key, shorter keys first."""
    tags = self.get_policy(policy_arn).tags.values()
    return page(sorted(tags, key=lambda tag: (len(tag["Key"]), tag["Key"])), marker, max_items)


def list_policy_versions(self: Any, policy_arn: str) -> Any:
    """The newest version comes first."""
    return [*reversed(original_policy_versions(self, policy_arn))]


def page(items: list[Any], marker: str | None, max_items: int) -> tuple[list[Any], str | None]:
    """One page of a list, and the marker of the next."""
    start = int(marker or 0)
    end = start + int(max_items)
    return items[start:end], str(end) if end < len(items) else None


def tag_role(self: Any, role_name: str, tags: Tags) -> None:
    """A tag that the role has keeps its place; keys do not differ by case."""
    role = self.get_role(role_name)
    kept = {tag["Key"].lower(): tag for tag in role.tags}
    role.tags = [*(kept | {tag["Key"].lower(): tag for tag in tags}).values()]


def untag_policy(self: Any, policy_arn: str, tag_keys: list[str]) -> None:
    """Keys of a policy's tags differ by case."""
    for key in tag_keys:
        self.get_policy(policy_arn).tags.pop(key, None)


def untag_provider(self: Any, arn: str, tag_keys: list[str]) -> None:
    """Keys of a provider's tags differ by case."""
    for key in tag_keys:
        self.get_open_id_connect_provider(arn).tags.pop(key, None)


def delete_provider(self: Any, arn: str) -> None:
    """A provider that does not exist cannot be deleted."""
    if self.open_id_providers.pop(arn, None) is None:
        raise NotFoundException(f"OpenId connect Provider {arn} cannot be found.")


def by_key(_: Any, tags: Tags) -> dict[str, dict[str, str]]:
    """Return the tags, which the gate has checked, by key."""
    return {tag["Key"]: tag for tag in tags}


def accept(_: Any) -> None:
    """Accept a document that the gate has checked."""


original_profiles_for_role = IAMBackend.get_instance_profiles_for_role
original_policy_versions = IAMBackend.list_policy_versions
CHANGED = {
    "_tag_verification": by_key,
    "delete_open_id_connect_provider": delete_provider,
    "get_instance_profiles_for_role": profiles_for_role,
    "list_policy_tags": list_policy_tags,
    "list_policy_versions": list_policy_versions,
    "list_role_tags": list_role_tags,
    "list_roles": list_roles,
    "tag_role": tag_role,
    "untag_open_id_connect_provider": untag_provider,
    "untag_policy": untag_policy,
}


DOCUMENTS = tuple(
    (kind, "validate", accept) for kind in (IAMPolicyDocumentValidator, IAMTrustPolicyDocumentValidator)
)


def main() -> None:
    """Serve for ever."""
    for name, function in CHANGED.items():
        setattr(IAMBackend, name, function)
    for kind, method, function in ((IamResponse, "update_role", update_role), *DOCUMENTS):
        setattr(kind, method, function)
    serve(["-H", HOST, "-p", sys.argv[1]])


if __name__ == "__main__":
    main()
