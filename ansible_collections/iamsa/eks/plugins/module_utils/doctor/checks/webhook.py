# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of the pod identity webhook, which injects the role into pods."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...model.webhook import Webhook, unmet
from ..evidence import Evidence
from . import doc_links, symptoms
from .check import Check, Finding, Judge

_NO_COMMAND = "contact AWS Support on EKS, or reinstall the webhook on other clusters"


def webhook_missing(evidence: Evidence) -> Iterator[Finding]:
    # It may be registered under another name.
    if not evidence.webhooks and not evidence.probe.is_told:
        what = f"no MutatingWebhookConfiguration registers the pod identity webhook; {_NO_COMMAND}"
        yield Finding(what, mends=False)


def _of_every_webhook(judge: Callable[[Webhook, Evidence], Iterator[Finding]]) -> Judge:
    """The findings of `judge`, unless one webhook passes or the probe pod got its role: either is enough."""

    def judged(evidence: Evidence) -> Iterator[Finding]:
        found = [tuple(judge(webhook, evidence)) for webhook in evidence.webhooks]
        if all(found) and not evidence.probe.is_told:
            for findings in found:
                yield from findings

    return judged


def _blind(webhook: Webhook, _evidence: Evidence) -> Iterator[Finding]:
    if not webhook.sees_new_pods:
        what = f"no rule of {webhook.configuration} matches the creation of pods; {_NO_COMMAND}"
        yield Finding(what, mends=False)


def _ca_wrong(webhook: Webhook, _evidence: Evidence) -> Iterator[Finding]:
    if not webhook.ca.is_readable:
        yield Finding(f"the caBundle of {webhook.configuration} contains no valid certificate", mends=False)
    elif webhook.ca.is_over:
        what = f"the CA certificate in {webhook.configuration} expired at {webhook.ca.until}"
        yield Finding(what, mends=False)


def _nowhere(webhook: Webhook, _evidence: Evidence) -> Iterator[Finding]:
    if webhook.url and not webhook.url.startswith("https://"):
        what = f"{webhook.configuration} calls {webhook.url}, which is not an https URL"
        yield Finding(what, mends=False)
    elif webhook.service and webhook.has_service is False:
        what = f"{webhook.configuration} calls the Service {webhook.service}, which does not exist"
        yield Finding(what, mends=False)


def _not_for_namespace(webhook: Webhook, evidence: Evidence) -> Iterator[Finding]:
    namespace = evidence.chain.subject.namespace
    labels = {"kubernetes.io/metadata.name": namespace, **evidence.namespace_labels}
    for requirement in unmet(webhook.namespace_selector, labels):
        key = requirement.get("key", "")
        what = f"the namespaceSelector of {webhook.configuration} excludes {namespace} by the label {key}"
        words = _label_words(namespace, requirement)
        yield Finding(what, remedy=words, mends=bool(words))


def webhook_silent(evidence: Evidence) -> Iterator[Finding]:
    # The probe pod has no labels, so a webhook that selects pods by label is not called for it.
    asks_for_labels = any(unmet(webhook.object_selector, {}) for webhook in evidence.webhooks)
    if evidence.probe.refusal:
        what = "the API server rejects new pods because of the volume that the webhook adds"
        yield Finding(f"{what}: {evidence.probe.refusal}", mends=False)
    elif not evidence.probe.is_told and not asks_for_labels:
        what = f"a pod created as a dry run did not get the role{_cause(evidence)}"
        yield Finding(what, mends=False)


def webhook_strict(evidence: Evidence) -> Iterator[Finding]:
    for webhook in evidence.webhooks:
        if webhook.failure_policy == "Fail":
            what = f"failurePolicy of {webhook.configuration} is Fail: no pod can be created while it is down"
            yield Finding(what, mends=False)


def _cause(evidence: Evidence) -> str:
    """Completes the finding with what is known of the webhook, and what becomes of pods."""
    policies = {webhook.failure_policy for webhook in evidence.webhooks}
    if evidence.probe.is_unanswered:
        return "; the webhook does not answer, and with failurePolicy Fail no pod can be created"
    if "Ignore" in policies:
        unknown = "; the webhook does not answer, or does not know the ServiceAccount's role"
        return f"{unknown}, and with failurePolicy Ignore pods start without a role"
    # With Fail, the API server creates no pod unless the webhook answers.
    return "; the webhook answers, but does not know the ServiceAccount's role" if policies else ""


def _label_words(namespace: str, requirement: Mapping[str, Any]) -> tuple[str, ...]:
    """The command that makes the namespace meet a requirement; empty if kubectl cannot change the label."""
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
        "the pod identity webhook is registered",
        symptoms.NO_VARIABLES,
        "The webhook adds the role and a token to pods when they are created. EKS includes it, and on other"
        " clusters you install it yourself.",
        doc_links.WEBHOOK,
        "On EKS, an update of the control plane restores the webhook. On other clusters, install it.",
        webhook_missing,
        needs=("webhooks",),
        after=("cluster-context",),
    ),
    Check(
        "webhook-rules",
        "cluster",
        "the API server calls the webhook for new pods",
        symptoms.NO_VARIABLES,
        "The API server calls a webhook only for requests that match its rules. The pod identity webhook"
        " needs a rule for CREATE of pods.",
        doc_links.ADMISSION,
        "On EKS, an update of the control plane restores the rules. On other clusters, reinstall the"
        " webhook.",
        _of_every_webhook(_blind),
        needs=("webhooks",),
        after=("webhook-present",),
    ),
    Check(
        "webhook-ca",
        "cluster",
        "the webhook's CA certificate is valid",
        symptoms.NO_VARIABLES,
        "The API server verifies the webhook's certificate with the caBundle of its registration. If the"
        " bundle is invalid or expired, every call fails, and failurePolicy Ignore hides the failure.",
        doc_links.ADMISSION,
        "EKS renews the certificate. On other clusters, renew it, for example with cert-manager.",
        _of_every_webhook(_ca_wrong),
        needs=("webhooks",),
        after=("webhook-present",),
    ),
    Check(
        "webhook-address",
        "cluster",
        "the webhook's URL or Service is valid",
        symptoms.NO_VARIABLES,
        "The API server calls a webhook at an https URL or through a Service. If the Service does not exist,"
        " every call fails, and failurePolicy Ignore hides the failure.",
        doc_links.ADMISSION,
        "On EKS, AWS hosts the webhook: contact AWS Support. On other clusters, restore the Service.",
        _of_every_webhook(_nowhere),
        needs=("webhooks",),
        after=("webhook-present",),
    ),
    Check(
        "webhook-namespace",
        "cluster",
        "the webhook selects the namespace",
        symptoms.NO_VARIABLES,
        "The webhook's namespaceSelector excludes this namespace. Its pods start as if their ServiceAccount"
        " had no annotation.",
        doc_links.ADMISSION,
        "Run `kubectl label namespace` to add or remove the label that the selector requires.",
        _of_every_webhook(_not_for_namespace),
        needs=("webhooks", "namespace"),
        after=("webhook-present",),
    ),
    Check(
        "webhook-answers",
        "cluster",
        "a new pod gets the role (tested with a dry run)",
        symptoms.NO_VARIABLES,
        "A pod was created as a dry run, and the webhook added no role to it. The webhook's registration"
        " looks correct, so it is down or has not seen the ServiceAccount's annotation yet.",
        doc_links.WEBHOOK,
        "Look for failed calls to the webhook in the API server's log.",
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
        "pods can be created while the webhook is down",
        symptoms.WEBHOOK_FAILED,
        "With failurePolicy Fail, no pod can be created while the webhook is down, even a pod that needs no"
        " role. EKS registers the webhook with Ignore.",
        doc_links.ADMISSION,
        "Set failurePolicy of the webhook to Ignore, as EKS does.",
        webhook_strict,
        needs=("webhooks",),
        after=("webhook-present",),
        warns=True,
    ),
)
