"""Every kind of IAM read under a lag: right after a change, and once the change is old enough."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError
from testbed_tests.gate.bench import ACCOUNT, PERMISSIONS, Bench, trust

Iam = Any
LAG = 4.0
"""Seconds: longer than all changes and all reads of this file take."""

READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
OWN = f"arn:aws:iam::{ACCOUNT}:policy/lag-{{}}"
ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/LAG-{}"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER.removeprefix('https://')}"
OTHER_TRUST = trust(Principal={"AWS": "*"})
DOCUMENT = json.dumps(PERMISSIONS)
NARROWER = json.dumps({**PERMISSIONS, "Id": "narrower"})


@dataclass(frozen=True)
class Case:
    """`change` happens to what the fixtures made; `look` is the read that shows it."""

    change: Callable[[Iam], Any]
    look: Callable[[Iam], Any]
    before: Any
    after: Any


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


CASES = {
    "trust": Case(
        lambda iam: iam.update_assume_role_policy(RoleName="lag-trust", PolicyDocument=OTHER_TRUST),
        lambda iam: role(iam, "lag-trust")["AssumeRolePolicyDocument"],
        json.loads(trust()),
        json.loads(OTHER_TRUST),
    ),
    "tag": Case(
        lambda iam: iam.tag_role(RoleName="lag-tag", Tags=[{"Key": "team", "Value": "shop"}]),
        lambda iam: tags(iam, "lag-tag"),
        {"team": "web"},
        {"team": "shop"},
    ),
    "tag-taken": Case(
        lambda iam: iam.untag_role(RoleName="lag-tag-taken", TagKeys=["team"]),
        lambda iam: role(iam, "lag-tag-taken").get("Tags", []),
        [{"Key": "team", "Value": "web"}],
        [],
    ),
    "settings": Case(
        lambda iam: iam.update_role(RoleName="lag-settings", MaxSessionDuration=7200),
        lambda iam: role(iam, "lag-settings")["MaxSessionDuration"],
        3600,
        7200,
    ),
    "attached": Case(
        lambda iam: iam.attach_role_policy(RoleName="lag-attached", PolicyArn=READ_ONLY),
        lambda iam: attached(iam, "lag-attached"),
        [],
        [READ_ONLY],
    ),
    "detached": Case(
        lambda iam: iam.detach_role_policy(RoleName="lag-detached", PolicyArn=READ_ONLY),
        lambda iam: attached(iam, "lag-detached"),
        [READ_ONLY],
        [],
    ),
    "details": Case(
        lambda iam: iam.attach_role_policy(RoleName="lag-details", PolicyArn=READ_ONLY),
        lambda iam: detailed(iam, "lag-details"),
        [],
        ["AmazonS3ReadOnlyAccess"],
    ),
    "inline": Case(
        lambda iam: iam.put_role_policy(RoleName="lag-inline", PolicyName="inline", PolicyDocument=NARROWER),
        lambda iam: inline(iam, "lag-inline"),
        PERMISSIONS,
        json.loads(NARROWER),
    ),
    "inline-deleted": Case(
        lambda iam: iam.delete_role_policy(RoleName="lag-inline-deleted", PolicyName="inline"),
        lambda iam: iam.list_role_policies(RoleName="lag-inline-deleted")["PolicyNames"],
        ["inline"],
        [],
    ),
    "boundary": Case(
        lambda iam: iam.put_role_permissions_boundary(RoleName="lag-boundary", PermissionsBoundary=READ_ONLY),
        lambda iam: role(iam, "lag-boundary").get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        None,
        READ_ONLY,
    ),
    "boundary-taken": Case(
        lambda iam: iam.delete_role_permissions_boundary(RoleName="lag-boundary-taken"),
        lambda iam: "PermissionsBoundary" in role(iam, "lag-boundary-taken"),
        True,
        False,
    ),
    "created": Case(
        lambda iam: create(iam, "lag-new"),
        lambda iam: role(iam, "lag-new")["Arn"],
        "NoSuchEntity",
        f"arn:aws:iam::{ACCOUNT}:role/lag-new",
    ),
    "deleted": Case(
        lambda iam: iam.delete_role(RoleName="lag-deleted"),
        lambda iam: role(iam, "lag-deleted")["Arn"],
        f"arn:aws:iam::{ACCOUNT}:role/lag-deleted",
        "NoSuchEntity",
    ),
    "listed": Case(
        lambda iam: create(iam, "lag-second", "/lag/"),
        lambda iam: listed(iam, "/lag/"),
        ["lag-first"],
        ["lag-first", "lag-second"],
    ),
    "client-id": Case(
        lambda iam: iam.add_client_id_to_open_id_connect_provider(
            OpenIDConnectProviderArn=PROVIDER.format("CLIENT"), ClientID="vault"
        ),
        lambda iam: client_ids(iam, "CLIENT"),
        ["sts.amazonaws.com"],
        ["sts.amazonaws.com", "vault"],
    ),
    "provider": Case(
        lambda iam: iam.create_open_id_connect_provider(Url=ISSUER.format("NEW")),
        lambda iam: provided(iam, "NEW"),
        False,
        True,
    ),
    "provider-deleted": Case(
        lambda iam: iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER.format("GONE")),
        lambda iam: client_ids(iam, "GONE"),
        ["sts.amazonaws.com"],
        "NoSuchEntity",
    ),
    "policy": Case(
        lambda iam: iam.create_policy(PolicyName="lag-new", PolicyDocument=DOCUMENT),
        lambda iam: version(iam, "new"),
        "NoSuchEntity",
        "v1",
    ),
    "policy-version": Case(
        lambda iam: iam.create_policy_version(
            PolicyArn=OWN.format("versions"), PolicyDocument=NARROWER, SetAsDefault=True
        ),
        lambda iam: version(iam, "versions"),
        "v1",
        "v2",
    ),
    "policy-deleted": Case(
        lambda iam: iam.delete_policy(PolicyArn=OWN.format("gone")),
        lambda iam: version(iam, "gone"),
        "v1",
        "NoSuchEntity",
    ),
}


@pytest.fixture(scope="module")
def account(whole_bench: Bench) -> Iterator[Iam]:
    """What the cases change, made long enough ago to be seen with LAG."""
    whole_bench.control.reset()
    iam = whole_bench.aws("iam")
    whole_bench.control.settings(lag=LAG)
    for name in CASES:
        if name not in ("created", "listed") and not name.startswith(("policy", "provider", "client")):
            create(iam, f"lag-{name}")
    create(iam, "lag-first", "/lag/")
    iam.attach_role_policy(RoleName="lag-detached", PolicyArn=READ_ONLY)
    for name in ("lag-inline", "lag-inline-deleted"):
        iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=DOCUMENT)
    iam.put_role_permissions_boundary(RoleName="lag-boundary-taken", PermissionsBoundary=READ_ONLY)
    for name in ("CLIENT", "GONE"):
        iam.create_open_id_connect_provider(Url=ISSUER.format(name), ClientIDList=["sts.amazonaws.com"])
    for name in ("lag-versions", "lag-gone"):
        iam.create_policy(PolicyName=name, PolicyDocument=DOCUMENT)
    time.sleep(LAG)
    yield iam
    whole_bench.control.reset()
    empty(iam)


@pytest.fixture(scope="module")
def seen(whole_bench: Bench, account: Iam) -> dict[str, tuple[Any, Any]]:
    """By case, what `look` showed right after the change, and what it shows when the change is old enough."""
    started = time.monotonic()
    for case in CASES.values():
        case.change(account)
    at_first = {name: shown(case, account) for name, case in CASES.items()}
    assert time.monotonic() - started < LAG, "the changes and reads took longer than the lag"
    whole_bench.control.settings(lag=0.001)
    return {name: (at_first[name], shown(case, account)) for name, case in CASES.items()}


def shown(case: Case, iam: Iam) -> Any:
    """What `look` returns, or the code of the error that it meets."""
    try:
        return case.look(iam)
    except ClientError as error:
        return error.response["Error"]["Code"]


def empty(iam: Iam) -> None:
    """Take away what the fixture and the cases made."""
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


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_not_seen_at_once(seen: dict[str, tuple[Any, Any]], name: str) -> None:
    assert seen[name][0] == CASES[name].before


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_seen_when_it_is_old_enough(seen: dict[str, tuple[Any, Any]], name: str) -> None:
    assert seen[name][1] == CASES[name].after
