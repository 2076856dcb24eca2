# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of EKS Pod Identity, whose associations override the annotation."""

from __future__ import annotations

from collections.abc import Iterator

from ...model.association import Association
from ...model.permissions import DOCUMENTS
from ..chain import Chain
from ..evidence import Evidence
from . import doc_links, symptoms
from .check import Check, Finding, Verdict


def association_overrides(evidence: Evidence) -> Iterator[Finding]:
    chain = evidence.chain
    for association in evidence.associations if chain.is_annotated else ():
        is_same = association.given in (chain.named, "")
        what = f"Pod Identity association {association.id} gives new pods {_role(association, chain)}"
        verdict: Verdict = "warn" if is_same else "fail"
        if association.owner:
            what = f"{what}; the association belongs to the add-on {association.owner}"
            yield Finding(what, mends=False, verdict=verdict)
            continue
        cluster = chain.facts.cluster
        place = ("--cluster-name", cluster.name, "--region", cluster.region)
        words = ("aws", "eks", "delete-pod-identity-association", *place, "--association-id", association.id)
        yield Finding(what, remedy=words, verdict=verdict)


def _role(association: Association, chain: Chain) -> str:
    if not association.given:
        return "its role, which could not be read, and overrides the annotation"
    if association.given == chain.named:
        return f"{association.given} too, and overrides the annotation"
    return f"{association.given}, not the role that the annotation names"


def agent_missing(evidence: Evidence) -> Iterator[Finding]:
    if evidence.associations and not evidence.has_agent:
        cluster = evidence.chain.facts.cluster
        words = ("aws", "eks", "create-addon", "--addon-name", "eks-pod-identity-agent")
        yield Finding(
            "the ServiceAccount has a Pod Identity association, but the Pod Identity agent is not installed",
            remedy=(*words, "--cluster-name", cluster.name, "--region", cluster.region),
        )


def admitted_by_association(evidence: Evidence) -> Iterator[Finding]:
    """An association that EKS did not list but that the webhook applies to a new pod."""
    if not evidence.probe.is_by_agent or evidence.associations:
        return
    what = "a pod created as a dry run was configured for Pod Identity"
    if "associations" in evidence.unread:
        yield Finding(f"{what}, so an unread association overrides the annotation", mends=False)
    else:
        yield Finding(f"{what}, but EKS lists no association; it may have just been deleted", mends=False)


POD_IDENTITY_CHECKS = (
    Check(
        "pod-identity-agent",
        "serviceAccount",
        "the Pod Identity agent is installed",
        symptoms.AGENT_UNREACHABLE,
        "Pods of a ServiceAccount with a Pod Identity association get their credentials from an agent on the"
        " node. The agent is the add-on eks-pod-identity-agent, which EKS Auto Mode includes.",
        doc_links.AGENT,
        "Run `aws eks create-addon --addon-name eks-pod-identity-agent --cluster-name CLUSTER` to install"
        " the agent.",
        agent_missing,
        needs=("associations", "agent"),
        after=("cluster-context",),
    ),
    Check(
        "pod-identity-association",
        "serviceAccount",
        "no Pod Identity association overrides the annotation",
        symptoms.OTHER_IDENTITY,
        "A Pod Identity association overrides the annotation in all pods that are created after it. Use only"
        " one of the two.",
        doc_links.POD_IDENTITY,
        "Run `aws eks delete-pod-identity-association --cluster-name CLUSTER --association-id ID` to use the"
        " annotation.",
        association_overrides,
        needs=("associations",),
        after=("cluster-context", "pod-identity-agent"),
    ),
    Check(
        "pod-identity-admission",
        "serviceAccount",
        "a new pod gets the role from the annotation (tested with a dry run)",
        symptoms.OTHER_IDENTITY,
        "A Pod Identity association overrides the annotation in all pods that are created after it. A pod"
        " that was created as a dry run shows that there is one.",
        doc_links.POD_IDENTITY,
        f"Allow eks:ListPodIdentityAssociations, as in {DOCUMENTS}/base.json, and check again.",
        admitted_by_association,
        needs=("probe",),
        after=("cluster-context",),
    ),
)
