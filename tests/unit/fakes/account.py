# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an AWS account holds of IAM, in memory."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field, replace
from typing import Any

from unit.fakes.examples import undated

from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.call import EXISTS, MISSING
from ansible_collections.iamsa.eks.plugins.module_utils.errors import RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role, RoleUse
from ansible_collections.iamsa.eks.plugins.module_utils.policy.attached_by_us import is_entry
from ansible_collections.iamsa.eks.plugins.module_utils.policy.equality import Document
from ansible_collections.iamsa.eks.plugins.module_utils.policy.limits import Quotas
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy

QUOTAS = Quotas(attachments=10, trust=2048, inline=10_240)


@dataclass
class InMemoryAccount:
    """`policies` maps the ARNs of managed policies to their names, and `providers` ARNs to audiences.

    `quotas_kept` are the account's, and `quotas_read` what of them is shown. `allowed` is what every role may
    do, on anything.
    """

    roles: dict[str, Role] = field(default_factory=dict)
    attached: dict[str, dict[str, str]] = field(default_factory=dict)
    inline: dict[str, dict[str, Document]] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
    providers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    provider_tags: dict[str, dict[str, str]] = field(default_factory=dict)
    provider_made: int = 0
    quotas_read: Quotas | None = QUOTAS
    quotas_kept: Quotas = QUOTAS
    made: int = 0
    uses: dict[str, RoleUse] = field(default_factory=dict)
    profiles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    page_size: int = 1000
    allowed: set[str] = field(default_factory=set)

    def add(self, *policies: ManagedPolicy) -> None:
        self.policies.update({policy.arn: policy.name for policy in policies})

    def put(self, role: Role, *policies: ManagedPolicy, **inline: Document) -> None:
        """Have a role with these policies, as if it had always been there."""
        self.roles[role.name] = role
        self.add(*policies)
        self.attached[role.name] = {policy.arn: policy.name for policy in policies}
        self.inline[role.name] = dict(inline)

    def state(self) -> Any:
        """All that is there, to compare with later."""
        roles = {name: undated(role) for name, role in self.roles.items()}
        return copy.deepcopy((roles, self.attached, self.inline, self.providers))

    def age_record(self) -> None:
        """As if all that is recorded had been written long ago."""
        for name, role in self.roles.items():
            old = {key: "2020-01-01T00:00:00Z" for key in role.tags if is_entry(key)}
            self.roles[name] = replace(role, tags={**role.tags, **old})

    def require(self, role: str) -> Role:
        if role not in self.roles:
            raise missing(f"role {role}")
        return self.roles[role]


def missing(what: str) -> RemoteError:
    return RemoteError(f"{what} cannot be found", code=MISSING)


def exists(what: str) -> RemoteError:
    return RemoteError(f"{what} already exists", code=EXISTS)


def beyond(message: str) -> RemoteError:
    return RemoteError(message, code="LimitExceeded")


def size(document: Document) -> int:
    """As IAM counts, if it counts white space in strings: the program has to cope with both."""
    return len(json.dumps(document, separators=(",", ":"), ensure_ascii=False))
