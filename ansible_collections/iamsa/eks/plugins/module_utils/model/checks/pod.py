# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of each pod: whether it was told its role, and when not, why not."""

from __future__ import annotations

from collections.abc import Iterator

from ..constants import ANNOTATION_ROLE_ARN
from ..pods import FILE_VARIABLE, ROLE_VARIABLE, TOKEN_FOLDER, Pod
from ..scene import Scene
from . import pages
from .check import Check, Finding
from .restart import restart, set_words


def other_account(scene: Scene, pod: Pod) -> Iterator[Finding]:
    chain = scene.chain
    if pod.spec.service_account != chain.subject.name:
        what = f"it runs under {pod.spec.service_account}, and {pod.owner} says {chain.subject.name} by now"
        yield restart(pod, what)


def own_variables(scene: Scene, pod: Pod) -> Iterator[Finding]:
    named = scene.chain.account.annotations.get(ANNOTATION_ROLE_ARN) if scene.chain.account else None
    is_new = bool(scene.annotated_since) and pod.created > scene.annotated_since
    for container in pod.meant:
        has_role, has_file = ROLE_VARIABLE in container.env, FILE_VARIABLE in container.env
        file = container.env.get(FILE_VARIABLE) or ""
        if has_role != has_file:
            only = ROLE_VARIABLE if has_role else FILE_VARIABLE
            what = (
                f"container {container.name} sets {only} itself, so the webhook sets neither it nor the other"
            )
            yield _unset(pod, what, only)
        elif has_file and not file.startswith(TOKEN_FOLDER):
            what = f"container {container.name} sets {FILE_VARIABLE} itself, to {file or 'something else'}"
            yield _unset(pod, what, FILE_VARIABLE, ROLE_VARIABLE)
        elif has_role and is_new and container.role != named:
            value = container.role or "a reference"
            what = f"container {container.name} sets {ROLE_VARIABLE} itself, to {value}"
            yield _unset(pod, what, ROLE_VARIABLE, FILE_VARIABLE)


def too_old(scene: Scene, pod: Pod) -> Iterator[Finding]:
    if not pod.is_told and pod.meant and scene.annotated_since and pod.created <= scene.annotated_since:
        yield restart(pod, "it was created before the ServiceAccount was annotated, and has no role")


def not_told(_scene: Scene, pod: Pod) -> Iterator[Finding]:
    silent = [container.name for container in pod.meant if not container.role]
    if silent:
        yield restart(pod, f"container {', '.join(silent)} was not told its role when the pod was created")


def old_role(scene: Scene, pod: Pod) -> Iterator[Finding]:
    annotations = scene.chain.account.annotations if scene.chain.account else {}
    for role in sorted({one.role for one in pod.meant} - {annotations.get(ANNOTATION_ROLE_ARN, ""), ""}):
        yield restart(pod, f"it still has {role}, which the ServiceAccount named when it was created")


def old_audience(scene: Scene, pod: Pod) -> Iterator[Finding]:
    mounted, wanted = pod.spec.token_audience, scene.chain.audience
    if mounted and mounted != wanted:
        yield restart(pod, f"its token is for {mounted}, and the ServiceAccount's are for {wanted} by now")


def _unset(pod: Pod, what: str, *names: str) -> Finding:
    words = set_words(pod, "env", *(f"{name}-" for name in names))
    return Finding(what, remedy=words, mends=bool(words))


_WEBHOOK = ("webhook-present", "webhook-rules", "webhook-ca", "webhook-address", "webhook-namespace")
_ROOTS = ("cluster-context", "account-exists", "account-deleting", "annotation-present")
_UNTOLD = "The pod has neither AWS_ROLE_ARN nor AWS_WEB_IDENTITY_TOKEN_FILE, and uses the node's role."

POD_CHECKS = (
    Check(
        "pod-account",
        "pod",
        "which ServiceAccount the pod runs under",
        "The ServiceAccount has a role, and the pod does not.",
        "A pod keeps the ServiceAccount that it was created with. A template that names none gives it"
        " default.",
        pages.POD,
        "`kubectl rollout restart` makes the pods anew.",
        judge_pod=other_account,
        needs=("pods",),
        after=("cluster-context", "account-exists"),
    ),
    Check(
        "pod-own-variables",
        "pod",
        "whether the pod sets the role's variables itself",
        "The pod takes another role than its ServiceAccount names, or none.",
        "The webhook keeps what a container sets itself. If it sets one of the two variables, the webhook"
        " adds neither.",
        pages.WEBHOOK,
        "`kubectl set env` removes the variables.",
        judge_pod=own_variables,
        needs=("pods",),
        after=(*_ROOTS, "pod-account"),
    ),
    Check(
        "pod-age",
        "pod",
        "whether the pod is younger than the annotation",
        _UNTOLD,
        "The webhook sees pods only when they are created. One that was there before the annotation stays as"
        " it is until it is restarted.",
        pages.POD,
        "`kubectl rollout restart` makes the pods anew.",
        judge_pod=too_old,
        needs=("pods",),
        after=(*_ROOTS, "pod-account", "pod-skip-label", "pod-selected", "pod-own-variables"),
    ),
    Check(
        "pod-variables",
        "pod",
        "whether the pod was told its role",
        _UNTOLD,
        "The ServiceAccount was annotated when the pod was created, and the webhook did not change the pod."
        " It was down then, and its failurePolicy lets pods start without a role.",
        pages.POD,
        "`kubectl rollout restart` makes the pods anew.",
        judge_pod=not_told,
        needs=("pods",),
        after=(
            *(*_ROOTS, *_WEBHOOK, "webhook-answers"),
            *("pod-account", "pod-skip-label", "pod-selected", "pod-own-variables", "pod-age"),
        ),
    ),
    Check(
        "pod-role",
        "pod",
        "whether the pod has the role that is named now",
        "The pod still has the role of before.",
        "A pod keeps the role that was named when it was created. A new one reaches it with a restart.",
        pages.POD,
        "`kubectl rollout restart` makes the pods anew.",
        judge_pod=old_role,
        needs=("pods",),
        after=(*_ROOTS, "pod-account", "pod-own-variables"),
    ),
    Check(
        "pod-audience",
        "pod",
        "whom the pod's token is for",
        "AWS says InvalidIdentityToken or AccessDenied to one pod, and not to a newer one.",
        "The audience of a pod's token is set when the pod is created. A new annotation reaches it with a"
        " restart.",
        pages.POD,
        "`kubectl rollout restart` makes the pods anew.",
        judge_pod=old_audience,
        needs=("pods",),
        after=(*_ROOTS, "pod-account"),
    ),
)
