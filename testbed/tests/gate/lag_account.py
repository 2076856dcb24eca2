"""What an account has before the cases of `lag_cases`, and the reads that show it."""

from __future__ import annotations

import json
from typing import Any

from gate.bench import ACCOUNT, PERMISSIONS, trust

Iam = Any
READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
OWN = f"arn:aws:iam::{ACCOUNT}:policy/lag-{{}}"
ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/LAG-{}"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER.removeprefix('https://')}"
OTHER_TRUST = trust(Principal={"AWS": "*"})
DOCUMENT = json.dumps(PERMISSIONS)
NARROWER = json.dumps({**PERMISSIONS, "Id": "narrower"})
ROLES = (
    "lag-trust",
    "lag-tag",
    "lag-tag-taken",
    "lag-settings",
    "lag-attached",
    "lag-detached",
    "lag-details",
    "lag-inline",
    "lag-inline-deleted",
    "lag-boundary",
    "lag-boundary-taken",
    "lag-deleted",
)


def role(iam: Iam, name: str) -> Any:
    return iam.get_role(RoleName=name)["Role"]


def attached(iam: Iam, name: str) -> list[str]:
    return [one["PolicyArn"] for one in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]]


def inline(iam: Iam, name: str) -> Any:
    return iam.get_role_policy(RoleName=name, PolicyName="inline")["PolicyDocument"]


def tags(iam: Iam, name: str) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in iam.list_role_tags(RoleName=name)["Tags"]}


def listed(iam: Iam, path: str) -> list[str]:
    return sorted(one["RoleName"] for one in iam.list_roles(PathPrefix=path)["Roles"])


def detailed(iam: Iam, name: str) -> list[str]:
    pages = iam.get_paginator("get_account_authorization_details").paginate(Filter=["Role"])
    [found] = [one for page in pages for one in page["RoleDetailList"] if one["RoleName"] == name]
    return [one["PolicyName"] for one in found["AttachedManagedPolicies"]]


def client_ids(iam: Iam, name: str) -> list[str]:
    arn = PROVIDER.format(name)
    return sorted(iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)["ClientIDList"])


def provided(iam: Iam, name: str) -> bool:
    providers = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    return PROVIDER.format(name) in [one["Arn"] for one in providers]


def version(iam: Iam, name: str) -> str:
    return str(iam.get_policy(PolicyArn=OWN.format(name))["Policy"]["DefaultVersionId"])


def create(iam: Iam, name: str, path: str = "/") -> Any:
    return iam.create_role(
        RoleName=name, Path=path, AssumeRolePolicyDocument=trust(), Tags=[{"Key": "team", "Value": "web"}]
    )


def furnish(iam: Iam) -> None:
    """Make what `lag_cases` changes."""
    for name in ROLES:
        create(iam, name)
    create(iam, "lag-first", "/lag/")
    iam.attach_role_policy(RoleName="lag-detached", PolicyArn=READ_ONLY)
    for name in ("lag-inline", "lag-inline-deleted"):
        iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=DOCUMENT)
    iam.put_role_permissions_boundary(RoleName="lag-boundary-taken", PermissionsBoundary=READ_ONLY)
    for name in ("CLIENT", "GONE"):
        iam.create_open_id_connect_provider(Url=ISSUER.format(name), ClientIDList=["sts.amazonaws.com"])
    for name in ("lag-versions", "lag-gone"):
        iam.create_policy(PolicyName=name, PolicyDocument=DOCUMENT)


def empty(iam: Iam) -> None:
    """Take away what `furnish` and the cases made."""
    for one in iam.list_roles()["Roles"]:
        name = one["RoleName"]
        if name.startswith("lag-"):
            for arn in attached(iam, name):
                iam.detach_role_policy(RoleName=name, PolicyArn=arn)
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
                iam.delete_role_policy(RoleName=name, PolicyName=policy)
            iam.delete_role(RoleName=name)
    for one in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
        if "/LAG-" in one["Arn"]:
            iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=one["Arn"])
    iam.delete_policy(PolicyArn=OWN.format("new"))
    iam.delete_policy_version(PolicyArn=OWN.format("versions"), VersionId="v1")
    iam.delete_policy(PolicyArn=OWN.format("versions"))
