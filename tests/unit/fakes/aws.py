# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM and EKS in memory, with the methods of the real adapters."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from unit.fakes.examples import CLUSTER, ISSUER, SUBJECT, undated
from unit.fakes.providers import InMemoryProviders, exists, missing
from unit.fakes.wire import Wire

from ansible_collections.iamsa.eks.plugins.module_utils.aws.eks import EksCluster
from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.client import DELETE_CONFLICT
from ansible_collections.iamsa.eks.plugins.module_utils.errors import RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model.association import Association, AssociationPage
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role, RoleUse, SeenRole
from ansible_collections.iamsa.eks.plugins.module_utils.model.simulation import Permission, Question
from ansible_collections.iamsa.eks.plugins.module_utils.plan.forecast import retagged
from ansible_collections.iamsa.eks.plugins.module_utils.policy.attached_by_us import is_entry
from ansible_collections.iamsa.eks.plugins.module_utils.policy.equality import Document
from ansible_collections.iamsa.eks.plugins.module_utils.policy.limits import Quotas
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy

CA_PEM = b"-----BEGIN CERTIFICATE-----\nY2E=\n-----END CERTIFICATE-----\n"
CA_DER = b"ca"
LIST_ASSOCIATIONS = "eks:ListPodIdentityAssociations"
DESCRIBE_ASSOCIATION = "eks:DescribePodIdentityAssociation"


QUOTAS = Quotas(attachments=10, trust=2048, inline=10_240)


def beyond(message: str) -> RemoteError:
    return RemoteError(message, code="LimitExceeded")


def size(document: Document) -> int:
    """As IAM counts, if it counts white space in strings: the program has to cope with both."""
    return len(json.dumps(document, separators=(",", ":"), ensure_ascii=False))


def _check_name(name: str) -> None:
    """Raises what IAM answers to a role's name that cannot be one."""
    if not re.fullmatch(r"[\w+=,.@-]{1,64}", name, re.ASCII):
        raise RemoteError("1 validation error detected: Value at 'roleName' failed", code="ValidationError")


@dataclass
class InMemoryEks:
    wire: Wire
    cluster: EksCluster = field(
        default_factory=lambda: EksCluster(str(CLUSTER.arn), "https://demo.example", CA_PEM, ISSUER)
    )

    associated: dict[Subject, Association] = field(default_factory=dict)
    page_size: int = 100

    def describe(self, name: str) -> EksCluster:
        return self.wire.send("eks:DescribeCluster", lambda: self.cluster, about=name)

    def associate(self, role_arn: str, subject: Subject = SUBJECT, target_arn: str = "") -> Association:
        """Have an association that gives the ServiceAccount's pods this role."""
        made = Association(f"a-{len(self.associated):017}", role_arn, subject=subject, target_arn=target_arn)
        self.associated[subject] = made
        return made

    def associations(
        self,
        cluster: str,  # noqa: ARG002
        *,
        namespace: str = "",
        service_account: str = "",
        token: str = "",
    ) -> AssociationPage:
        def look() -> AssociationPage:
            found = [
                replace(one, role_arn="", target_arn="")
                for subject, one in self.associated.items()
                if namespace in ("", subject.namespace) and service_account in ("", subject.name)
            ]
            start = int(token or 0)
            end = start + self.page_size
            return AssociationPage(tuple(found[start:end]), str(end) if end < len(found) else "")

        return self.wire.send(LIST_ASSOCIATIONS, look, about=f"{namespace}/{service_account}")

    def with_role(self, cluster: str, association: Association) -> Association | None:  # noqa: ARG002
        def look() -> Association | None:
            return next((one for one in self.associated.values() if one.id == association.id), None)

        return self.wire.send(DESCRIBE_ASSOCIATION, look, about=association.id)


@dataclass
class InMemoryIam(InMemoryProviders):
    """`policies` maps the ARNs of managed policies to their names.

    `quotas_kept` are the account's, and `quotas_read` what of them is shown.
    """

    roles: dict[str, Role] = field(default_factory=dict)
    attached: dict[str, dict[str, str]] = field(default_factory=dict)
    inline: dict[str, dict[str, Document]] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)
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

    # Reads.

    def role(self, name: str) -> Role | None:
        _check_name(name)
        return self.wire.send("iam:GetRole", lambda: self.roles.get(name), about=name)

    def attached_policies(self, role: str) -> dict[str, str]:
        _check_name(role)
        return self.wire.send("iam:ListAttachedRolePolicies", lambda: dict(self.attached.get(role, {})))

    def inline_policy_names(self, role: str) -> tuple[str, ...]:
        _check_name(role)
        return self.wire.send("iam:ListRolePolicies", lambda: tuple(self.inline.get(role, {})))

    def inline_policy(self, role: str, name: str) -> Document | None:
        return self.wire.send("iam:GetRolePolicy", lambda: self.inline.get(role, {}).get(name))

    def instance_profiles(self, role: str) -> tuple[str, ...]:
        _check_name(role)
        return self.wire.send("iam:ListInstanceProfilesForRole", lambda: self.profiles.get(role, ()))

    def policy(self, arn: str) -> ManagedPolicy | None:
        def look() -> ManagedPolicy | None:
            return ManagedPolicy(self.policies[arn], arn) if arn in self.policies else None

        return self.wire.send("iam:GetPolicy", look, about=arn)

    def own_policies(self) -> tuple[ManagedPolicy, ...]:
        def look() -> tuple[ManagedPolicy, ...]:
            everything = [ManagedPolicy(name, arn) for arn, name in self.policies.items()]
            return tuple(policy for policy in everything if ":iam::aws:" not in policy.arn)

        return self.wire.send("iam:ListPolicies", look)

    def quotas(self) -> Quotas | None:
        return self.wire.send("iam:GetAccountSummary", lambda: self.quotas_read)

    def role_and_use(self, name: str) -> tuple[Role, RoleUse | None] | None:
        _check_name(name)

        def look() -> tuple[Role, RoleUse | None] | None:
            return (self.roles[name], self.uses.get(name)) if name in self.roles else None

        return self.wire.send("iam:GetRole", look, about=name)

    def role_count(self) -> int | None:
        return self.wire.send("iam:GetAccountSummary", lambda: len(self.roles))

    def pages_of_roles(self) -> Iterator[tuple[SeenRole, ...]]:
        """Pages of `page_size` roles, by name."""
        names = sorted(self.roles)
        for start in range(0, len(names) or 1, self.page_size):
            page = tuple(map(self._seen, names[start : start + self.page_size]))
            yield self.wire.send("iam:GetAccountAuthorizationDetails", lambda page=page: page)

    def _seen(self, name: str) -> SeenRole:
        return SeenRole(self.roles[name], self.attached.get(name, {}), tuple(self.inline.get(name, {})))

    def simulate(self, role_arn: str, question: Question) -> tuple[Permission, ...]:
        """`allowed` is what every role may do, on anything."""
        pairs = [(action, on) for action in question.actions for on in question.resources]
        return self.wire.send(
            "iam:SimulatePrincipalPolicy",
            lambda: tuple(
                Permission(action, on, "allowed" if action in self.allowed else "implicitDeny")
                for action, on in pairs
            ),
            about=role_arn,
        )

    # Writes.

    def create_role(self, role: Role) -> Role:
        def make() -> Role:
            if role.name.lower() in {name.lower() for name in self.roles}:
                raise exists(f"role {role.name}")
            if role.trust["Statement"][-1]["Principal"].get("Federated") not in self.providers:
                raise RemoteError("Invalid principal in policy", code="MalformedPolicyDocument")
            self.made += 1
            made = replace(role, description=role.description or None, role_id=f"AROA{self.made}")
            self.put(made)
            return made

        made: Role = self._write("CreateRole", make)
        return made

    def delete_role(self, role: str) -> None:
        def take() -> None:
            self._require(role)
            if self.attached[role] or self.inline[role] or self.profiles.get(role):
                raise RemoteError("Cannot delete entity", code=DELETE_CONFLICT)
            del self.roles[role], self.attached[role], self.inline[role]

        self._write("DeleteRole", take)

    def remove_boundary(self, role: str) -> None:
        self._change(
            "DeleteRolePermissionsBoundary", role, lambda there: replace(there, permissions_boundary=None)
        )

    def remove_tags(self, role: str, keys: list[str]) -> None:
        def without(there: Role) -> Role:
            return replace(there, tags={key: there.tags[key] for key in there.tags if key not in keys})

        self._change("UntagRole", role, without)

    def set_trust(self, role: str, document: Document) -> None:
        def trusting(there: Role) -> Role:
            if size(document) > (self.quotas_kept.trust or 0):
                raise beyond("Cannot exceed quota for ACLSizePerRole")
            return replace(there, trust=document)

        self._change("UpdateAssumeRolePolicy", role, trusting)

    def set_boundary(self, role: str, arn: str) -> None:
        self._change(
            "PutRolePermissionsBoundary", role, lambda there: replace(there, permissions_boundary=arn)
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

    def attach(self, role: str, policy_arn: str) -> None:
        def add() -> None:
            self._require(role)
            there = self.attached[role]
            if policy_arn not in self.policies:
                raise missing(policy_arn)
            if len({*there, policy_arn}) > (self.quotas_kept.attachments or 0):
                raise beyond("Cannot exceed quota for PoliciesPerRole")
            there[policy_arn] = self.policies[policy_arn]

        self._write("AttachRolePolicy", add)

    def detach(self, role: str, policy_arn: str) -> None:
        def take() -> None:
            if self.attached.get(role, {}).pop(policy_arn, None) is None:
                raise missing(policy_arn)

        self._write("DetachRolePolicy", take)

    def put_inline_policy(self, role: str, name: str, document: Document) -> None:
        def put() -> None:
            self._require(role)
            sizes = [size(one) for other, one in self.inline[role].items() if other != name]
            if sum(sizes) + size(document) > (self.quotas_kept.inline or 0):
                raise beyond(f"Maximum policy size of 10240 bytes exceeded for role {role}")
            self.inline[role][name] = document

        self._write("PutRolePolicy", put)

    def delete_inline_policy(self, role: str, name: str) -> None:
        def take() -> None:
            if self.inline.get(role, {}).pop(name, None) is None:
                raise missing(name)

        self._write("DeleteRolePolicy", take)

    def _change(self, action: str, role: str, change: Callable[[Role], Role]) -> None:
        def work() -> None:
            self.roles[role] = change(self._require(role))

        self._write(action, work)

    def _require(self, role: str) -> Role:
        if role not in self.roles:
            raise missing(f"role {role}")
        return self.roles[role]
