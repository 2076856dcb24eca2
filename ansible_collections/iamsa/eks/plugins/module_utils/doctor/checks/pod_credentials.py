# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the role and the token that a pod got when it was created, and of its own variables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...identity.keys import ANNOTATION_ROLE_ARN
from ...model.pods import FILE_VARIABLE, ROLE_VARIABLE, TOKEN_FOLDERS, TOKEN_VOLUME, Container, Pod
from ..evidence import Evidence
from . import doc_links, symptoms
from .check import Check, Finding, Verdict
from .mounted_token import API_SERVER
from .pod import RESTART, ROOTS, is_told
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
            what = f"container {container.name} sets {only} itself, so the webhook adds neither variable"
            yield unset(pod, what, only)
        elif has_file and not _is_from_webhook(pod, container, file):
            what = f"container {container.name} sets {FILE_VARIABLE} itself, to {file or 'another value'}"
            # Another token for the same role may be intended, and valid.
            verdict: Verdict = "warn" if container.role == named else "fail"
            yield replace(unset(pod, what, FILE_VARIABLE, ROLE_VARIABLE), verdict=verdict)
        elif has_role and is_new and container.role != named:
            value = container.role or "a reference"
            what = f"container {container.name} sets {ROLE_VARIABLE} itself, to {value}"
            yield unset(pod, what, ROLE_VARIABLE, FILE_VARIABLE)


def _is_from_webhook(pod: Pod, container: Container, file: str) -> bool:
    """Whether the file is in the webhook's folder, which --token-mount-path of the webhook can change."""
    return file.startswith(TOKEN_FOLDERS) or pod.spec.has_token_at(container, file)


def no_token_file(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    for container in pod.told:
        file = container.env.get(FILE_VARIABLE)
        if not file or not container.role or not container.token_mounts:
            continue
        if pod.spec.volume_type:
            what = f"the pod's own volume {TOKEN_VOLUME} is of type {pod.spec.volume_type} and has no token"
            yield Finding(f"{what}; rename the volume in the pod template", mends=False)
            return
        if not pod.spec.has_token_at(container, file):
            mounts = ", ".join(container.token_mounts)
            what = (
                f"container {container.name} mounts {TOKEN_VOLUME} at {mounts}, but its token file is {file}"
            )
            yield Finding(f"{what}; remove the mount from the pod template", mends=False)


def too_old(evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    if not is_told(pod) and pod.told and evidence.annotated_since and pod.created <= evidence.annotated_since:
        yield restart(pod, "the pod was created before the ServiceAccount was annotated, so it has no role")


def not_told(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    if pod.told and not is_told(pod):
        yield restart(pod, "the webhook injected no role into the pod when it was created")


def told_in_part(_evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    silent = [container.name for container in pod.told if not container.is_told]
    if silent and is_told(pod):
        what = f"container {', '.join(silent)} has no role, unlike the pod's other containers"
        yield Finding(what, mends=False)


def old_role(evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    annotations = evidence.chain.service_account.annotations if evidence.chain.service_account else {}
    for role in sorted({one.role for one in pod.told} - {annotations.get(ANNOTATION_ROLE_ARN, ""), ""}):
        yield restart(
            pod, f"the pod still uses {role}, which the ServiceAccount named when the pod was created"
        )


def other_way(evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    """The pod gets its role by Pod Identity but new pods do not, or the other way around."""
    if evidence.associations and any(one.is_by_token for one in pod.told):
        what = f"the pod was created before the Pod Identity association {evidence.associations[0].id}"
        yield restart(pod, f"{what}, so it still uses the annotation's role")
    elif not evidence.associations and any(one.is_by_agent for one in pod.told):
        yield restart(pod, "the pod uses a Pod Identity association that was deleted")


def old_audience(evidence: Evidence, pod: Pod) -> Iterator[Finding]:
    mounted, wanted = pod.spec.token_audience, evidence.chain.audience
    if mounted is not None and mounted != wanted:
        what = f"the audience of the pod's token is {mounted or API_SERVER}"
        yield restart(pod, f"{what}, but new pods get {wanted or API_SERVER}")


_WEBHOOK = ("webhook-present", "webhook-rules", "webhook-ca", "webhook-address", "webhook-namespace")

POD_CREDENTIALS_CHECKS = (
    Check(
        "pod-own-variables",
        "pod",
        "the pod does not set the role's variables itself",
        symptoms.OTHER_IDENTITY,
        "The webhook does not override AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE if a container sets"
        " them. If it sets one of them, the webhook does not add the other.",
        doc_links.WEBHOOK,
        "Run `kubectl set env WORKLOAD AWS_ROLE_ARN- AWS_WEB_IDENTITY_TOKEN_FILE-` to remove the variables.",
        judge_pod=own_variables,
        needs=("pods", "told"),
        after=(*ROOTS, "pod-account"),
    ),
    Check(
        "pod-token",
        "pod",
        "the pod's token file exists",
        symptoms.NO_TOKEN_FILE,
        f"The webhook adds no volume if the pod has one with the name {TOKEN_VOLUME}, and no mount if a"
        f" container mounts it already. The variable {FILE_VARIABLE} then names a file that does not exist.",
        doc_links.WEBHOOK,
        f"Rename the volume {TOKEN_VOLUME} and its mounts in the workload's template.",
        judge_pod=no_token_file,
        needs=("pods", "told"),
        after=(*ROOTS, "pod-account", "pod-own-variables"),
    ),
    Check(
        "pod-age",
        "pod",
        "the pod was created after the ServiceAccount was annotated",
        symptoms.NO_VARIABLES,
        "The webhook changes pods only when they are created. A pod that is older than the annotation gets no"
        " role until it is restarted.",
        doc_links.POD,
        RESTART,
        judge_pod=too_old,
        needs=("pods", "told"),
        after=(*ROOTS, "pod-account", "pod-skip-label", "pod-selected", "pod-own-variables"),
    ),
    Check(
        "pod-variables",
        "pod",
        "the webhook injected the role into the pod",
        symptoms.NO_VARIABLES,
        "The ServiceAccount was annotated when the pod was created, but the webhook did not change the pod."
        " The webhook was down, and with failurePolicy Ignore pods start without a role.",
        doc_links.POD,
        RESTART,
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
        "all containers of the pod have the role",
        symptoms.NO_VARIABLES,
        "The webhook changes only the containers that exist when it is called: a sidecar that another webhook"
        " adds later gets no role. If the container does not call AWS, ignore the warning.",
        doc_links.ADMISSION,
        "Add the variables and the token's volume mount where the container is added.",
        judge_pod=told_in_part,
        needs=("pods", "told"),
        after=(*ROOTS, "pod-account", "pod-own-variables"),
        warns=True,
    ),
    Check(
        "pod-association",
        "pod",
        "the pod gets its role in the same way as new pods",
        symptoms.OTHER_IDENTITY,
        "Only pods that are created after a Pod Identity association use it, and they keep using it after it"
        " is deleted. A restart makes them use what new pods use.",
        doc_links.POD_IDENTITY,
        RESTART,
        judge_pod=other_way,
        needs=("pods", "associations"),
        after=(*ROOTS, "pod-account", "pod-own-variables", "pod-identity-association"),
    ),
    Check(
        "pod-role",
        "pod",
        "the pod uses the role that the ServiceAccount names",
        symptoms.OTHER_IDENTITY,
        "A pod keeps the role that its ServiceAccount named when the pod was created. If the annotation"
        " changes, restart the pod.",
        doc_links.POD,
        RESTART,
        judge_pod=old_role,
        needs=("pods", "told"),
        after=(*ROOTS, "pod-account", "pod-own-variables", "pod-association"),
    ),
    Check(
        "pod-audience",
        "pod",
        "the audience of the pod's token is current",
        symptoms.WRONG_AUDIENCE,
        "The audience of a pod's token is set when the pod is created. If the annotation changes, restart the"
        " pod.",
        doc_links.POD,
        RESTART,
        judge_pod=old_audience,
        needs=("pods", "told"),
        after=(*ROOTS, "pod-account", "audience-form", "pod-association"),
    ),
)
