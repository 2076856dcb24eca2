# SPDX-License-Identifier: GPL-3.0-or-later

"""Which document of docs/permissions allows what, so that a denial can name its remedy.

Source: docs/permissions/README.md; a test holds these tables against the documents themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..errors import DOCS

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
"""Actions by document; of several documents that allow one, the narrowest comes first."""

RBAC_RULES: Mapping[str, frozenset[str]] = {
    "serviceaccounts": frozenset({"get", "list", "create", "patch", "delete"}),
    "pods": frozenset({"list"}),
}
"""Verbs by resource in rbac.yaml, all in one namespace."""

VERIFY_RULES: Mapping[str, frozenset[str]] = {"serviceaccounts/token": frozenset({"create"})}
"""The same in rbac-verify.yaml."""

DOCTOR_RULES: Mapping[str, frozenset[str]] = {
    "pods": frozenset({"get", "list", "create"}),
    "deployments": frozenset({"get"}),
    "statefulsets": frozenset({"get"}),
    "daemonsets": frozenset({"get"}),
    "jobs": frozenset({"get"}),
    "mutatingwebhookconfigurations": frozenset({"list"}),
    "namespaces": frozenset({"get"}),
    "services": frozenset({"get"}),
}
"""The same in rbac-doctor.yaml, of its Role and its ClusterRole."""

_NEEDED = re.compile(r"not authorized to perform: (?P<action>[a-z0-9-]+:[A-Za-z0-9]+)")


def needed_action(called: str, message: str) -> str:
    """The action that AWS's refusal names: CreateRole with tags can be refused for want of iam:TagRole.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    named = _NEEDED.search(message)
    return named["action"] if named else called


def aws_remedy(action: str, message: str = "", *, document: str = "") -> str:
    """How to be allowed `action`, a word such as `iam:CreateRole`; `message` is AWS's own.

    `document` is the one that the job at hand needs anyhow: it is named where it allows the action too.
    """
    if "explicit deny" in message:
        return f"have the explicit deny of {action} lifted, which no allow outweighs"
    documents = [name for name, actions in AWS_DOCUMENTS.items() if action in actions]
    if not documents:
        return f"have {action} allowed for these credentials"
    named = document if document in documents else documents[0]
    remedy = f"allow {action}, which {DOCUMENTS}/{named} does"
    return (
        f"{remedy} for iamsa's own roles and adopt.json for others" if "adopt.json" in documents else remedy
    )


def rbac_remedy(verb: str, resource: str) -> str:
    """How to be allowed `verb` on `resource` (RBAC's words) in a namespace."""
    manifests = (
        ("rbac.yaml", RBAC_RULES),
        ("rbac-verify.yaml", VERIFY_RULES),
        ("rbac-doctor.yaml", DOCTOR_RULES),
    )
    shipped = next((name for name, rules in manifests if verb in rules.get(resource, ())), "")
    return "ask for a role that allows it" + (f", as {DOCUMENTS}/{shipped} does" if shipped else "")
