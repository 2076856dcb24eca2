# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""STS in memory, with the methods of the real adapter."""

from __future__ import annotations

from dataclasses import dataclass, field

from unit.fakes.wire import Wire

from ansible_collections.iamsa.eks.plugins.module_utils.identity.arn import Arn
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Refusal, Token


@dataclass
class InMemorySts:
    """`refusals` are what it answers next, before it lets every token in; `tokens` are those it was shown."""

    wire: Wire
    refusals: list[Refusal] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    def assume(self, role_arn: str, token: Token, session_name: str) -> str | Refusal:
        def judge() -> str | Refusal:
            self.tokens.append(token.value)
            if self.refusals:
                return self.refusals.pop(0)
            arn = Arn.parse(role_arn)
            assert arn
            return f"arn:{arn.partition}:sts::{arn.account}:assumed-role/{arn.name}/{session_name}"

        return self.wire.send("sts:AssumeRoleWithWebIdentity", judge, about=role_arn)
