# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM roles and OIDC providers, as read from AWS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..identity.keys import DEFAULT_MAX_SESSION
from ..policy.equality import Document


class RoleUse(NamedTuple):
    """When a role was last used (RFC 3339) and in which region.

    Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html
    """

    at: str
    region: str


@dataclass(frozen=True)
class SeenRole:
    """A role and its policies: `attached` maps the ARNs of managed policies to names, `inline` are names."""

    role: Role
    attached: Mapping[str, str] = field(default_factory=dict)
    inline: tuple[str, ...] = ()

    @property
    def policy_names(self) -> tuple[str, ...]:
        """The names of all policies: managed, then inline."""
        return (*self.attached.values(), *self.inline)


@dataclass(frozen=True)
class Provider:
    """An IAM OIDC provider; `audiences` is its ClientIDList.

    `created` (RFC 3339) distinguishes it from a provider of the same ARN that was created later.
    """

    arn: str
    audiences: tuple[str, ...]
    tags: Mapping[str, str] = field(default_factory=dict)
    created: str = field(default="", compare=False)


@dataclass(frozen=True)
class Role:
    """A role as in IAM's GetRole; `max_session_duration` is in seconds.

    `role_id` is IAM's unique ID, which a role of the same name that was created later does not share; "" for
    a role that does not exist yet. `source_template` is the ARN of its role template, or "". `created` is
    RFC 3339, "" if unknown.
    Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
    """

    name: str
    path: str
    arn: str
    trust: Document
    tags: Mapping[str, str] = field(default_factory=dict)
    permissions_boundary: str | None = None
    description: str | None = None
    max_session_duration: int = DEFAULT_MAX_SESSION
    source_template: str = ""
    role_id: str = ""
    created: str = field(default="", compare=False)


def retagged(tags: Mapping[str, str], written: Mapping[str, str]) -> dict[str, str]:
    """The tags after TagRole, which also replaces a tag whose key differs only in case.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
    """
    replaced = {key.casefold() for key in written}
    return {**{key: value for key, value in tags.items() if key.casefold() not in replaced}, **written}
