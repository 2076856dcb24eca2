"""What changes in an account, case by case, and the read that shows it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError
from gate.bench import ACCOUNT, PERMISSIONS, trust
from gate.lag_account import (
    DOCUMENT,
    ISSUER,
    NARROWER,
    OTHER_TRUST,
    OWN,
    PROVIDER,
    READ_ONLY,
    Iam,
    attached,
    client_ids,
    create,
    detailed,
    inline,
    listed,
    provided,
    role,
    tags,
    version,
)


@dataclass(frozen=True)
class Case:
    """`change` happens to what the fixtures made; `look` is the read that shows it."""

    change: Callable[[Iam], Any]
    look: Callable[[Iam], Any]
    before: Any
    after: Any


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


def shown(case: Case, iam: Iam) -> Any:
    """What `look` returns, or the code of the error that it meets."""
    try:
        return case.look(iam)
    except ClientError as error:
        return error.response["Error"]["Code"]
