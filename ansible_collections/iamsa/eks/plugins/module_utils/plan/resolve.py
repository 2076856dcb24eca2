# SPDX-License-Identifier: GPL-3.0-or-later

"""Resolves a request against the current state into a Target.

This is the only place that decides a role's desired name, path, tags, boundary and trust.
"""

from __future__ import annotations

from ..bindings.now import named_role
from ..bindings.writer import Writers
from ..identity.keys import DEFAULT_MAX_SESSION, DEFAULT_PATH, TAG_BOUNDARY, boundary_tag
from ..identity.ownership import adoption_tag, ownership_tags
from ..model.desired import Desired, RoleSpec
from ..model.observed import ClusterFacts, Observed
from ..model.role import Role
from ..model.target import Target
from ..policy.attached_by_us import digests_of, new_entries
from ..policy.reference import InlinePolicy, ManagedPolicy
from ..trust.statements import trust_policy
from .recorded_boundary import lost_boundary
from .role_choice import choose_role


def without_role(desired: Desired, cluster: ClusterFacts) -> Observed:
    """The state in which neither the ServiceAccount nor the role exists."""
    subject = desired.subject
    return Observed(
        choose_role(desired, cluster, None, None).name,
        role=None,
        service_accounts={subject: None},
        namespaces={subject.namespace: "active"},
    )


def resolve(desired: Desired, cluster: ClusterFacts, observed: Observed, kinds: Writers) -> Target:
    """The target of a run, from the request and the current state."""
    kind, there = kinds[desired.kind], observed.role
    service_account = observed.service_accounts.get(desired.subject)
    bound = kind.bound_role(service_account, observed.bindings.get(desired.subject))
    spec = desired.role if there else desired.role.as_new
    path = there.path if there else _new_path(spec)
    arn = there.arn if there else cluster.home.role_arn(path, observed.role_name)
    binding = kind.resolve(desired, cluster, observed, arn)
    return Target(
        asked=desired,
        role=Role(
            name=observed.role_name,
            path=path,
            arn=arn,
            trust=trust_policy([binding.grant.statement()]),
            tags=_tags(spec, desired, cluster, observed),
            permissions_boundary=wanted_boundary(desired.role, there),
            description=there.description if there and spec.description is None else spec.description,
            max_session_duration=spec.max_session_duration
            or (there.max_session_duration if there else DEFAULT_MAX_SESSION),
        ),
        bound=cluster.home.role_named(named_role(service_account, bound)),
        binding=binding,
        policies=observed.policies,
    )


def _new_path(spec: RoleSpec) -> str:
    is_gen3s = spec.name_style == "gen3" and not spec.name
    return spec.path or ("/" if is_gen3s else DEFAULT_PATH)


def wanted_boundary(asked: RoleSpec, there: Role | None) -> str | None:
    """The desired permissions boundary (an ARN): the requested, else a recorded one that is missing, else the
    current one; None for none."""
    spec = asked if there else asked.as_new
    if there is None or spec.permissions_boundary is not None:
        return spec.permissions_boundary or None
    return lost_boundary(there) or there.permissions_boundary


def _tags(spec: RoleSpec, desired: Desired, cluster: ClusterFacts, observed: Observed) -> dict[str, str]:
    """The tags that the role must have; it may have others."""
    there, boundary = observed.role, spec.permissions_boundary
    recorded = {TAG_BOUNDARY: boundary_tag(boundary)} if boundary else {}
    return {
        **ownership_tags(cluster.cluster, desired.subject),
        **recorded,
        **spec.tags,
        **(adoption_tag(there.tags, cluster.cluster, desired.subject) if there else _record(observed)),
    }


def _record(observed: Observed) -> dict[str, str]:
    """The tags of a new role that record its policies, before these are added."""
    managed = [policy.arn for policy in observed.policies if isinstance(policy, ManagedPolicy)]
    inline = [policy.name for policy in observed.policies if isinstance(policy, InlinePolicy)]
    return new_entries(digests_of(managed, inline), {}, observed.read_at)
