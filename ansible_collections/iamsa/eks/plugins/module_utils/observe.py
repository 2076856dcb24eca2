# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is there: all reads of one run, those that do not depend on each other side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from .aws.eks import EksCluster
from .cluster.kubernetes_cluster import KubernetesCluster
from .cluster.tls import certificates
from .concurrency import side_by_side
from .errors import Refused, RemoteError
from .lookup import PolicyLookup
from .model.identity import Arn, ClusterRef, RoleHome
from .model.policy import InlinePolicy, ManagedPolicy
from .model.state import ClusterFacts, Desired, RoleFacts, ServiceAccount
from .model.targets import choose_role
from .where import Access

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
DEFAULT_ATTACHMENT_QUOTA = 10


@dataclass(frozen=True)
class Observation:
    """What was read, and the Kubernetes side that was reached on the way."""

    cluster: ClusterFacts
    role: RoleFacts
    kubernetes: KubernetesCluster


def observe(desired: Desired, access: Access) -> Observation:
    """Read what `plan` needs; where nothing is to do, the longest chain of dependent calls is two.

    Raises:
        Refused: the API server and the EKS cluster are not proven to be the same.
    """
    return _Observer(desired, access).run()


class _Observer:
    def __init__(self, desired: Desired, access: Access) -> None:
        self._desired = desired
        self._access = access
        self._iam = access.iam

    def run(self) -> Observation:
        desired, access = self._desired, self._access
        works: list[Callable[[], Any]] = [lambda: access.eks.describe(access.cluster_name)]
        if access.kubernetes:
            works.append(lambda: self._read_account(access.kubernetes))
        described, *accounts = self._together("reading the cluster", *works)
        kubernetes = access.kubernetes or access.reach(described)
        cluster, home = _identify(described, access)

        facts = ClusterFacts(cluster, home, provider=None)
        account: ServiceAccount | None = accounts[0] if accounts else None
        guess = choose_role(desired, facts, account).name
        later: list[Callable[[], Any]] = [] if accounts else [lambda: self._read_account(kubernetes)]
        if accounts and account is None:
            later = [lambda: kubernetes.namespace_state(desired.subject.namespace)]
        _, provider, role, *rest = self._together(
            "reading the role",
            # First, so that it is told before anything that the wrong cluster's role lacks.
            lambda: _prove_same(described, kubernetes, access) if access.kubernetes else None,
            lambda: self._iam.provider(home.provider_arn(cluster.issuer)),
            lambda: self._read_role(guess),
            *later,
        )
        facts = replace(facts, provider=provider)
        namespace = rest[0] if accounts and rest else "active"
        if not accounts:
            account = rest[0]
            chosen = choose_role(desired, facts, account).name
            if chosen != guess:
                role = self._read_role(chosen)
            if account is None:
                namespace = kubernetes.namespace_state(desired.subject.namespace)
        role = replace(
            role,
            service_accounts={desired.subject: account},
            namespaces={desired.subject.namespace: namespace},
        )
        return Observation(facts, self._with_policies(role, home), kubernetes)

    def _read_account(self, kubernetes: KubernetesCluster | None) -> ServiceAccount | None:
        return kubernetes.read_service_account(self._desired.subject) if kubernetes else None

    def _read_role(self, name: str) -> RoleFacts:
        purge = self._desired.consent.purge
        files = [policy.name for policy in self._desired.role.policies if isinstance(policy, InlinePolicy)]
        role, attached, names, *documents = self._together(
            f"reading role {name}",
            lambda: self._iam.role(name),
            lambda: self._iam.attached_policies(name),
            (lambda: self._iam.inline_policy_names(name)) if purge else tuple,
            *(lambda file=file: self._iam.inline_policy(name, file) for file in files),
        )
        inline = {
            **dict.fromkeys(names),
            **{file: found for file, found in zip(files, documents, strict=True) if found},
        }
        return RoleFacts(role_name=name, role=role, attached=attached, inline=inline)

    def _with_policies(self, facts: RoleFacts, home: RoleHome) -> RoleFacts:
        """Look up what is asked; read the quota only where the default would be passed."""
        lookup = PolicyLookup(self._iam, home, facts.attached, self._access.deadline)
        boundary = self._desired.role.permissions_boundary
        new_boundary = boundary and boundary != (facts.role.permissions_boundary if facts.role else None)
        policies, _ = self._together(
            "looking policies up",
            lambda: lookup.resolve(self._desired.role.policies),
            lambda: lookup.require(boundary, "--permissions-boundary") if boundary and new_boundary else None,
        )
        arns = {policy.arn for policy in policies if isinstance(policy, ManagedPolicy)}
        quota = None
        if len(arns | facts.attached.keys()) > DEFAULT_ATTACHMENT_QUOTA:
            quota = self._iam.attachment_quota()
        return replace(facts, policies=policies, attachment_quota=quota)

    def _together(self, doing: str, *works: Callable[[], Any]) -> tuple[Any, ...]:
        return side_by_side(doing, self._access.deadline, *works)


def _identify(described: EksCluster, access: Access) -> tuple[ClusterRef, RoleHome]:
    """Cluster and account from the ARN alone: GetCallerIdentity is not needed."""
    arn = Arn.parse(described.arn)
    if arn is None:
        raise RemoteError(f"EKS sent a cluster ARN that is none: {described.arn!r}")
    if access.account and access.account != arn.account:
        raise Refused(
            f"{access.title} names account {access.account}, but the AWS credentials found cluster"
            f" {access.cluster_name} in account {arn.account}",
            remedy="give the --profile of the right account, or another --context",
        )
    cluster = ClusterRef(issuer=described.issuer, arn=described.arn, region=arn.region)
    return cluster, RoleHome(arn.partition, arn.account)


def _prove_same(described: EksCluster, kubernetes: KubernetesCluster, access: Access) -> None:
    """By the CA that TLS was verified against, which is unique to a cluster; else by the issuer."""
    if kubernetes.connection.verified_ca == certificates(described.ca, f"EKS cluster {access.cluster_name}"):
        return
    issuer = kubernetes.issuer()
    if issuer == described.issuer:
        return
    what = f"has another issuer, {issuer}" if issuer else "has another certificate authority"
    raise Refused(
        f"{access.title} ({kubernetes.connection.server}) is not the EKS cluster {described.arn}: it {what}",
        remedy="give the --context of that cluster, or the --cluster-name and --region of this one",
    )
