# SPDX-License-Identifier: GPL-3.0-or-later

"""The schema of iam.serviceAccounts in eksctl's ClusterConfig, which eksctl reads strictly too.

Source: https://schema.eksctl.io (ClusterIAMServiceAccount)
"""

from __future__ import annotations

from .forms import Schema, any_text, array, closed, flag, map_of_texts, policy_document, text

CLUSTER_CONFIG_API, CLUSTER_CONFIG_KIND = "eksctl.io/v1alpha5", "ClusterConfig"

WELL_KNOWN = (
    *("imageBuilder", "autoScaler", "awsLoadBalancerController", "externalDNS", "certManager"),
    *("ebsCSIController", "efsCSIController"),
)

ACCOUNT: Schema = closed(
    "A ServiceAccount.",
    {
        "metadata": closed(
            "The ServiceAccount.",
            {
                "name": text("The name of the ServiceAccount."),
                "namespace": any_text("The namespace of the ServiceAccount."),
                "labels": map_of_texts("Labels of the ServiceAccount."),
                "annotations": map_of_texts("Annotations of the ServiceAccount."),
            },
            required=["name"],
        ),
        "attachPolicyARNs": array("Managed policies.", text("The ARN of a managed policy.")),
        "attachPolicy": policy_document("An inline policy."),
        "attachRoleARN": text("The ARN of a role that exists."),
        "wellKnownPolicies": closed(
            "Named policies.", {name: flag("Whether to add it.") for name in WELL_KNOWN}
        ),
        "permissionsBoundary": text("The ARN of the permissions boundary."),
        "roleName": text("The name of the role."),
        "roleOnly": flag("Whether the ServiceAccount is left alone."),
        "subjectPattern": text("The pattern of names that may assume the role."),
        "tags": map_of_texts("The tags of the role."),
        "status": {},
    },
    required=["metadata"],
)
