# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the pod identity webhook, which tells pods their role."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...model.webhook import Webhook, unmet
from ..evidence import Evidence
from . import doc_links
from .check import Check, Finding, Judge

_NO_COMMAND = "EKS keeps it: open a case, or on another cluster install it again"


def webhook_missing(evidence: Evidence) -> Iterator[Finding]:
    # Under another name it still does its work.
    if not evidence.webhooks and not evidence.probe.is_told:
        what = f"no MutatingWebhookConfiguration has the pod identity webhook; {_NO_COMMAND}"
        yield Finding(what, mends=False)


def _of_every_webhook(judge: Callable[[Webhook, Evidence], Iterator[Finding]]) -> Judge:
    """What `judge` finds, unless one webhook is right: it is enough, as is a pod that was told its role."""

    def judged(evidence: Evidence) -> Iterator[Finding]:
        found = [tuple(judge(webhook, evidence)) for webhook in evidence.webhooks]
        if all(found) and not evidence.probe.is_told:
            for findings in found:
                yield from findings

    return judged


def _blind(webhook: Webhook, _evidence: Evidence) -> Iterator[Finding]:
    if not webhook.sees_new_pods:
        what = f"no rule of {webhook.configuration} is about the creation of pods; {_NO_COMMAND}"
        yield Finding(what, mends=False)


def _ca_wrong(webhook: Webhook, _evidence: Evidence) -> Iterator[Finding]:
    if not webhook.ca.is_readable:
        yield Finding(f"the caBundle of {webhook.configuration} holds no certificate", mends=False)
    elif webhook.ca.is_over:
        what = f"the certificate in the caBundle of {webhook.configuration} ended {webhook.ca.until}"
        yield Finding(what, mends=False)


def _nowhere(webhook: Webhook, _evidence: Evidence) -> Iterator[Finding]:
    if webhook.url and not webhook.url.startswith("https://"):
        yield Finding(f"{webhook.configuration} calls {webhook.url}, which is no https URL", mends=False)
    elif webhook.service and webhook.has_service is False:
        what = f"{webhook.configuration} calls the Service {webhook.service}, which does not exist"
        yield Finding(what, mends=False)


def _not_for_namespace(webhook: Webhook, evidence: Evidence) -> Iterator[Finding]:
    namespace = evidence.chain.subject.namespace
    labels = {"kubernetes.io/metadata.name": namespace, **evidence.namespace_labels}
    for requirement in unmet(webhook.namespace_selector, labels):
        key = requirement.get("key", "")
        what = f"the namespaceSelector of {webhook.configuration} leaves {namespace} out by its label {key}"
        words = _label_words(namespace, requirement)
        yield Finding(what, remedy=words, mends=bool(words))


def webhook_silent(evidence: Evidence) -> Iterator[Finding]:
    # The pod that was tried has no labels, and such a webhook is not asked about it.
    asks_for_labels = any(unmet(webhook.object_selector, {}) for webhook in evidence.webhooks)
    if evidence.probe.refusal:
        what = "the API server refuses every new pod for the volume that the webhook adds"
        yield Finding(f"{what}: {evidence.probe.refusal}", mends=False)
    elif not evidence.probe.is_told and not asks_for_labels:
        what = f"a pod that was created as a dry run was not told its role{_policies(evidence.webhooks)}"
        yield Finding(what, mends=False)


def webhook_strict(evidence: Evidence) -> Iterator[Finding]:
    for webhook in evidence.webhooks:
        if webhook.failure_policy == "Fail":
            what = f"failurePolicy of {webhook.configuration} is Fail: while it is down, no pod can start"
            yield Finding(what, mends=False)


def _policies(webhooks: tuple[Webhook, ...]) -> str:
    for policy, what in (("Fail", "lets no pod start"), ("Ignore", "lets pods start without")):
        if any(webhook.failure_policy == policy for webhook in webhooks):
            return f": the webhook does not answer, and its failurePolicy {policy} {what}"
    return ""


def _label_words(namespace: str, requirement: Mapping[str, Any]) -> tuple[str, ...]:
    """The command after which the namespace meets a requirement; none where that is not a label's matter."""
    key, operator = str(requirement.get("key")), requirement.get("operator")
    if key.startswith("kubernetes.io/"):
        return ()
    values = requirement.get("values") or [""]
    change = f"{key}={values[0]}" if operator in ("In", "Exists") else f"{key}-"
    return ("kubectl", "label", "--overwrite", "namespace", namespace, change)


WEBHOOK_CHECKS = (
    Check(
        "webhook-present",
        "cluster",
        "the pod identity webhook's registration",
        "Pods have neither AWS_ROLE_ARN nor AWS_WEB_IDENTITY_TOKEN_FILE.",
        "The webhook is what tells pods their role when they are created. EKS brings it; other clusters have"
        " to install it.",
        doc_links.WEBHOOK,
        "No command: EKS puts it back when the control plane is updated; elsewhere, install it.",
        webhook_missing,
        needs=("webhooks",),
        after=("cluster-context",),
    ),
    Check(
        "webhook-rules",
        "cluster",
        "whether the webhook is asked about new pods",
        "Pods have neither AWS_ROLE_ARN nor AWS_WEB_IDENTITY_TOKEN_FILE.",
        "The API server asks a webhook only about what its rules name. This one must be asked about CREATE of"
        " pods.",
        doc_links.ADMISSION,
        "No command: EKS puts them back when the control plane is updated; elsewhere, install it anew.",
        _of_every_webhook(_blind),
        needs=("webhooks",),
        after=("webhook-present",),
    ),
    Check(
        "webhook-ca",
        "cluster",
        "the certificate that the webhook's own is checked against",
        "Pods start without a role, and the API server logs failures to call the webhook.",
        "The API server trusts the webhook by its caBundle. With a wrong or an old one no call succeeds, and"
        " failurePolicy Ignore hides that.",
        doc_links.ADMISSION,
        "No command: EKS renews it; elsewhere, have cert-manager renew it.",
        _of_every_webhook(_ca_wrong),
        needs=("webhooks",),
        after=("webhook-present",),
    ),
    Check(
        "webhook-address",
        "cluster",
        "where the API server calls the webhook",
        "Pods start without a role, and the API server logs failures to call the webhook.",
        "A webhook is called at an https URL or through a Service. One that does not exist is never reached,"
        " and failurePolicy Ignore hides that.",
        doc_links.ADMISSION,
        "No command: on EKS it is an address of AWS's own; elsewhere, bring the Service back.",
        _of_every_webhook(_nowhere),
        needs=("webhooks",),
        after=("webhook-present",),
    ),
    Check(
        "webhook-namespace",
        "cluster",
        "whether the webhook is asked about this namespace",
        "Pods of one namespace have no role, those of others do.",
        "The webhook's namespaceSelector leaves this namespace out. Its pods start as if their ServiceAccount"
        " had no annotation.",
        doc_links.ADMISSION,
        "`kubectl label namespace` gives or takes the label that the selector asks for.",
        _of_every_webhook(_not_for_namespace),
        needs=("webhooks", "namespace"),
        after=("webhook-present",),
    ),
    Check(
        "webhook-answers",
        "cluster",
        "whether a new pod would be told its role (tried as a dry run)",
        "Pods start without a role although all settings look right.",
        "Admission was run for a pod that was not stored, and no role was put into it. All that iamsa can see"
        " of the webhook is right, so it does not answer or does not know the ServiceAccount yet.",
        doc_links.WEBHOOK,
        "No command: look for failures to call the webhook in the log of the API server.",
        webhook_silent,
        needs=("probe",),
        after=(
            *("webhook-present", "webhook-rules", "webhook-ca", "webhook-address", "webhook-namespace"),
            *("service-account-exists", "service-account-deleting", "annotation-present", "annotation-form"),
            "token-expiration-limit",
        ),
    ),
    Check(
        "webhook-failure-policy",
        "cluster",
        "what happens to pods while the webhook does not answer",
        "No pod can be created while the webhook is down.",
        "With failurePolicy Fail every pod depends on the webhook, also those that need no role. EKS"
        " registers it with Ignore.",
        doc_links.ADMISSION,
        "No command: set failurePolicy to Ignore, as EKS does.",
        webhook_strict,
        needs=("webhooks",),
        after=("webhook-present",),
        warns=True,
    ),
)
