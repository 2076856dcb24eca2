# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of whether the webhook is called for a pod and injects a role into it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...errors import quoted
from ...model.pods import SKIP_CONTAINERS, SKIP_LABEL, Pod
from ...model.skip_containers import skipped_containers
from ...model.webhook import Webhook, unmet
from ..evidence import Evidence
from . import doc_links, symptoms
from .check import Check, Finding
from .restart import put, removed, restart


def other_service_account(evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    chain = evidence.chain
    if pod.spec.service_account != chain.subject.name:
        what = f"the pod uses serviceaccount {pod.spec.service_account}"
        yield restart(pod, f"{what}, but {pod.owner} now names {chain.subject.name}")


def label_skips(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    if SKIP_LABEL in pod.spec.labels and not is_told(pod):
        yield removed(
            pod, f"the label {SKIP_LABEL} excludes the pod from the webhook", "metadata", "labels", SKIP_LABEL
        )


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
    what = f"the objectSelector of {webhook.configuration} excludes the pod by the label {key}"
    if requirement.get("operator") in ("In", "Exists"):
        return put(pod, what, values[0], "metadata", "labels", key)
    # The workload may select its pods by the label, so it is not removed.
    return Finding(what, mends=False)


def containers_skipped(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    if pod.spec.containers and not pod.told and not is_told(pod):
        skipped = sorted(skipped_containers(pod.spec.annotations.get(SKIP_CONTAINERS, "")))
        named = f": {', '.join(map(quoted, skipped))}" if skipped else ""
        what = f"the annotation {SKIP_CONTAINERS} excludes all containers of the pod{named}"
        yield removed(pod, what, "metadata", "annotations", SKIP_CONTAINERS)


def is_told(pod: Pod) -> bool:
    """Whether the webhook injected a role into any container."""
    return any(one.is_told for one in pod.spec.containers)


# How restarted pods get what new pods get.
RESTART = "Run `kubectl rollout restart WORKLOAD` to replace the pods."
ROOTS = ("cluster-context", "service-account-exists", "service-account-deleting", "annotation-present")

POD_CHECKS = (
    Check(
        "pod-account",
        "pod",
        "the pod uses the ServiceAccount",
        symptoms.NO_VARIABLES,
        "A pod keeps the ServiceAccount with which it was created. If its template does not set"
        " serviceAccountName, that is the ServiceAccount default.",
        doc_links.POD,
        RESTART,
        judge_pod=other_service_account,
        needs=("pods",),
        after=("cluster-context", "service-account-exists"),
    ),
    Check(
        "pod-skip-label",
        "pod",
        "no label excludes the pod from the webhook",
        symptoms.NO_VARIABLES,
        f"On EKS, the webhook is not called for pods with the label {SKIP_LABEL}, whatever its value. Remove"
        " the label from the template.",
        doc_links.WEBHOOK,
        "Run `kubectl patch` to remove the label from the workload's template.",
        judge_pod=label_skips,
        needs=("pods", "told"),
        after=(*ROOTS, "pod-account"),
    ),
    Check(
        "pod-selected",
        "pod",
        "the webhook selects the pod",
        symptoms.NO_VARIABLES,
        "The webhook's objectSelector requires labels that the pod does not have. The pod starts as if its"
        " ServiceAccount had no annotation.",
        doc_links.ADMISSION,
        "Run `kubectl patch` to add the label that the selector requires to the workload's template.",
        judge_pod=webhook_passes_over,
        needs=("pods", "webhooks"),
        after=(*ROOTS, "webhook-present", "pod-account"),
    ),
    Check(
        "pod-skip-containers",
        "pod",
        "no annotation excludes all containers from the webhook",
        symptoms.NO_VARIABLES,
        f"The annotation {SKIP_CONTAINERS} lists containers into which the webhook injects no role. The pod's"
        " annotation lists all containers.",
        doc_links.WEBHOOK,
        "Run `kubectl patch` to remove the annotation from the workload's template.",
        judge_pod=containers_skipped,
        needs=("pods", "told"),
        after=(*ROOTS, "pod-account"),
    ),
)
