# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM's roles and OIDC providers, as they were read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..identity.keys import DEFAULT_MAX_SESSION
from ..policy.equality import Document


class RoleUse(NamedTuple):
    """When a role was last used, in RFC 3339, and from which region.

    Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html
    """

    at: str
    region: str


@dataclass(frozen=True)
class SeenRole:
    """A role and what hangs on it: `attached` maps ARN to name, `inline` are names."""

    role: Role
    attached: Mapping[str, str] = field(default_factory=dict)
    inline: tuple[str, ...] = ()

    @property
    def policy_names(self) -> tuple[str, ...]:
        """Managed, then inline."""
        return (*self.attached.values(), *self.inline)


@dataclass(frozen=True)
class Provider:
    """An IAM OIDC provider: its ARN, its ClientIDList, its tags, and when it was made, by which one that is
    deleted and made again is told from it."""

    arn: str
    audiences: tuple[str, ...]
    tags: Mapping[str, str] = field(default_factory=dict)
    created: str = field(default="", compare=False)


@dataclass(frozen=True)
class Role:
    """A role as IAM's GetRole shows it; the session length in seconds.

    `role_id` is IAM's own: a role that is deleted and made again has another one. "" before it is made.
    `source_template` is the ARN of the role template that it was made from, "" where there is none.
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


def retagged(tags: Mapping[str, str], written: Mapping[str, str]) -> dict[str, str]:
    """The tags after TagRole, which replaces a tag also where its key differs in case.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
    """
    replaced = {key.casefold() for key in written}
    return {**{key: value for key, value in tags.items() if key.casefold() not in replaced}, **written}
