# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of each pod: whether the webhook was to tell it its role at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...model.pods import SKIP_CONTAINERS, SKIP_LABEL, Pod
from ...model.webhook import Webhook, unmet
from ..evidence import Evidence
from . import doc_links
from .check import Check, Finding
from .restart import put, removed, restart


def other_service_account(evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    chain = evidence.chain
    if pod.spec.service_account != chain.subject.name:
        what = f"it runs under {pod.spec.service_account}, and {pod.owner} says {chain.subject.name} by now"
        yield restart(pod, what)


def label_skips(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    if SKIP_LABEL in pod.spec.labels and not is_told(pod):
        yield removed(pod, f"its label {SKIP_LABEL} keeps the webhook away", "metadata", "labels", SKIP_LABEL)


def webhook_passes_over(evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    passed = [(one, unmet(one.object_selector, pod.spec.labels)) for one in evidence.webhooks]
    if is_told(pod) or not all(lacking for _webhook, lacking in passed):
        return
    for webhook, requirements in passed:
        for requirement in requirements:
            if requirement.get("key") != SKIP_LABEL:
                yield _left_out(pod, webhook, requirement)


def _left_out(pod: Pod, webhook: Webhook, requirement: Mapping[str, Any]) -> Finding:
    key, values = str(requirement.get("key")), requirement.get("values") or [""]
    what = f"the objectSelector of {webhook.configuration} leaves it out by its label {key}"
    if requirement.get("operator") in ("In", "Exists"):
        return put(pod, what, values[0], "metadata", "labels", key)
    # A label by which the workload knows its pods cannot be taken away.
    return Finding(what, mends=False)


def containers_skipped(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    if pod.spec.containers and not pod.told:
        skipped = pod.spec.annotations.get(SKIP_CONTAINERS, "")
        what = f"its annotation {SKIP_CONTAINERS} names all of its containers: {skipped}"
        yield removed(pod, what, "metadata", "annotations", SKIP_CONTAINERS)


def is_told(pod: Pod) -> bool:
    """Whether the webhook has told any of its containers a role."""
    return any(one.is_told for one in pod.spec.containers)


ROOTS = ("cluster-context", "service-account-exists", "service-account-deleting", "annotation-present")
UNTOLD = "The pod has neither AWS_ROLE_ARN nor AWS_WEB_IDENTITY_TOKEN_FILE, and uses the node's role."


POD_CHECKS = (
    Check(
        "pod-account",
        "pod",
        "which ServiceAccount the pod runs under",
        "The ServiceAccount has a role, and the pod does not.",
        "A pod keeps the ServiceAccount that it was created with. A template that names none gives it"
        " default.",
        doc_links.POD,
        "`kubectl rollout restart` makes the pods anew.",
        judge_pod=other_service_account,
        needs=("pods",),
        after=("cluster-context", "service-account-exists"),
    ),
    Check(
        "pod-skip-label",
        "pod",
        "the label that keeps the webhook away",
        UNTOLD,
        "EKS's webhook is not asked about pods with this label, whatever its value. Take it out of the"
        " template.",
        doc_links.WEBHOOK,
        "`kubectl patch` takes the label out of the workload's template.",
        judge_pod=label_skips,
        needs=("pods", "told"),
        after=(*ROOTS, "pod-account"),
    ),
    Check(
        "pod-selected",
        "pod",
        "whether the webhook is asked about the pod",
        UNTOLD,
        "The webhook's objectSelector asks for labels that the pod does not have. The pod starts as if its"
        " ServiceAccount had no annotation.",
        doc_links.ADMISSION,
        "`kubectl patch` puts the label that the selector asks for into the workload's template.",
        judge_pod=webhook_passes_over,
        needs=("pods", "webhooks"),
        after=(*ROOTS, "webhook-present", "pod-account"),
    ),
    Check(
        "pod-skip-containers",
        "pod",
        "the containers that the webhook is to leave alone",
        UNTOLD,
        "The annotation lists containers that get no role. Here it lists all of them.",
        doc_links.WEBHOOK,
        "`kubectl patch` takes the annotation out of the workload's template.",
        judge_pod=containers_skipped,
        needs=("pods", "told"),
        after=(*ROOTS, "pod-account"),
    ),
)
