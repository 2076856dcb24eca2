# SPDX-License-Identifier: GPL-3.0-or-later

"""The job of describe: the chain from a ServiceAccount to its permissions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..bindings.binding import Kinds
from ..bindings.now import bound_now, records_of
from ..bindings.registry import KINDS
from ..cluster.access import Access
from ..concurrency import bounded, side_by_side
from ..doctor.chain import Chain
from ..kube.api.client import KubernetesCluster
from ..model.desired import Desired
from ..model.role import Provider, Role, RoleUse, SeenRole
from ..observe.associations import AssociationReader
from ..observe.opened import cluster_and, no_service_account
from ..observe.policy_exists import has_recorded_boundary
from ..plan.role_choice import choose_role
from ..trust.statements import names_pods


def describe(desired: Desired, access: Access, kinds: Kinds = KINDS) -> Chain:
    """Return the chain from a ServiceAccount to its permissions, in 6 AWS calls of two waves.

    One more call is made if the role's permissions boundary differs from the recorded one.

    Raises:
        NotFound: neither the ServiceAccount nor its role exists.
        Refused: the API server is not proven to be that of the described cluster.
    """
    reader = AssociationReader(access)

    def look(kubernetes: KubernetesCluster) -> Any:
        return side_by_side(
            "reading the ServiceAccount",
            access.deadline,
            lambda: kubernetes.read_service_account(desired.subject),
            lambda: reader.of(desired.subject),
            lambda: records_of(desired.subject, access, kinds),
        )

    known, (service_account, associations, records) = cluster_and(access, look, "reading the cluster")
    now = bound_now(desired.subject, service_account, kinds, records)
    choice = choose_role(desired, known, service_account, now.role)
    chain = Chain(
        facts=known,
        subject=desired.subject,
        service_account=service_account,
        now=now,
        role_name=choice.name,
        default_role=choice.default,
        asked_role=bool(desired.role.name),
        associations=associations,
    )
    provider, role_and_use, attached, inline = _read(chain, access)
    if role_and_use is None and service_account is None:
        raise no_service_account(desired.subject)
    cluster = replace(known, provider=provider)
    if role_and_use is None:
        return replace(chain, facts=cluster)
    role, use = role_and_use
    if names_pods(role.trust):
        chain = replace(chain, pod_use=reader.of_role(role.arn, desired.subject, associations))
    return replace(
        chain,
        facts=cluster,
        seen=SeenRole(role, attached, inline),
        use=use,
        has_recorded_boundary=bounded(
            "looking up the boundary", lambda: has_recorded_boundary(role, access.iam), access.deadline
        ),
    )


def _read(
    chain: Chain, access: Access
) -> tuple[Provider | None, tuple[Role, RoleUse | None] | None, Mapping[str, str], tuple[str, ...]]:
    iam, name, cluster = access.iam, chain.role_name, chain.facts
    works: list[Callable[[], Any]] = [lambda: iam.providers.read(cluster.provider_arn)]
    if not chain.elsewhere:
        works += [
            lambda: iam.roles.read_with_use(name),
            lambda: iam.policies.attached(name),
            lambda: iam.policies.inline_names(name),
        ]
    provider, *rest = side_by_side(f"reading role {name}", access.deadline, *works)
    role_and_use, attached, inline = rest or (None, {}, ())
    return provider, role_and_use, attached, inline
