# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One cluster, one account, one ServiceAccount, and what is wanted for it: what most tests start from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime, timezone
from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.writers import WRITERS
from ansible_collections.iamsa.eks.plugins.module_utils.identity.account import RoleHome
from ansible_collections.iamsa.eks.plugins.module_utils.identity.arn import Arn
from ansible_collections.iamsa.eks.plugins.module_utils.identity.cluster import ClusterRef
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_ROLE_ARN,
    FIELD_MANAGER,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import (
    Binding,
    DeleteOverrides,
    DeleteRequest,
    Desired,
    Overrides,
    RoleSpec,
    ServiceAccountSpec,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import (
    ClusterFacts,
    Observed,
    ServiceAccount,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Provider, Role
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step
from ansible_collections.iamsa.eks.plugins.module_utils.model.target import Target
from ansible_collections.iamsa.eks.plugins.module_utils.plan.create import plan
from ansible_collections.iamsa.eks.plugins.module_utils.plan.resolve import resolve
from ansible_collections.iamsa.eks.plugins.module_utils.policy.attached_by_us import (
    inline_digest,
    is_entry,
    managed_digest,
    new_entries,
    read_record,
)
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import (
    InlinePolicy,
    ManagedPolicy,
    PolicyArn,
    PolicyReference,
    ResolvedPolicy,
)

ACCOUNT = "123456789012"
ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/A1"
EARLIER_ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/Z9"
CLUSTER = ClusterRef(ISSUER, f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/demo", "eu-west-1")
HOME = RoleHome("aws", ACCOUNT)
SUBJECT = Subject("web", "my-sa")
AUDIENCE = "sts.amazonaws.com"
PROVIDER_ARN = HOME.provider_arn(ISSUER)
FACTS = ClusterFacts(CLUSTER, HOME, Provider(PROVIDER_ARN, (AUDIENCE,)))

ROLE_NAME = "app"
ROLE_ARN = HOME.role_arn("/iamsa/", ROLE_NAME)
READ_S3 = ManagedPolicy("ReadS3", f"arn:aws:iam::{ACCOUNT}:policy/ReadS3")
READ_SQS = ManagedPolicy("ReadSQS", f"arn:aws:iam::{ACCOUNT}:policy/ReadSQS")
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
OTHER_BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/other-boundary"

LONG_AGO = datetime(2020, 1, 1, tzinfo=timezone.utc)

_OVERRIDES = {field.name for field in fields(Overrides)}
_DELETE_OVERRIDES = {field.name for field in fields(DeleteOverrides)}
_SERVICE_ACCOUNT_OPTIONS = {field.name for field in fields(ServiceAccountSpec)}


def document(action: str = "s3:GetObject") -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}],
    }


def inline(name: str = "reader", action: str = "s3:GetObject") -> InlinePolicy:
    return InlinePolicy(name, document(action), f"./{name}.json")


def by_arn(policy: ManagedPolicy) -> PolicyArn:
    arn = Arn.parse(policy.arn)
    assert arn
    return PolicyArn(arn)


def desired(*policies: PolicyReference, **options: Any) -> Desired:
    """What is asked for; an option goes where a field of that name is: overrides, ServiceAccount or role."""
    overrides = {key: options.pop(key) for key in list(options) if key in _OVERRIDES}
    service_account_options = {
        key: options.pop(key) for key in list(options) if key in _SERVICE_ACCOUNT_OPTIONS
    }
    subject, create_role = options.pop("subject", SUBJECT), options.pop("create_role", True)
    return Desired(
        RoleSpec(policies=policies, **{"audience": AUDIENCE, **options}),
        (Binding(subject),),
        ServiceAccountSpec(**service_account_options),
        Overrides(**overrides),
        create_role,
    )


def delete_request(
    keep_role: bool = False, keep_service_account: bool = False, **options: Any
) -> DeleteRequest:
    """What is to go; an option goes to the overrides of a delete where they have it, else to `desired`."""
    overrides = {key: options.pop(key) for key in list(options) if key in _DELETE_OVERRIDES}
    return DeleteRequest(desired(**options), keep_role, keep_service_account, DeleteOverrides(**overrides))


def target(
    wanted: Desired | None = None, cluster: ClusterFacts = FACTS, there: Observed | None = None
) -> Target:
    """What `wanted` means for what is there, or where nothing is."""
    return resolve(wanted or desired(), cluster, there or Observed(ROLE_NAME, None), WRITERS)


def planned(wanted: Desired, cluster: ClusterFacts, there: Observed) -> tuple[Step, ...]:
    """The steps from what is there to what is wanted."""
    return plan(resolve(wanted, cluster, there, WRITERS), cluster, there, WRITERS)


def our_role(wanted: Desired | None = None, name: str = ROLE_NAME, **changes: Any) -> Role:
    """The role as iamsa makes it for `wanted`, and then changed."""
    return replace(target(wanted, there=Observed(name, None)).role, **changes)


def our_statement(issuer: str = ISSUER) -> dict[str, Any]:
    """What its trust policy says while that is the cluster's issuer."""
    return target().grant.of_issuer(issuer).statement()


def recorded(role: Role, *policies: ResolvedPolicy, at: datetime = LONG_AGO) -> Role:
    """`role` with these policies recorded as put there by iamsa."""
    digests = [
        managed_digest(policy.arn) if isinstance(policy, ManagedPolicy) else inline_digest(policy.name)
        for policy in policies
    ]
    return replace(role, tags={**role.tags, **new_entries(digests, role.tags, at)})


def undated(role: Role) -> Role:
    """`role` without its ID, and with what its record says in place of its entries: these depend on time and
    on earlier runs."""
    others = {key: value for key, value in role.tags.items() if not is_entry(key)}
    record = " ".join(sorted(read_record(role.tags)))
    return replace(role, tags={**others, "record": record}, role_id="")


def retagged(role: Role, **tags: str | None) -> Role:
    """`role` with tags set, or with None removed; `__` in a name stands for `/`, `_` for `-`."""
    changed = {key.replace("__", "/").replace("_", "-"): value for key, value in tags.items()}
    merged = {**role.tags, **changed}
    return replace(role, tags={key: value for key, value in merged.items() if value is not None})


def trusting(role: Role, *statements: Any) -> Role:
    """`role` with these statements in its trust policy after our own."""
    return replace(
        role, trust={"Version": "2012-10-17", "Statement": [*role.trust["Statement"], *statements]}
    )


def service_account(
    annotations: Mapping[str, str] | None = None, managers: Mapping[str, str] | None = None, **changes: Any
) -> ServiceAccount:
    """The ServiceAccount; without `annotations`, annotated with our role; without `managers`, by us."""
    held = {ANNOTATION_ROLE_ARN: ROLE_ARN} if annotations is None else annotations
    known = dict.fromkeys(held, FIELD_MANAGER) if managers is None else managers
    owners = {key: frozenset({name}) for key, name in known.items()}
    return ServiceAccount(SUBJECT, dict(held), owners, uid="1", resource_version="7", **changes)


def observed(
    role: Role | None = None,
    service_account: ServiceAccount | None = None,
    *policies: ResolvedPolicy,
    attached: tuple[ManagedPolicy, ...] = (),
    inline: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Observed:
    observed = Observed(
        role_name=role.name if role else ROLE_NAME,
        role=role,
        policies=policies,
        attached={policy.arn: policy.name for policy in attached},
        inline=inline or {},
        service_accounts={SUBJECT: service_account},
        namespaces={SUBJECT.namespace: "active"},
    )
    return replace(observed, **changes)


# Statements that are not ours.
OPS_STATEMENT: Mapping[str, Any] = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::999999999999:role/ops"},
    "Action": "sts:AssumeRole",
}
