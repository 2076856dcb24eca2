"""The Kubernetes objects of a new world, as (path to POST to, object)."""

from __future__ import annotations

import base64
from pathlib import Path

from pocket_eks.rest import Json

NARROW = "narrow"  # the name of the narrow user, and of the only namespace that they have permissions in
RBAC = "/apis/rbac.authorization.k8s.io/v1"
SKIP_LABEL = "eks.amazonaws.com/skip-pod-identity-webhook"


def narrow_user() -> list[tuple[str, Json]]:
    """Return a namespace, and the permissions there to manage roles of ServiceAccounts and to list pods."""
    named = {"name": NARROW, "namespace": NARROW}
    rules = [
        {
            "apiGroups": [""],
            "resources": ["serviceaccounts"],
            "verbs": ["get", "list", "create", "update", "patch", "delete"],
        },
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]},
        {"apiGroups": [""], "resources": ["serviceaccounts/token"], "verbs": ["create"]},
    ]
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": named, "rules": rules}
    binding = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": named,
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": NARROW}],
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": NARROW},
    }
    return [
        ("/api/v1/namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NARROW}}),
        (f"{RBAC}/namespaces/{NARROW}/roles", role),
        (f"{RBAC}/namespaces/{NARROW}/rolebindings", binding),
    ]


def pod_identity_webhook(url: str, ca: Path) -> tuple[str, Json]:
    """Return the webhook configuration that EKS creates in every cluster, with another port."""
    webhook = {
        "name": "iam-for-pods.amazonaws.com",
        "admissionReviewVersions": ["v1beta1"],
        "clientConfig": {"caBundle": base64.b64encode(ca.read_bytes()).decode(), "url": f"{url}/mutate"},
        "failurePolicy": "Ignore",
        "matchPolicy": "Equivalent",
        "namespaceSelector": {},
        "objectSelector": {"matchExpressions": [{"key": SKIP_LABEL, "operator": "DoesNotExist"}]},
        "reinvocationPolicy": "IfNeeded",
        "rules": [
            {
                "apiGroups": [""],
                "apiVersions": ["v1"],
                "operations": ["CREATE"],
                "resources": ["pods"],
                "scope": "*",
            }
        ],
        "sideEffects": "None",
        "timeoutSeconds": 10,
    }
    return (
        "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "MutatingWebhookConfiguration",
            "metadata": {"name": "pod-identity-webhook"},
            "webhooks": [webhook],
        },
    )
