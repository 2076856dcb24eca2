"""Which shipped document a denial names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from e2e import permissions

from ansible_collections.iamsa.eks.plugins.module_utils.model.permissions import (
    AWS_DOCUMENTS,
    DOCTOR_RULES,
    RBAC_RULES,
    VERIFY_RULES,
    aws_remedy,
    needed_action,
    rbac_remedy,
)

CORE = Path(__file__).parents[3] / "ansible_collections/iamsa/eks/plugins/module_utils"
# What only TAB asks for, which says nothing where it may not.
OF_COMPLETION = ("eks:ListClusters",)
# Who installed a package has no folder docs: errors name the documents by URL.
BY_URL = "https://github.com/iamsa/iamsa/blob/main/docs/permissions"
CALLED = re.compile(r'"((?:iam|eks):[A-Z]\w+)"')


@pytest.mark.parametrize("document", AWS_DOCUMENTS)
def test_the_table_is_what_the_document_allows(document: str) -> None:
    assert AWS_DOCUMENTS[document] == permissions.actions([document.removesuffix(".json")])


def test_every_document_that_grants_something_of_its_own_is_in_the_table() -> None:
    shipped = {path.name for path in permissions.FOLDER.glob("*.json")}
    instead_of_base = {"base-with-boundary.json", "read-only.json"}
    assert shipped - AWS_DOCUMENTS.keys() == instead_of_base


def test_the_document_that_only_reads_is_what_base_reads() -> None:
    base, reads = (
        json.loads((permissions.FOLDER / f"{name}.json").read_text())["Statement"]
        for name in ("base", "read-only")
    )
    assert reads == [one for one in base if one["Sid"].startswith("Read")]
    verbs = {action.partition(":")[2] for action in permissions.actions(["read-only"])}
    assert {verb for verb in verbs if not verb.startswith(("Get", "List", "Describe"))} == set()


def test_every_action_that_the_adapters_call_is_in_the_table() -> None:
    called = {action for path in CORE.glob("aws/**/*.py") for action in CALLED.findall(path.read_text())}
    assert "iam:CreateRole" in called
    assert called <= frozenset({*OF_COMPLETION}).union(*AWS_DOCUMENTS.values())


@pytest.mark.parametrize(
    ("manifest", "table"), [("rbac.yaml", RBAC_RULES), ("rbac-verify.yaml", VERIFY_RULES)]
)
def test_the_table_of_kubernetes_is_what_the_manifest_allows(
    manifest: str, table: Mapping[str, frozenset[str]]
) -> None:
    role, _ = permissions.rbac("web", manifest)
    rules = {resource: frozenset(rule["verbs"]) for rule in role["rules"] for resource in rule["resources"]}
    assert rules == table


def test_the_table_of_doctor_is_what_its_manifest_allows() -> None:
    role, _, cluster_role, _ = permissions.rbac("web", "rbac-doctor.yaml")
    rules: dict[str, frozenset[str]] = {}
    for rule in (*role["rules"], *cluster_role["rules"]):
        for resource in rule["resources"]:
            rules[resource] = rules.get(resource, frozenset()) | frozenset(rule["verbs"])
    assert rules == DOCTOR_RULES


@pytest.mark.parametrize(
    ("action", "remedy"),
    [
        ("iam:GetRole", f"allow iam:GetRole, for example with {BY_URL}/base.json"),
        ("iam:GetAccountSummary", f"allow iam:GetAccountSummary, for example with {BY_URL}/base.json"),
        (
            "iam:CreateRole",
            f"allow iam:CreateRole, for example with {BY_URL}/base.json for roles that iamsa created,"
            " and adopt.json for others",
        ),
        (
            "iam:PutRolePermissionsBoundary",
            f"allow iam:PutRolePermissionsBoundary, for example with {BY_URL}/boundary.json for roles"
            " that iamsa created, and adopt.json for others",
        ),
        (
            "iam:CreateOpenIDConnectProvider",
            f"allow iam:CreateOpenIDConnectProvider, for example with {BY_URL}/provider.json",
        ),
        (
            "iam:SimulatePrincipalPolicy",
            f"allow iam:SimulatePrincipalPolicy, for example with {BY_URL}/verify.json",
        ),
        ("sts:AssumeRole", "allow sts:AssumeRole for these credentials"),
    ],
)
def test_the_remedy_names_the_document(action: str, remedy: str) -> None:
    assert aws_remedy(action) == remedy


@pytest.mark.parametrize(
    ("action", "named"), [("eks:DescribeCluster", "provider.json"), ("iam:GetRole", "base.json")]
)
def test_the_document_that_the_job_needs_anyhow_is_named_where_it_helps(action: str, named: str) -> None:
    remedy = f"allow {action}, for example with {BY_URL}/{named}"
    assert aws_remedy(action, document="provider.json") == remedy


@pytest.mark.parametrize(
    ("message", "action"),
    [
        (
            "User: arn:aws:iam::1:user/a is not authorized to perform: iam:TagRole on resource: r",
            "iam:TagRole",
        ),
        ("User: u is not authorized to perform: sso-directory:GetX", "sso-directory:GetX"),
        ("User is not authorized to perform this operation", "iam:CreateRole"),
        ("", "iam:CreateRole"),
    ],
)
def test_the_action_that_a_refusal_is_about(message: str, action: str) -> None:
    assert needed_action("iam:CreateRole", message) == action


@pytest.mark.parametrize(
    ("verb", "resource", "remedy"),
    [
        (
            "patch",
            "serviceaccounts",
            f"ask for a role that allows it, such as the one in {BY_URL}/rbac.yaml",
        ),
        ("list", "pods", f"ask for a role that allows it, such as the one in {BY_URL}/rbac.yaml"),
        (
            "create",
            "serviceaccounts/token",
            f"ask for a role that allows it, such as the one in {BY_URL}/rbac-verify.yaml",
        ),
        ("create", "namespaces", "ask for a role that allows it"),
        ("delete", "pods", "ask for a role that allows it"),
    ],
)
def test_the_remedy_of_kubernetes_names_the_manifest(verb: str, resource: str, remedy: str) -> None:
    assert rbac_remedy(verb, resource) == remedy
