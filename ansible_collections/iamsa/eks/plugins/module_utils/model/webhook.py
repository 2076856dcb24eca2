# SPDX-License-Identifier: GPL-3.0-or-later

"""The registration of the pod identity webhook, and the pods for which the API server calls it.

Sources: https://github.com/aws/amazon-eks-pod-identity-webhook and
https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# The webhook of EKS, and the one that is installed on other clusters.
WEBHOOK_NAMES = ("iam-for-pods.amazonaws.com", "pod-identity-webhook.amazonaws.com")
CONFIGURATION_NAME = "pod-identity-webhook"

Selector = Mapping[str, Any]


@dataclass(frozen=True)
class CertificateAuthority:
    """The caBundle; `until` is when it expires (RFC 3339), "" if unknown. `is_over`: it has expired."""

    is_readable: bool = True
    until: str = ""
    is_over: bool = False


@dataclass(frozen=True)
class Webhook:
    """One webhook of a MutatingWebhookConfiguration, reached by its `service` (namespace/name) or `url`.

    `has_service`: whether that Service exists; None if unknown.
    """

    configuration: str
    name: str
    ca: CertificateAuthority = CertificateAuthority()
    url: str = ""
    service: str = ""
    has_service: bool | None = None
    rules: tuple[Mapping[str, Any], ...] = ()
    failure_policy: str = "Fail"
    namespace_selector: Selector = field(default_factory=dict)
    object_selector: Selector = field(default_factory=dict)

    @property
    def sees_new_pods(self) -> bool:
        """Whether one of its rules matches the creation of pods."""
        return any(_is_about_new_pods(rule) for rule in self.rules)


@dataclass(frozen=True)
class Probe:
    """The result of creating a pod as a dry run. `is_told`: admission injected a role.

    `refusal` is why the API server rejects the volume of the token that the webhook mounts, or "".
    `is_by_agent`: the role comes from a Pod Identity association. `is_unanswered`: the API server could not
    call the webhook, whose failurePolicy is Fail.
    """

    is_told: bool = False
    refusal: str = ""
    is_by_agent: bool = False
    is_unanswered: bool = False


NO_PROBE = Probe()


def is_pod_identity(configuration: str, webhook: str) -> bool:
    """Whether the webhook of this name, in the configuration of this name, is the pod identity webhook."""
    return webhook in WEBHOOK_NAMES or configuration == CONFIGURATION_NAME


def unmet(selector: Selector, labels: Mapping[str, str]) -> tuple[Mapping[str, Any], ...]:
    """The requirements of a label selector that `labels` do not meet, each as a matchExpression.

    Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
    """
    wanted = [
        {"key": key, "operator": "In", "values": [value]}
        for key, value in (selector.get("matchLabels") or {}).items()
    ]
    wanted += selector.get("matchExpressions") or []
    return tuple(one for one in wanted if not _is_met(one, labels))


def _is_met(requirement: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    operator, value = requirement.get("operator"), labels.get(requirement.get("key") or "")
    values: Sequence[str] = requirement.get("values") or ()
    if operator == "Exists":
        return value is not None
    if operator == "DoesNotExist":
        return value is None
    return value in values if operator == "In" else value not in values


def _is_about_new_pods(rule: Mapping[str, Any]) -> bool:
    return (
        _names(rule, "apiGroups", "")
        and _names(rule, "apiVersions", "v1")
        and _names(rule, "operations", "CREATE")
        and (_names(rule, "resources", "pods") or "*/*" in (rule.get("resources") or ()))
        and rule.get("scope", "*") in ("*", "Namespaced")
    )


def _names(rule: Mapping[str, Any], key: str, value: str) -> bool:
    listed = rule.get(key) or ()
    return value in listed or "*" in listed
