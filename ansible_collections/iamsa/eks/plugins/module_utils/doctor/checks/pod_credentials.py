# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of what each pod was told when it was created, and of what it says itself instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...identity.keys import ANNOTATION_ROLE_ARN
from ...model.pods import FILE_VARIABLE, ROLE_VARIABLE, TOKEN_FOLDERS, Pod
from ..evidence import Evidence
from . import doc_links
from .check import Check, Finding, Verdict
from .mounted_token import API_SERVER
from .pod import ROOTS, UNTOLD, is_told
from .restart import restart, unset


def own_variables(evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    named = (
        evidence.chain.service_account.annotations.get(ANNOTATION_ROLE_ARN)
        if evidence.chain.service_account
        else None
    )
    is_new = bool(evidence.annotated_since) and pod.created > evidence.annotated_since
    for container in pod.told:
        has_role, has_file = ROLE_VARIABLE in container.env, FILE_VARIABLE in container.env
        file = container.env.get(FILE_VARIABLE) or ""
        if has_role != has_file:
            only = ROLE_VARIABLE if has_role else FILE_VARIABLE
            what = (
                f"container {container.name} sets {only} itself, so the webhook sets neither it nor the other"
            )
            yield unset(pod, what, only)
        elif has_file and not file.startswith(TOKEN_FOLDERS):
            what = f"container {container.name} sets {FILE_VARIABLE} itself, to {file or 'something else'}"
            # Another token for the same role may be meant, and good.
            verdict: Verdict = "warn" if container.role == named else "fail"
            yield replace(unset(pod, what, FILE_VARIABLE, ROLE_VARIABLE), verdict=verdict)
        elif has_role and is_new and container.role != named:
            value = container.role or "a reference"
            what = f"container {container.name} sets {ROLE_VARIABLE} itself, to {value}"
            yield unset(pod, what, ROLE_VARIABLE, FILE_VARIABLE)


def too_old(evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    if not is_told(pod) and pod.told and evidence.annotated_since and pod.created <= evidence.annotated_since:
        yield restart(pod, "it was created before the ServiceAccount was annotated, and has no role")


def not_told(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    if pod.told and not is_told(pod):
        yield restart(pod, "none of its containers was told the role when the pod was created")


def told_in_part(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    silent = [container.name for container in pod.told if not container.is_told]
    if silent and is_told(pod):
        what = f"container {', '.join(silent)} has no role, unlike the pod's others"
        yield Finding(what, mends=False)


def old_role(evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    annotations = evidence.chain.service_account.annotations if evidence.chain.service_account else {}
    for role in sorted({one.role for one in pod.told} - {annotations.get(ANNOTATION_ROLE_ARN, ""), ""}):
        yield restart(pod, f"it still has {role}, which the ServiceAccount named when it was created")


def other_way(evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    """What it was told when it was created, and what a new pod would be told."""
    if evidence.associations and any(one.is_by_token for one in pod.told):
        what = f"it was created before the Pod Identity association {evidence.associations[0].id}"
        yield restart(pod, f"{what}, and still has the annotation's role")
    elif not evidence.associations and any(one.is_by_agent for one in pod.told):
        yield restart(pod, "it asks the Pod Identity agent for the role of an association that is gone")


def old_audience(evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    mounted, wanted = pod.spec.token_audience, evidence.chain.audience
    if mounted is not None and mounted != wanted:
        now = f"the ServiceAccount's are for {wanted or API_SERVER} by now"
        yield restart(pod, f"its token is for {mounted or API_SERVER}, and {now}")


_WEBHOOK = ("webhook-present", "webhook-rules", "webhook-ca", "webhook-address", "webhook-namespace")

POD_CREDENTIALS_CHECKS = (
    Check(
        "pod-own-variables",
        "pod",
        "whether the pod sets the role's variables itself",
        "The pod takes another role than its ServiceAccount names, or none.",
        "The webhook keeps what a container sets itself. If it sets one of the two variables, the webhook"
        " adds neither.",
        doc_links.WEBHOOK,
        "`kubectl set env` removes the variables.",
        judge_pod=own_variables,
        needs=("pods", "told"),
        after=(*ROOTS, "pod-account"),
    ),
    Check(
        "pod-age",
        "pod",
        "whether the pod is younger than the annotation",
        UNTOLD,
        "The webhook sees pods only when they are created. One that was there before the annotation stays as"
        " it is until it is restarted.",
        doc_links.POD,
        "`kubectl rollout restart` makes the pods anew.",
        judge_pod=too_old,
        needs=("pods", "told"),
        after=(*ROOTS, "pod-account", "pod-skip-label", "pod-selected", "pod-own-variables"),
    ),
    Check(
        "pod-variables",
        "pod",
        "whether the pod was told its role",
        UNTOLD,
        "The ServiceAccount was annotated when the pod was created, and the webhook did not change the pod."
        " It was down then, and its failurePolicy lets pods start without a role.",
        doc_links.POD,
        "`kubectl rollout restart` makes the pods anew.",
        judge_pod=not_told,
        needs=("pods", "told"),
        after=(
            *(*ROOTS, *_WEBHOOK, "webhook-answers"),
            *("pod-account", "pod-skip-label", "pod-selected", "pod-own-variables", "pod-age"),
        ),
    ),
    Check(
        "pod-containers",
        "pod",
        "whether all of its containers were told the role",
        "One container of the pod has no role, and the others do.",
        "The webhook sees only the containers that are there when it is asked: a sidecar that another webhook"
        " adds later gets no role. If it needs none, all is well.",
        doc_links.ADMISSION,
        "Have whatever adds the container add the variables too.",
        judge_pod=told_in_part,
        needs=("pods", "told"),
        after=(*ROOTS, "pod-account", "pod-own-variables"),
        warns=True,
    ),
    Check(
        "pod-association",
        "pod",
        "whether the pod gets its role in the way that new ones do",
        "The Pod Identity agent gives the pod no credentials, or the pod has the role of before.",
        "A Pod Identity association is used by pods that are created after it, and running pods go on asking"
        " the agent when it is deleted. A restart gives them what new pods get.",
        doc_links.POD_IDENTITY,
        "`kubectl rollout restart` makes the pods anew.",
        judge_pod=other_way,
        needs=("pods", "associations"),
        after=(*ROOTS, "pod-account", "pod-own-variables", "pod-identity-association"),
    ),
    Check(
        "pod-role",
        "pod",
        "whether the pod has the role that is named now",
        "The pod still has the role of before.",
        "A pod keeps the role that was named when it was created. A new one reaches it with a restart.",
        doc_links.POD,
        "`kubectl rollout restart` makes the pods anew.",
        judge_pod=old_role,
        needs=("pods", "told"),
        after=(*ROOTS, "pod-account", "pod-own-variables", "pod-association"),
    ),
    Check(
        "pod-audience",
        "pod",
        "whom the pod's token is for",
        "AWS says InvalidIdentityToken or AccessDenied to one pod, and not to a newer one.",
        "The audience of a pod's token is set when the pod is created. A new annotation reaches it with a"
        " restart.",
        doc_links.POD,
        "`kubectl rollout restart` makes the pods anew.",
        judge_pod=old_audience,
        needs=("pods", "told"),
        after=(*ROOTS, "pod-account", "audience-form", "pod-association"),
    ),
)
