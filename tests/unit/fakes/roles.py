# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM's roles in memory, with the methods of the real adapter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from unit.fakes.account import InMemoryAccount, beyond, exists, size
from unit.fakes.wire import Wire

from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.call import DELETE_CONFLICT
from ansible_collections.iamsa.eks.plugins.module_utils.errors import RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role, RoleUse, SeenRole, retagged
from ansible_collections.iamsa.eks.plugins.module_utils.policy.equality import Document
from ansible_collections.iamsa.eks.plugins.module_utils.policy.limits import Quotas


@dataclass
class InMemoryRoles:
    wire: Wire
    account: InMemoryAccount

    def read(self, name: str) -> Role | None:
        check_name(name)
        return self.wire.send("iam:GetRole", lambda: self.account.roles.get(name), about=name)

    def read_with_use(self, name: str) -> tuple[Role, RoleUse | None] | None:
        check_name(name)

        def look() -> tuple[Role, RoleUse | None] | None:
            return (
                (self.account.roles[name], self.account.uses.get(name))
                if name in self.account.roles
                else None
            )

        return self.wire.send("iam:GetRole", look, about=name)

    def count(self) -> int | None:
        return self.wire.send("iam:GetAccountSummary", lambda: len(self.account.roles))

    def pages(self) -> Iterator[tuple[SeenRole, ...]]:
        """Pages of `page_size` roles, by name."""
        names = sorted(self.account.roles)
        for start in range(0, len(names) or 1, self.account.page_size):
            page = tuple(map(self._seen, names[start : start + self.account.page_size]))
            yield self.wire.send("iam:GetAccountAuthorizationDetails", lambda page=page: page)

    def _seen(self, name: str) -> SeenRole:
        return SeenRole(
            self.account.roles[name],
            self.account.attached.get(name, {}),
            tuple(self.account.inline.get(name, {})),
        )

    def instance_profiles(self, role: str) -> tuple[str, ...]:
        check_name(role)
        return self.wire.send("iam:ListInstanceProfilesForRole", lambda: self.account.profiles.get(role, ()))

    def quotas(self) -> Quotas | None:
        return self.wire.send("iam:GetAccountSummary", lambda: self.account.quotas_read)

    def create(self, role: Role) -> Role:
        def make() -> Role:
            if role.name.lower() in {name.lower() for name in self.account.roles}:
                raise exists(f"role {role.name}")
            provider = role.trust["Statement"][-1]["Principal"].get("Federated")
            if provider and provider not in self.account.providers:
                raise RemoteError("Invalid principal in policy", code="MalformedPolicyDocument")
            self.account.made += 1
            made = replace(role, description=role.description or None, role_id=f"AROA{self.account.made}")
            self.account.put(made)
            return made

        made: Role = self._write("CreateRole", make)
        return made

    def delete(self, role: str) -> None:
        def take() -> None:
            self.account.require(role)
            if self.account.attached[role] or self.account.inline[role] or self.account.profiles.get(role):
                raise RemoteError("Cannot delete entity", code=DELETE_CONFLICT)
            del self.account.roles[role], self.account.attached[role], self.account.inline[role]

        self._write("DeleteRole", take)

    def set_trust(self, role: str, document: Document) -> None:
        def trusting(there: Role) -> Role:
            if size(document) > (self.account.quotas_kept.trust or 0):
                raise beyond("Cannot exceed quota for ACLSizePerRole")
            return replace(there, trust=document)

        self._change("UpdateAssumeRolePolicy", role, trusting)

    def set_boundary(self, role: str, arn: str) -> None:
        self._change(
            "PutRolePermissionsBoundary", role, lambda there: replace(there, permissions_boundary=arn)
        )

    def remove_boundary(self, role: str) -> None:
        self._change(
            "DeleteRolePermissionsBoundary", role, lambda there: replace(there, permissions_boundary=None)
        )

    def set_settings(self, role: str, description: str | None, max_session_duration: int) -> None:
        self._change(
            "UpdateRole",
            role,
            lambda there: replace(
                there, description=description or None, max_session_duration=max_session_duration
            ),
        )

    def set_tags(self, role: str, tags: Mapping[str, str]) -> None:
        def tagged(there: Role) -> Role:
            then = retagged(there.tags, tags)
            if len([key for key in then if not key.startswith("aws:")]) > 50:
                raise beyond("The number of tags has reached the maximum limit.")
            return replace(there, tags=then)

        self._change("TagRole", role, tagged)

    def remove_tags(self, role: str, keys: list[str]) -> None:
        def without(there: Role) -> Role:
            return replace(there, tags={key: there.tags[key] for key in there.tags if key not in keys})

        self._change("UntagRole", role, without)

    def _change(self, action: str, role: str, change: Callable[[Role], Role]) -> None:
        def work() -> None:
            self.account.roles[role] = change(self.account.require(role))

        self._write(action, work)

    def _write(self, action: str, work: Callable[[], Any]) -> Any:
        return self.wire.send(f"iam:{action}", work, write=True)


def check_name(name: str) -> None:
    """Raises what IAM answers to a role's name that cannot be one."""
    if not re.fullmatch(r"[\w+=,.@-]{1,64}", name, re.ASCII):
        raise RemoteError("1 validation error detected: Value at 'roleName' failed", code="ValidationError")
