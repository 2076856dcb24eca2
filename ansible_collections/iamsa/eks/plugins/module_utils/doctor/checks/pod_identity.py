# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of Pod Identity, EKS's other way to give pods a role, which wins over the annotation."""

from __future__ import annotations

from collections.abc import Iterator

from ...model.association import Association
from ...model.permissions import DOCUMENTS
from ..chain import Chain
from ..evidence import Evidence
from . import doc_links
from .check import Check, Finding, Verdict


def association_overrides(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    for association in evidence.associations if chain.is_annotated else ():
        is_same = association.given in (chain.named, "")
        what = f"Pod Identity association {association.id} gives new pods {_role(association, chain)}"
        verdict: Verdict = "warn" if is_same else "fail"
        if association.owner:
            what = f"{what}; it belongs to the add-on {association.owner}"
            yield Finding(what, mends=False, verdict=verdict)
            continue
        cluster = chain.facts.cluster
        place = ("--cluster-name", cluster.name, "--region", cluster.region)
        words = ("aws", "eks", "delete-pod-identity-association", *place, "--association-id", association.id)
        yield Finding(what, remedy=words, verdict=verdict)


def _role(association: Association, chain: Chain) -> str:
    if not association.given:
        return "its role, which could not be read, and the annotation gives them none"
    if association.given == chain.named:
        return f"{association.given} too, and the annotation gives them none"
    return f"{association.given} instead"


def agent_missing(evidence: Evidence) -> Iterator[Finding]:
    if evidence.associations and not evidence.has_agent:
        cluster = evidence.chain.facts.cluster
        words = ("aws", "eks", "create-addon", "--addon-name", "eks-pod-identity-agent")
        yield Finding(
            "it has a Pod Identity association, and no agent hands out its credentials",
            remedy=(*words, "--cluster-name", cluster.name, "--region", cluster.region),
        )


def admitted_by_association(evidence: Evidence) -> Iterator[Finding]:
    """What admission knows of an association that EKS did not show."""
    if not evidence.probe.is_by_agent or evidence.associations:
        return
    what = "a pod that was created as a dry run was told to ask the Pod Identity agent"
    if "associations" in evidence.unread:
        yield Finding(f"{what}: an association wins over the annotation, and could not be read", mends=False)
    else:
        yield Finding(f"{what}, and EKS lists no association: one may just have been deleted", mends=False)


POD_IDENTITY_CHECKS = (
    Check(
        "pod-identity-agent",
        "serviceAccount",
        "whether the Pod Identity agent is there",
        "SDKs cannot reach 169.254.170.23.",
        "With an association, SDKs ask an agent on the node for credentials. Without the add-on"
        " eks-pod-identity-agent, or EKS Auto Mode, nobody answers.",
        doc_links.AGENT,
        "`aws eks create-addon` installs the agent.",
        agent_missing,
        needs=("associations", "agent"),
        after=("cluster-context",),
    ),
    Check(
        "pod-identity-association",
        "serviceAccount",
        "Pod Identity associations of the ServiceAccount",
        "Pods have another role than the annotation names.",
        "An association wins over the annotation in pods that are created after it. Keep one of the two.",
        doc_links.POD_IDENTITY,
        "`aws eks delete-pod-identity-association` leaves the annotation alone in force.",
        association_overrides,
        needs=("associations",),
        after=("cluster-context", "pod-identity-agent"),
    ),
    Check(
        "pod-identity-admission",
        "serviceAccount",
        "whether a new pod is told the annotation's role, and not an association's",
        "Pods have another role than the annotation names.",
        "An association wins over the annotation in pods that are created after it. Here a new pod shows that"
        " there is one.",
        doc_links.POD_IDENTITY,
        f"Allow eks:ListPodIdentityAssociations, as {DOCUMENTS}/base.json does, and look again.",
        admitted_by_association,
        needs=("probe",),
        after=("cluster-context",),
    ),
)
