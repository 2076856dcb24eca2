# SPDX-License-Identifier: GPL-3.0-or-later

"""The permissions in each document of docs/permissions, so that the hint for a denial can name a document.

Source: docs/permissions/README.md. A test compares these tables with the documents.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import DOCS
from .denial import read_denial, remedy_of

DOCUMENTS = f"{DOCS}/permissions"

AWS_DOCUMENTS: Mapping[str, frozenset[str]] = {
    "base.json": frozenset(
        {
            "eks:DescribeCluster",
            "eks:DescribePodIdentityAssociation",
            "eks:ListPodIdentityAssociations",
            "iam:AttachRolePolicy",
            "iam:CreateRole",
            "iam:DeleteRole",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:GetAccountSummary",
            "iam:GetOpenIDConnectProvider",
            "iam:GetPolicy",
            "iam:GetRole",
            "iam:GetRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:ListInstanceProfilesForRole",
            "iam:ListPolicies",
            "iam:ListRolePolicies",
            "iam:PutRolePolicy",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
        }
    ),
    "boundary.json": frozenset({"iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary"}),
    "provider.json": frozenset(
        {
            "eks:DescribeCluster",
            "iam:AddClientIDToOpenIDConnectProvider",
            "iam:CreateOpenIDConnectProvider",
            "iam:DeleteOpenIDConnectProvider",
            "iam:GetOpenIDConnectProvider",
            "iam:ListOpenIDConnectProviders",
            "iam:RemoveClientIDFromOpenIDConnectProvider",
            "iam:TagOpenIDConnectProvider",
            "iam:UntagOpenIDConnectProvider",
        }
    ),
    "doctor.json": frozenset(
        {
            "eks:DescribeAddon",
            "iam:GetPolicyVersion",
            "iam:ListOpenIDConnectProviders",
        }
    ),
    "inventory.json": frozenset({"iam:GetAccountAuthorizationDetails", "iam:GetAccountSummary"}),
    "verify.json": frozenset(
        {
            "eks:DescribeCluster",
            "eks:DescribePodIdentityAssociation",
            "eks:ListPodIdentityAssociations",
            "iam:GetRole",
            "iam:SimulatePrincipalPolicy",
        }
    ),
    "adopt.json": frozenset(
        {
            "iam:AttachRolePolicy",
            "iam:CreateRole",
            "iam:DeleteRole",
            "iam:DeleteRolePermissionsBoundary",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:PutRolePermissionsBoundary",
            "iam:PutRolePolicy",
            "iam:TagRole",
            "iam:UntagRole",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
        }
    ),
}
"""Actions by document. If several documents allow an action, the narrowest comes first."""

RBAC_RULES: Mapping[str, frozenset[str]] = {
    "serviceaccounts": frozenset({"get", "list", "create", "patch", "delete"}),
    "pods": frozenset({"list"}),
}
"""Verbs by resource in rbac.yaml, all of them in one namespace."""

VERIFY_RULES: Mapping[str, frozenset[str]] = {"serviceaccounts/token": frozenset({"create"})}
"""Verbs by resource in rbac-verify.yaml."""

DOCTOR_RULES: Mapping[str, frozenset[str]] = {
    "pods": frozenset({"get", "list", "create"}),
    "deployments": frozenset({"get"}),
    "statefulsets": frozenset({"get"}),
    "daemonsets": frozenset({"get"}),
    "replicasets": frozenset({"get"}),
    "jobs": frozenset({"get"}),
    "cronjobs": frozenset({"get"}),
    "mutatingwebhookconfigurations": frozenset({"list"}),
    "namespaces": frozenset({"get"}),
    "services": frozenset({"get"}),
}
"""Verbs by resource in the Role and the ClusterRole of rbac-doctor.yaml."""


def needed_action(called: str, message: str) -> str:
    """The denied action in AWS's `message`, or `called`: CreateRole with tags can be denied for iam:TagRole.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    return read_denial(message).action or called


def aws_remedy(action: str, message: str = "", *, document: str = "") -> str:
    """The hint for a denied `action`, such as `iam:CreateRole`; `message` is AWS's error message.

    `document` is the one that this run needs anyway: it is named if it allows the action.
    """
    elsewhere = remedy_of(read_denial(message), action)
    if elsewhere:
        return elsewhere
    documents = [name for name, actions in AWS_DOCUMENTS.items() if action in actions]
    if not documents:
        return f"allow {action} for these credentials"
    named = document if document in documents else documents[0]
    remedy = f"allow {action}, for example with {DOCUMENTS}/{named}"
    return (
        f"{remedy} for roles that iamsa created, and adopt.json for others"
        if "adopt.json" in documents
        else remedy
    )


def rbac_remedy(verb: str, resource: str) -> str:
    """The hint for a denied `verb` on `resource`, in RBAC's terms, in a namespace."""
    manifests = (
        ("rbac.yaml", RBAC_RULES),
        ("rbac-verify.yaml", VERIFY_RULES),
        ("rbac-doctor.yaml", DOCTOR_RULES),
    )
    shipped = next((name for name, rules in manifests if verb in rules.get(resource, ())), "")
    return "ask for a role that allows it" + (
        f", such as the one in {DOCUMENTS}/{shipped}" if shipped else ""
    )
