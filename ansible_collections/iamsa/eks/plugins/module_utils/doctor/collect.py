# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads everything that doctor checks for one ServiceAccount."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..bindings.now import BoundNow
from ..cluster.access import Access
from ..identity.subject import Subject
from ..kube.api.client import KubernetesCluster
from ..kube.api.diagnostics import Diagnostics
from ..model.association import NONE, SeenAssociations
from ..model.desired import Desired
from ..model.observed import ServiceAccount
from ..model.pods import Pod, Workload
from ..model.role import SeenRole
from ..model.webhook import Probe
from ..observe.associations import AssociationReader
from ..observe.policy_exists import has_recorded_boundary
from ..plan.role_choice import choose_role
from ..policy.equality import Document
from ..trust.statements import names_pods
from .chain import Chain
from .cluster_evidence import ClusterEvidence
from .evidence import UNTRIED, Evidence, Part
from .partial_reads import PartialReads
from .runner import BY_AGENT, without_link, without_role


@dataclass(frozen=True)
class Whose:
    """The ServiceAccount to check, how it is bound, and the workload that was asked about.

    `pods` are given if they have been read already. `neighbours` are the other ServiceAccounts in the
    namespace that are bound to a role.
    """

    desired: Desired
    service_account: ServiceAccount | None
    now: BoundNow
    workload: Workload | None = None
    pods: tuple[Pod, ...] | None = None
    neighbours: tuple[str, ...] = ()


def collect(whose: Whose, around: ClusterEvidence, kubernetes: KubernetesCluster, access: Access) -> Evidence:
    """Read everything that can be read; `unread` of the result says why the rest could not be."""
    chain = _chain(whose, around)
    evidence = Evidence(
        chain,
        around.unread,
        mismatch=around.mismatch,
        providers=around.providers,
        webhooks=around.webhooks,
        quotas=around.quotas,
        workload=whose.workload,
        neighbours=whose.neighbours,
        annotated_since=chain.now.kind.bound_since(whose.service_account, chain.now.record),
        has_agent=around.has_agent,
    )
    if around.mismatch:
        parts: tuple[Part, ...] = ("role", "policies", "boundary", "namespace", "pods", "probe", "exchange")
        return replace(evidence, unread={**around.unread, **dict.fromkeys(parts, around.mismatch)})
    return _read(evidence, whose, around, kubernetes, access)


def bare_evidence(subject: Subject, now: BoundNow, around: ClusterEvidence) -> Evidence:
    """The evidence of the cluster alone; `subject` has a namespace and no name."""
    return Evidence(
        Chain(around.facts, subject, None, now, role_name="", default_role=""),
        around.unread,
        mismatch=around.mismatch,
        providers=around.providers,
        webhooks=around.webhooks,
    )


def _chain(whose: Whose, around: ClusterEvidence) -> Chain:
    desired, cluster = whose.desired, around.facts
    choice = choose_role(desired, cluster, whose.service_account, whose.now.role)
    return Chain(
        facts=cluster,
        subject=desired.subject,
        service_account=whose.service_account,
        now=whose.now,
        role_name=choice.name,
        default_role=choice.default,
        asked_role=bool(desired.role.name),
        quotas=around.quotas,
    )


def _read(
    evidence: Evidence, whose: Whose, around: ClusterEvidence, kubernetes: KubernetesCluster, access: Access
) -> Evidence:
    chain, subject = evidence.chain, evidence.chain.subject
    looks = PartialReads(access.deadline, {**around.unread, **without_link(chain)})
    elsewhere = chain.elsewhere
    # If the annotation names a role in another account, a role in this one shows that it is a mistake.
    role_name = chain.default_role if elsewhere else chain.role_name
    looks.add("role", lambda: access.iam.roles.read_with_use(role_name), None)
    looks.add("policies", lambda: access.iam.policies.attached(role_name), {})
    looks.add("policies", lambda: access.iam.policies.inline_names(role_name), ())
    looks.add("namespace", lambda: Diagnostics(kubernetes).namespace_labels(subject.namespace), {})
    looks.add("pods", _pods(whose, kubernetes), ())
    looks.add("probe", lambda: _probe(whose, kubernetes), Probe())
    looks.add("associations", lambda: _associations(whose, around, access), NONE)
    role_and_use, attached, inline, labels, pods, probe, associations = looks.done(f"looking at {subject}")
    role, use = role_and_use or (None, None)
    seen = SeenRole(role, attached, inline) if role else None
    boundary = None
    if role and role.permissions_boundary and not elsewhere:
        arn = role.permissions_boundary
        boundary = looks.attempt("boundary", lambda: _document(arn, access), None)
    has_recorded = True
    if role and not elsewhere:
        has_recorded = looks.attempt("boundary", lambda: has_recorded_boundary(role, access.iam), True)
    # The exchange runs last, and only if no check fails.
    looks.unread["exchange"] = BY_AGENT if associations.in_force else UNTRIED
    associations = replace(associations, unread=looks.unread.get("associations", ""))
    chain = replace(chain, associations=associations)
    if not elsewhere:
        chain = replace(chain, seen=seen, use=use, has_recorded_boundary=has_recorded)
    if role and not elsewhere and names_pods(role.trust):
        reader = AssociationReader(access)
        pod_use = reader.of_role(role.arn, subject, associations, around.associated)
        chain = replace(chain, pod_use=pod_use)
    for part, why in without_role(chain).items():
        looks.unread.setdefault(part, why)
    if labels is None:
        looks.unread["namespace"] = f"namespace {subject.namespace} does not exist"
    if not whose.service_account or not chain.is_annotated:
        looks.unread["probe"] = "the ServiceAccount has no role"
    return replace(
        evidence,
        chain=chain,
        own_role=seen if elsewhere else None,
        unread=looks.unread,
        boundary=boundary,
        has_namespace=labels is not None,
        namespace_labels=labels or {},
        probe=probe,
        pods=pods,
        associations=associations.items,
    )


def _document(arn: str, access: Access) -> Document | None:
    version = access.iam.policies.version(arn)
    return access.iam.policies.document(arn, version) if version else None


def _pods(whose: Whose, kubernetes: KubernetesCluster) -> Callable[[], tuple[Pod, ...]]:
    workload, given = whose.workload, whose.pods
    if given is not None:
        return lambda: given
    if workload:
        return lambda: Diagnostics(kubernetes).pods_of_workload(workload)
    return lambda: Diagnostics(kubernetes).pods_of(whose.desired.subject)


def _probe(whose: Whose, kubernetes: KubernetesCluster) -> Probe:
    return Diagnostics(kubernetes).probe(whose.desired.subject) if whose.now.named else Probe()


def _associations(whose: Whose, around: ClusterEvidence, access: Access) -> SeenAssociations:
    listed = around.associated.get(whose.desired.subject)
    return AssociationReader(access).shown(listed) if listed else NONE
