# SPDX-License-Identifier: GPL-3.0-or-later

"""The job of doctor: find what prevents pods from using their role. It only reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..bindings.binding import Kinds
from ..bindings.now import NO_RECORDS, BoundNow, Records, all_records, bound_now, is_shown, records_of
from ..bindings.registry import KINDS
from ..cluster.access import Access
from ..concurrency import few_at_a_time, side_by_side
from ..doctor.checks.check import Result
from ..doctor.checks.cluster import CLUSTER_CHECKS
from ..doctor.checks.registry import CHECKS
from ..doctor.checks.webhook import WEBHOOK_CHECKS
from ..doctor.cluster_evidence import ClusterEvidence, read_cluster_evidence
from ..doctor.collect import Whose, bare_evidence, collect
from ..doctor.evidence import Evidence, Exchange, Part
from ..doctor.namespace import bound_names, pods_by_service_account, require_namespace
from ..doctor.runner import examine, is_well
from ..errors import IamsaError, Refused, TimedOut
from ..identity.cluster import ClusterRef
from ..identity.subject import Subject
from ..kube.api.client import KubernetesCluster
from ..kube.api.diagnostics import Diagnostics
from ..model.cluster import ClusterDescription
from ..model.desired import Binding, Desired, RoleSpec
from ..model.observed import ServiceAccount
from ..model.pods import Workload
from ..model.verification import Reason
from ..observe.opened import described_beside
from ..wording.text import Option, Sentence
from .verify import prove

_DOING = "reading the cluster"


@dataclass(frozen=True)
class Diagnosis:
    """The results of the checks of one ServiceAccount, or, if `subject` is None, of the cluster alone."""

    cluster: ClusterRef
    subject: Subject | None
    results: tuple[Result, ...]


def examine_service_account(
    desired: Desired, access: Access, where: tuple[Option, ...] = (), *, kinds: Kinds = KINDS
) -> Diagnosis:
    """Examine one ServiceAccount, its role and its pods.

    `where` are the options that commands in remedies repeat, such as the context.

    Raises:
        IamsaError: the cluster or the ServiceAccount could not be read.
    """
    subject = desired.subject

    def look(kubernetes: KubernetesCluster) -> tuple[ServiceAccount | None, Records]:
        return side_by_side(
            _DOING,
            access.deadline,
            lambda: kubernetes.read_service_account(subject),
            lambda: records_of(subject, access, kinds),
        )

    doctor, (service_account, records) = _begun(access, where, look, kinds)
    return doctor.examined(
        Whose(desired, service_account, bound_now(subject, service_account, kinds, records))
    )


def examine_workload(
    kind: str, name: str, access: Access, where: tuple[Option, ...] = (), *, kinds: Kinds = KINDS
) -> Diagnosis:
    """Examine the ServiceAccount and the pods of a Pod, or of a workload from Deployment to CronJob.

    Raises:
        NotFound: the workload does not exist.
        IamsaError: the cluster or the workload could not be read.
    """
    namespace = access.namespace

    def look(kubernetes: KubernetesCluster) -> tuple[Workload, ServiceAccount | None, Records]:
        workload = Diagnostics(kubernetes).workload(kind, namespace, name)
        service_account = kubernetes.read_service_account(workload.subject)
        return workload, service_account, records_of(workload.subject, access, kinds)

    doctor, (workload, service_account, records) = _begun(access, where, look, kinds)
    now = bound_now(workload.subject, service_account, kinds, records)
    neighbours: tuple[str, ...] = ()
    if not (service_account and is_shown(service_account, now)):
        neighbours = bound_names(doctor.kubernetes, namespace, access, kinds)
    return doctor.examined(
        Whose(_desired(workload.subject), service_account, now, workload, neighbours=neighbours)
    )


def examine_all(
    namespace: str | None, access: Access, where: tuple[Option, ...] = (), *, kinds: Kinds = KINDS
) -> tuple[Diagnosis, ...]:
    """Examine every ServiceAccount of a namespace (None: of all) that is bound to a role.

    What they share is read once. If there are none, only the cluster is examined.

    Raises:
        Refused: the context is of another cluster.
        NotFound: the namespace does not exist.
        IamsaError: the cluster could not be read.
    """

    def look(kubernetes: KubernetesCluster) -> tuple[tuple[ServiceAccount, ...], Records]:
        return side_by_side(
            _DOING,
            access.deadline,
            lambda: kubernetes.list_service_accounts(namespace),
            lambda: all_records(namespace, access, kinds),
        )

    doctor, (service_accounts, records) = _begun(access, where, look, kinds)
    bound = ((one, bound_now(one.subject, one, kinds, records)) for one in service_accounts)
    shown = [(service_account, now) for service_account, now in bound if is_shown(service_account, now)]
    around = doctor.cluster_evidence()
    if around.mismatch:
        raise Refused(around.mismatch, remedy="specify the " + Option("context") + " of that cluster")
    if not shown:
        if namespace:
            require_namespace(doctor.kubernetes, namespace)
        return (doctor.examined_alone(namespace),)
    pods = None
    try:
        pods = pods_by_service_account(doctor.kubernetes, namespace, access.deadline)
    except IamsaError as error:
        doctor.leave_unread("pods", error.sentence)

    def examined(service_account: ServiceAccount, now: BoundNow) -> Diagnosis:
        known = None if pods is None else pods.get(service_account.subject, ())
        return doctor.examined(Whose(_desired(service_account.subject), service_account, now, pods=known))

    works = [
        lambda service_account=service_account, now=now: examined(service_account, now)
        for service_account, now in shown
    ]
    return few_at_a_time("examining the ServiceAccounts", access.deadline, works)


def _desired(subject: Subject) -> Desired:
    return Desired(RoleSpec(), (Binding(subject),))


def _begun(
    access: Access, where: tuple[Option, ...], look: Callable[[KubernetesCluster], Any], kinds: Kinds
) -> tuple[_Doctor, Any]:
    """Read the cluster and call `look`, concurrently if the API server is known beforehand."""
    described, kubernetes, found = described_beside(access, look, _DOING)
    return _Doctor(access, where, described, kubernetes, kinds), found


class _Doctor:
    """Collects evidence; what ServiceAccounts share is read on first use."""

    def __init__(
        self,
        access: Access,
        where: tuple[Option, ...],
        described: ClusterDescription,
        kubernetes: KubernetesCluster,
        kinds: Kinds,
    ) -> None:
        self._access = access
        self._where = where
        self._described = described
        self.kubernetes = kubernetes
        self._kinds = kinds
        self._around: ClusterEvidence | None = None

    def cluster_evidence(self) -> ClusterEvidence:
        """Return the evidence about the cluster."""
        if self._around is None:
            self._around = read_cluster_evidence(self._described, self.kubernetes, self._access)
        return self._around

    def leave_unread(self, part: Part, why: Sentence) -> None:
        """Record for all ServiceAccounts that a part could not be read, and why."""
        around = self.cluster_evidence()
        self._around = replace(around, unread={**around.unread, part: why})

    def examined(self, whose: Whose) -> Diagnosis:
        """Examine one ServiceAccount."""
        around = self.cluster_evidence()
        if around.mismatch:
            # The ServiceAccount that was read is of another cluster.
            now = self._unbound(whose.desired.subject)
            whose = replace(whose, service_account=None, now=now, workload=None)
        evidence = self._placed(collect(whose, around, self.kubernetes, self._access))
        # With an association, pods do not use a token for STS.
        is_by_token = evidence.chain.is_annotated and not evidence.associations
        if whose.service_account and is_by_token and is_well(examine(evidence, BESIDE_PODS)):
            evidence = self._with_exchange(evidence, whose.service_account)
        return Diagnosis(evidence.chain.facts.cluster, whose.desired.subject, examine(evidence))

    def _with_exchange(self, evidence: Evidence, service_account: ServiceAccount) -> Evidence:
        """Add the answer of AWS to a token of the ServiceAccount, which is used once and not stored."""
        # If the exchange hangs, half of the time is left for the rest.
        access = replace(self._access, deadline=self._access.deadline.part(0.5))
        try:
            chain = evidence.chain
            found = prove(service_account, chain.now, chain.facts, self.kubernetes, access)
        except TimedOut as error:
            return replace(evidence, unread={**evidence.unread, "exchange": error.sentence})
        if found.obstacle:
            return replace(evidence, unread={**evidence.unread, "exchange": found.obstacle.sentence})
        unread: dict[Part, Sentence] = {
            part: why for part, why in evidence.unread.items() if part != "exchange"
        }
        reason = found.reason
        exchange = _refused(reason) if reason else Exchange()
        return replace(evidence, exchange=exchange, unread=unread)

    def examined_alone(self, namespace: str | None) -> Diagnosis:
        """Make only the checks of the cluster, if there is no ServiceAccount to examine."""
        subject = Subject(namespace or "default", "")
        evidence = bare_evidence(subject, self._unbound(subject), self.cluster_evidence())
        return Diagnosis(evidence.chain.facts.cluster, None, examine(self._placed(evidence), ALONE))

    def _unbound(self, subject: Subject) -> BoundNow:
        """Return the state of a ServiceAccount that does not exist."""
        return bound_now(subject, None, self._kinds, NO_RECORDS)

    def _placed(self, evidence: Evidence) -> Evidence:
        """Add the options and the profile that commands in remedies repeat."""
        return replace(evidence, where=self._where, profile=self._access.profile)


def _refused(reason: Reason) -> Exchange:
    return Exchange(f"{reason.words} ({reason.code})" if reason.code else reason.words, reason.cause)


# The checks whose result affects whether AWS accepts a token; those of pods do not.
BESIDE_PODS = tuple(check for check in CHECKS if check.judge)
# The checks that need no ServiceAccount.
ALONE = tuple(
    check
    for check in (*CLUSTER_CHECKS, *WEBHOOK_CHECKS)
    if not {"service-account-exists", "namespace"} & {*check.after, *check.needs}
)
