# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM's policies in memory, with the methods of the real adapter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from unit.fakes.account import InMemoryAccount, beyond, missing, size
from unit.fakes.roles import check_name
from unit.fakes.wire import Wire

from ansible_collections.iamsa.eks.plugins.module_utils.policy.equality import Document
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy


@dataclass
class InMemoryPolicies:
    wire: Wire
    account: InMemoryAccount

    def attached(self, role: str) -> dict[str, str]:
        check_name(role)
        return self.wire.send(
            "iam:ListAttachedRolePolicies", lambda: dict(self.account.attached.get(role, {}))
        )

    def inline_names(self, role: str) -> tuple[str, ...]:
        check_name(role)
        return self.wire.send("iam:ListRolePolicies", lambda: tuple(self.account.inline.get(role, {})))

    def inline(self, role: str, name: str) -> Document | None:
        return self.wire.send("iam:GetRolePolicy", lambda: self.account.inline.get(role, {}).get(name))

    def read(self, arn: str) -> ManagedPolicy | None:
        def look() -> ManagedPolicy | None:
            return ManagedPolicy(self.account.policies[arn], arn) if arn in self.account.policies else None

        return self.wire.send("iam:GetPolicy", look, about=arn)

    def own(self) -> tuple[ManagedPolicy, ...]:
        def look() -> tuple[ManagedPolicy, ...]:
            everything = [ManagedPolicy(name, arn) for arn, name in self.account.policies.items()]
            return tuple(policy for policy in everything if ":iam::aws:" not in policy.arn)

        return self.wire.send("iam:ListPolicies", look)

    def attach(self, role: str, policy_arn: str) -> None:
        def add() -> None:
            self.account.require(role)
            there = self.account.attached[role]
            if policy_arn not in self.account.policies:
                raise missing(policy_arn)
            if len({*there, policy_arn}) > (self.account.quotas_kept.attachments or 0):
                raise beyond("Cannot exceed quota for PoliciesPerRole")
            there[policy_arn] = self.account.policies[policy_arn]

        self._write("AttachRolePolicy", add)

    def detach(self, role: str, policy_arn: str) -> None:
        def take() -> None:
            if self.account.attached.get(role, {}).pop(policy_arn, None) is None:
                raise missing(policy_arn)

        self._write("DetachRolePolicy", take)

    def put_inline(self, role: str, name: str, document: Document) -> None:
        def put() -> None:
            self.account.require(role)
            sizes = [size(one) for other, one in self.account.inline[role].items() if other != name]
            if sum(sizes) + size(document) > (self.account.quotas_kept.inline or 0):
                raise beyond(f"Maximum policy size of 10240 bytes exceeded for role {role}")
            self.account.inline[role][name] = document

        self._write("PutRolePolicy", put)

    def delete_inline(self, role: str, name: str) -> None:
        def take() -> None:
            if self.account.inline.get(role, {}).pop(name, None) is None:
                raise missing(name)

        self._write("DeleteRolePolicy", take)

    def _write(self, action: str, work: Callable[[], Any]) -> Any:
        return self.wire.send(f"iam:{action}", work, write=True)
