# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""eksctl's ClusterConfig as a manifest, in the shapes that public repositories have."""

from __future__ import annotations

from typing import Any

import pytest
from unit.manifest.reading import NAME, faults, items, read

HEAD = """\
apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: demo, region: eu-west-1}
"""
READ_S3 = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
READ_SQS = "arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess"
IAM = "iam:\n  withOIDC: true\n  serviceAccounts:\n"
STATEMENT = "{Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::shop/*'}"


def config(*accounts: str, more: str = "") -> str:
    """A ClusterConfig with these items from line 7 on, each as one flow mapping."""
    return HEAD + IAM + "".join(f"  - {account}\n" for account in accounts) + more


def summary(text: str) -> list[tuple[str, Any]]:
    """Of each item, the ServiceAccount and what is requested."""
    return [
        (f"{one.asked.request.namespace}/{one.asked.request.name}", len(one.asked.role.policies))
        for one in items(text)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            config(f"{{metadata: {{name: a}}, attachPolicyARNs: [{READ_S3}]}}"),
            [("default/a", 1)],
            id="default-namespace",
        ),
        pytest.param(
            config(f"{{metadata: {{name: a, namespace: ''}}, attachPolicyARNs: [{READ_S3}]}}"),
            [("default/a", 1)],
            id="empty-namespace",
        ),
        pytest.param(
            config(
                f"{{metadata: {{name: a, namespace: web}}, attachPolicyARNs: ['{READ_S3}', '{READ_SQS}']}}"
            ),
            [("web/a", 2)],
            id="two-policies",
        ),
        pytest.param(
            config(
                "{metadata: {name: a, namespace: web}, attachPolicy: {Version: 2012-10-17,"
                f" Statement: [{STATEMENT}]}}}}"
            ),
            [("web/a", 1)],
            id="inline",
        ),
        pytest.param(
            config(
                f"{{metadata: {{name: a}}, attachPolicyARNs: [{READ_S3}], attachPolicy: {{Version:"
                f" '2012-10-17', Statement: {STATEMENT}}}}}"
            ),
            [("default/a", 2)],
            id="both",
        ),
        pytest.param(
            config(
                f"{{metadata: {{name: a}}, attachPolicyARNs: [{READ_S3}], roleName: mine,"
                " tags: {team: web}, permissionsBoundary: 'arn:aws:iam::123456789012:policy/b'}"
            ),
            [("default/a", 1)],
            id="role-settings",
        ),
        pytest.param(
            config(
                f"{{metadata: {{name: a}}, attachPolicyARNs: [{READ_S3}], status: {{roleARN: x, y: [1]}}}}"
            ),
            [("default/a", 1)],
            id="status",
        ),
        pytest.param(
            config(
                f"{{metadata: {{name: a}}, attachPolicyARNs: [{READ_S3}], roleOnly: false,"
                " wellKnownPolicies: {autoScaler: false}}"
            ),
            [("default/a", 1)],
            id="false-is-absent",
        ),
        pytest.param(
            config(
                f"{{metadata: {{name: a, namespace: web}}, attachPolicyARNs: [{READ_S3}]}}",
                f"{{metadata: {{name: a, namespace: jobs}}, attachPolicyARNs: [{READ_S3}]}}",
            ),
            [("web/a", 1), ("jobs/a", 1)],
            id="two-namespaces",
        ),
        pytest.param(
            config(
                f"{{metadata: {{name: a}}, attachPolicyARNs: [{READ_S3}]}}",
                more="managedNodeGroups:\n- {name: ng-1, instanceType: m5.large, labels: {a: 'b'}}\n",
            ),
            [("default/a", 1)],
            id="node-groups",
        ),
        pytest.param(
            config(
                f"{{metadata: {{name: a}}, attachPolicyARNs: [{READ_S3}]}}",
                more="addons:\n- {name: vpc-cni, version: latest}\n"
                "cloudWatch:\n  clusterLogging: {enableTypes: ['*']}\n",
            ),
            [("default/a", 1)],
            id="addons-and-logging",
        ),
        pytest.param(HEAD + "vpc: {cidr: 10.0.0.0/16}\n", [], id="no-iam"),
        pytest.param(HEAD + "iam:\n", [], id="empty-iam"),
        pytest.param(HEAD + "iam: {withOIDC: true, serviceAccounts: []}\n", [], id="empty-list"),
        pytest.param(HEAD + "iam: {withOIDC: true, serviceAccounts: }\n", [], id="null-list"),
        pytest.param(HEAD + "iam: {withOIDC: true, podIdentityAssociations: []}\n", [], id="no-associations"),
    ],
)
def test_its_service_accounts_are_requests(text: str, found: list[tuple[str, Any]]) -> None:
    assert summary(text) == found


def test_every_setting_of_the_role_is_read() -> None:
    (item,) = items(
        config(
            f"{{metadata: {{name: a}}, attachPolicyARNs: [{READ_S3}], roleName: mine, tags: {{team: web}},"
            " permissionsBoundary: 'arn:aws:iam::123456789012:policy/b'}"
        )
    )
    role = item.asked.role
    assert (role.name, role.tags, role.permissions_boundary) == (
        "mine",
        {"team": "web"},
        "arn:aws:iam::123456789012:policy/b",
    )


def test_other_sections_are_named_and_its_cluster_is_a_guard() -> None:
    found = read(
        HEAD
        + "addons: []\nvpc: {}\n"
        + IAM
        + f"  - {{metadata: {{name: a}}, attachPolicyARNs: [{READ_S3}]}}\n"
    )
    assert found.notices == (f"{NAME}:1: left alone: addons, vpc",)
    assert [(one.cluster, one.region) for one in found.guards] == [("demo", "eu-west-1")]


@pytest.mark.parametrize(
    ("account", "fault"),
    [
        (
            "{metadata: {name: a}}",
            "attachPolicyARNs: or attachPolicy is required; list the policies of the role",
        ),
        (
            f"{{metadata: {{name: a}}, attachPolicyARN: [{READ_S3}]}}",
            "attachPolicyARN: unknown field; did you mean attachPolicyARNs?",
        ),
        (
            "{metadata: {name: a}, attachRoleARN: 'arn:aws:iam::123456789012:role/x'}",
            "attachRoleARN: is not supported yet; remove it",
        ),
        (
            f"{{metadata: {{name: a}}, attachPolicyARNs: [{READ_S3}], roleOnly: true}}",
            "roleOnly: true is not supported yet; remove it",
        ),
        (
            f"{{metadata: {{name: a}}, attachPolicyARNs: [{READ_S3}], subjectPattern: 'a*'}}",
            "subjectPattern: is not supported yet; remove it",
        ),
        (
            f"{{metadata: {{name: a, labels: {{a: b}}}}, attachPolicyARNs: [{READ_S3}]}}",
            "metadata.labels: is not supported yet; remove it",
        ),
        (
            "{metadata: {name: a}, wellKnownPolicies: {autoScaler: true}}",
            "wellKnownPolicies: is not supported yet; list policies in attachPolicyARNs or attachPolicy",
        ),
        (
            f"{{metadata: {{name: a}}, attachPolicyARNs: [{READ_S3}], roleName: 'a b'}}",
            'roleName: invalid value "a b": ',
        ),
        (f"{{metadata: {{}}, attachPolicyARNs: [{READ_S3}]}}", "metadata.name: is required; write the name"),
    ],
)
def test_what_cannot_be_done_is_refused_at_its_place(account: str, fault: str) -> None:
    (found,) = faults(config(account))
    assert found.startswith(f"7: iam.serviceAccounts[0].{fault}")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            HEAD + "iam:\n  podIdentityAssociations:\n  - {namespace: web}\n",
            "5: iam.podIdentityAssociations: is not supported yet; remove it, or move it to another file",
        ),
        (HEAD + "iam: []\n", "4: iam: must be a mapping; write a mapping"),
        (HEAD + "iam: {serviceAccounts: {}}\n", "4: iam.serviceAccounts: must be a list; write a list"),
        (
            HEAD.replace(", region: eu-west-1", ""),
            "3: metadata.region: is required; write the region of the cluster",
        ),
        (
            HEAD.replace("v1alpha5", "v1alpha4"),
            '1: apiVersion: invalid value "eksctl.io/v1alpha4": must be eksctl.io/v1alpha5; write'
            " eksctl.io/v1alpha5",
        ),
    ],
)
def test_a_wrong_section_is_refused(text: str, fault: str) -> None:
    assert faults(text) == [fault]
