# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM in memory, composed as the real adapter is."""

from __future__ import annotations

from dataclasses import dataclass

from unit.fakes.account import InMemoryAccount
from unit.fakes.policies import InMemoryPolicies
from unit.fakes.providers import InMemoryProviders
from unit.fakes.roles import InMemoryRoles
from unit.fakes.wire import Wire

from ansible_collections.iamsa.eks.plugins.module_utils.model.simulation import Permission, Question


class InMemoryIam:
    def __init__(self, wire: Wire, account: InMemoryAccount) -> None:
        self.wire, self.account = wire, account
        self.roles = InMemoryRoles(wire, account)
        self.policies = InMemoryPolicies(wire, account)
        self.providers = InMemoryProviders(wire, account)
        self.simulator = InMemorySimulator(wire, account)


@dataclass
class InMemorySimulator:
    wire: Wire
    account: InMemoryAccount

    def simulate(self, role_arn: str, question: Question) -> tuple[Permission, ...]:
        pairs = [(action, on) for action in question.actions for on in question.resources]
        return self.wire.send(
            "iam:SimulatePrincipalPolicy",
            lambda: tuple(
                Permission(action, on, "allowed" if action in self.account.allowed else "implicitDeny")
                for action, on in pairs
            ),
            about=role_arn,
        )
