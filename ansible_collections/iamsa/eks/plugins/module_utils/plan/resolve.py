# SPDX-License-Identifier: GPL-3.0-or-later

"""What Desired means for what was read: plan compares the target with it, manifests print it."""

from __future__ import annotations

from ..bindings.binding import Kinds
from ..bindings.now import named_role
from ..identity.account import RoleHome
from ..identity.cluster import ClusterRef
from ..identity.keys import DEFAULT_MAX_SESSION, DEFAULT_PATH, TAG_BOUNDARY, boundary_tag
from ..identity.ownership import ownership_tags
from ..model.desired import Desired, RoleSpec
from ..model.names import derived_role_name, gen3_role_name
from ..model.observed import ClusterFacts, Observed, ServiceAccount
from ..model.role import Role
from ..model.target import RoleChoice, Target
from ..trust.statements import trust_policy
from .recorded_boundary import restored_boundary


def choose_role(
    desired: Desired, facts: ClusterFacts, account: ServiceAccount | None, bound: str | None
) -> RoleChoice:
    """The asked name; else the role of this account that is `bound`; else the derived name.

    Bound is the role that new pods get, else the one that a delete notes while it goes on.
    """
    default = _default_name(desired, facts.home, facts.cluster)
    if desired.role.name:
        return RoleChoice(desired.role.name, default)
    named = facts.home.role_named(named_role(account, bound))
    if named:
        return RoleChoice(named.name, default, is_bound=True)
    return RoleChoice(default, default)


def without_role(desired: Desired, facts: ClusterFacts) -> Observed:
    """What is there where the ServiceAccount is missing and, as a rule, its role too."""
    subject = desired.subject
    return Observed(
        choose_role(desired, facts, None, None).name,
        role=None,
        service_accounts={subject: None},
        namespaces={subject.namespace: "active"},
    )


def _default_name(desired: Desired, home: RoleHome, cluster: ClusterRef) -> str:
    subject = desired.subject
    if desired.role.name_style == "gen3":
        return gen3_role_name(cluster.name, subject.name)
    return derived_role_name(home.account, cluster.region, cluster.name, subject)


def resolve(desired: Desired, facts: ClusterFacts, observed: Observed, kinds: Kinds) -> Target:
    """All that a run is to lead to, from what is asked and what is there."""
    kind, there = kinds[desired.kind], observed.role
    account = observed.service_accounts.get(desired.subject)
    bound = kind.bound_role(account, observed.bindings.get(desired.subject))
    spec = desired.role if there else desired.role.as_new
    path = there.path if there else _new_path(spec)
    arn = there.arn if there else facts.home.role_arn(path, observed.role_name)
    binding = kind.resolve(desired, facts, observed, arn)
    return Target(
        asked=desired,
        role=Role(
            name=observed.role_name,
            path=path,
            arn=arn,
            trust=trust_policy([binding.grant.statement()]),
            tags=_tags(spec, desired, facts),
            permissions_boundary=_boundary(spec, there),
            description=there.description if there and spec.description is None else spec.description,
            max_session_duration=spec.max_session_duration
            or (there.max_session_duration if there else DEFAULT_MAX_SESSION),
        ),
        bound=facts.home.role_named(named_role(account, bound)),
        binding=binding,
        policies=observed.policies,
    )


def _new_path(spec: RoleSpec) -> str:
    is_gen3s = spec.name_style == "gen3" and not spec.name
    return spec.path or ("/" if is_gen3s else DEFAULT_PATH)


def _boundary(spec: RoleSpec, there: Role | None) -> str | None:
    if there is None or spec.permissions_boundary is not None:
        return spec.permissions_boundary or None
    return restored_boundary(spec, there) or there.permissions_boundary


def _tags(spec: RoleSpec, desired: Desired, facts: ClusterFacts) -> dict[str, str]:
    """The tags that the role must have, among others it may have."""
    boundary = spec.permissions_boundary
    recorded = {TAG_BOUNDARY: boundary_tag(boundary)} if boundary else {}
    return {**ownership_tags(facts.cluster, desired.subject), **recorded, **spec.tags}
