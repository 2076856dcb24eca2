"""What AWS was recorded to do where it refuses nothing; sources as in `recorded`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gate.bench import ACCOUNT
from gate.stage import CLUSTER, DOCUMENT, READ_ONLY, Stage, account, document, tags


@dataclass(frozen=True)
class Behavior:
    """What is seen of it, and what AWS shows."""

    operation: str
    when: str
    recorded: str
    seen: Callable[[Stage], Any]
    expected: Any

    @property
    def id(self) -> str:
        return f"{self.operation}: {self.when}"


def members(role: Any, *names: str) -> list[str]:
    return [name for name in names if name in role]


def values(thing: Any, *names: str) -> list[Any]:
    return [thing.get(name) for name in names]


def updated(s: Stage) -> Any:
    name = s.role(Description="d", MaxSessionDuration=7200)
    s.iam.update_role(RoleName=name)
    found = s.iam.get_role(RoleName=name)["Role"]
    return found["Description"], found["MaxSessionDuration"]


def retagged(s: Stage, *given: Any) -> Any:
    name = s.role(Tags=tags("a", "b", "c"))
    s.iam.tag_role(RoleName=name, Tags=[*given])
    found = s.iam.get_role(RoleName=name)["Role"]["Tags"]
    assert s.iam.list_role_tags(RoleName=name)["Tags"] == found
    return [(one["Key"], one["Value"]) for one in found]


def paged(s: Stage) -> Any:
    path = f"/{s.name}/"
    for name in "daceb":
        s.role(RoleName=f"{s.name}-{name}", Path=path)
    first = s.iam.list_roles(PathPrefix=path, MaxItems=2)
    rest = s.iam.list_roles(PathPrefix=path, Marker=first["Marker"])
    names = [[role["RoleName"][-1] for role in page["Roles"]] for page in (first, rest)]
    return names, first["IsTruncated"], rest["IsTruncated"], "Marker" in rest


def listed(s: Stage) -> Any:
    s.role(Path=f"/{s.name}/", Tags=tags("a"), PermissionsBoundary=READ_ONLY, Description="d")
    [found] = s.iam.list_roles(PathPrefix=f"/{s.name}/")["Roles"]
    return members(found, "Description", "MaxSessionDuration", "Tags", "RoleLastUsed", "PermissionsBoundary")


def versions(s: Stage) -> Any:
    arn = s.policy(versions=3)
    s.iam.delete_policy_version(PolicyArn=arn, VersionId="v3")
    made = s.iam.create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT)["PolicyVersion"]
    found = s.iam.list_policy_versions(PolicyArn=arn)["Versions"]
    assert not any("Document" in one for one in [made, *found])
    return [one["VersionId"] for one in found]


def policy_tags(s: Stage) -> Any:
    arn = s.policy(Tags=tags("abc", "b", "z", "a"))
    return [one["Key"] for one in s.iam.list_policy_tags(PolicyArn=arn)["Tags"]]


def assumed(s: Stage) -> Any:
    made = s.create_role(Path="/team/", AssumeRolePolicyDocument=account())
    found = s.sts.assume_role(RoleArn=made["Arn"], RoleSessionName="me")
    user = found["AssumedRoleUser"]
    return (
        user["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/{s.name}/me",
        user["AssumedRoleId"] == f"{made['RoleId']}:me",
    )


def inline(s: Stage, text: str) -> Any:
    name = s.role()
    s.iam.put_role_policy(RoleName=name, PolicyName="a", PolicyDocument=text)
    return s.iam.get_role_policy(RoleName=name, PolicyName="a")["PolicyDocument"].get("Id")


def untagged(s: Stage) -> Any:
    name = s.role(Tags=tags("a"))
    s.iam.untag_role(RoleName=name, TagKeys=["other"])
    return [one["Key"] for one in s.iam.list_role_tags(RoleName=name)["Tags"]]


def without_boundary(s: Stage) -> Any:
    name = s.role(PermissionsBoundary=READ_ONLY)
    s.iam.delete_role_permissions_boundary(RoleName=name)
    return members(s.iam.get_role(RoleName=name)["Role"], "PermissionsBoundary")


def replaced_thumbprints(s: Stage) -> Any:
    which = {"OpenIDConnectProviderArn": s.provider()}
    s.iam.update_open_id_connect_provider_thumbprint(**which, ThumbprintList=["b" * 40])
    return s.iam.get_open_id_connect_provider(**which)["ThumbprintList"] == ["b" * 40]


def about(s: Stage) -> Any:
    try:
        s.eks.describe_addon(**CLUSTER, addonName="none")
    except s.eks.exceptions.ResourceNotFoundException as error:
        return error.response["clusterName"], error.response["addonName"]


CREATED = ("Path", "RoleName", "RoleId", "Arn", "CreateDate", "AssumeRolePolicyDocument", "Tags")
NOT_CREATED = ("Description", "MaxSessionDuration", "RoleLastUsed")

BEHAVIORS = [
    Behavior(
        "CreateRole",
        "the members of the answer",
        "2026-02",
        lambda s: members(s.create_role(Description="d", Tags=tags("a")), *CREATED, *NOT_CREATED),
        [*CREATED],
    ),
    Behavior(
        "CreateRole",
        "an empty tag value",
        "2026-02",
        lambda s: s.iam.list_role_tags(RoleName=s.role(Tags=tags("a")))["Tags"],
        tags("a"),
    ),
    Behavior(
        "GetRole",
        "a role without tags that was never used",
        "2026-02",
        lambda s: values(
            s.iam.get_role(RoleName=s.role())["Role"],
            *("Tags", "RoleLastUsed", "Description", "MaxSessionDuration"),
        ),
        [None, {}, None, 3600],
    ),
    Behavior(
        "GetRole",
        "the type of the permissions boundary",
        "2026-02",
        lambda s: s.iam.get_role(RoleName=s.role(PermissionsBoundary=READ_ONLY))["Role"][
            "PermissionsBoundary"
        ],
        {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": READ_ONLY},
    ),
    Behavior("UpdateRole", "RoleName alone", "2026-02", updated, ("d", 7200)),
    Behavior("ListRoles", "the members of a role", "2026-02", listed, ["Description", "MaxSessionDuration"]),
    Behavior(
        "ListRoles",
        "pages, in the order of names",
        "2026-02",
        paged,
        ([["a", "b"], ["c", "d", "e"]], True, False, False),
    ),
    Behavior(
        "TagRole",
        "a key that the role has",
        "2026-02",
        lambda s: retagged(s, *tags("b", value="x")),
        [("a", ""), ("b", "x"), ("c", "")],
    ),
    Behavior(
        "TagRole",
        "a key that the role has in another case",
        "2026-02",
        lambda s: sorted(retagged(s, *tags("B", value="x"))),
        [("B", "x"), ("a", ""), ("c", "")],
    ),
    Behavior("UntagRole", "a key that the role does not have", "2026-02", untagged, ["a"]),
    Behavior("DeleteRolePermissionsBoundary", "the role has a boundary", "2026-02", without_boundary, []),
    Behavior(
        "PutRolePolicy", "the document has an Id", "2026-02", lambda s: inline(s, document(Id="one")), "one"
    ),
    Behavior(
        "PutRolePolicy",
        "the document has no Version",
        "2026-02",
        lambda s: inline(s, document(Version=None)),
        None,
    ),
    Behavior(
        "ListAttachedRolePolicies",
        "no policy is attached",
        "2026-02",
        lambda s: s.iam.list_attached_role_policies(RoleName=s.role())["AttachedPolicies"],
        [],
    ),
    Behavior(
        "CreatePolicy",
        "the members of the answer",
        "2026-02",
        lambda s: members(s.create_policy(Description="d", Tags=tags("a")), "Description", "Tags"),
        ["Tags"],
    ),
    Behavior(
        "GetPolicy",
        "description and no tags",
        "2026-02",
        lambda s: values(
            s.iam.get_policy(PolicyArn=s.policy(Description="d"))["Policy"], "Description", "Tags"
        ),
        ["d", []],
    ),
    Behavior(
        "CreatePolicy",
        "tag keys that differ in case alone",
        "2026-02",
        lambda s: len(s.create_policy(Tags=tags("a", "A"))["Tags"]),
        2,
    ),
    Behavior("ListPolicyTags", "shorter keys first", "2026-02", policy_tags, ["a", "b", "z", "abc"]),
    Behavior("ListPolicyVersions", "newest first, no number twice", "2026-02", versions, ["v4", "v2", "v1"]),
    Behavior(
        "CreateOpenIDConnectProvider",
        "no client ID, and a path",
        "2026-02",
        lambda s: s.provider().endswith(f"/{s.name.lower()}.example/id"),
        True,
    ),
    Behavior(
        "GetOpenIDConnectProvider",
        "no scheme, and lists that are empty",
        "2026-03",
        lambda s: values(
            s.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=s.provider()), "ClientIDList", "Tags"
        ),
        [[], []],
    ),
    Behavior(
        "UpdateOpenIDConnectProviderThumbprint", "the list is replaced", "2026-02", replaced_thumbprints, True
    ),
    Behavior("AssumeRole", "the session's names", "2026-02", assumed, (True, True)),
    Behavior(
        "GetCallerIdentity",
        "a user's key",
        "2026-02",
        lambda s: s.sts.get_caller_identity()["Arn"],
        f"arn:aws:iam::{ACCOUNT}:user/moto",
    ),
    Behavior(
        "GetCallerIdentity",
        "an explicit deny",
        "2024-10",
        lambda s: (s.deny(explicit=True), s.sts.get_caller_identity()["Account"])[1],
        ACCOUNT,
    ),
    Behavior(
        "CreatePodIdentityAssociation",
        "the form of an ID",
        "2026-03",
        lambda s: len(s.association()["associationId"]),
        19,
    ),
    Behavior("DescribeAddon", "an error says what it is about", "2023-12", about, ("demo", "none")),
    Behavior(
        "GetAccountSummary",
        "quotas",
        "2026-02",
        lambda s: [
            s.iam.get_account_summary()["SummaryMap"][name]
            for name in (
                "AssumeRolePolicySizeQuota",
                "AttachedPoliciesPerRoleQuota",
                "InstanceProfilesQuota",
                "PolicySizeQuota",
                "RolePolicySizeQuota",
            )
        ],
        [2048, 10, 1000, 6144, 10240],
    ),
    Behavior(
        "GetAccountSummary",
        "entries that are no quota",
        "2026-02",
        lambda s: members(s.iam.get_account_summary()["SummaryMap"], "AccountPasswordPresent", "Providers"),
        ["AccountPasswordPresent", "Providers"],
    ),
]
