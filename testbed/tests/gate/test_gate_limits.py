"""IAM's limits, seen through boto3."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from gate.bench import ACCOUNT, PERMISSIONS, PROVIDER, Bench, refusal, short, trust

NO_POLICY = f"arn:aws:iam::{ACCOUNT}:policy/none"
NAME_WORDS = (
    "The specified value for {} is invalid. "
    "It must contain only alphanumeric characters and/or the following: +=,.@_-"
)


@pytest.fixture
def iam(bench: Bench) -> Any:
    return bench.aws("iam")


@pytest.fixture
def role(iam: Any) -> Iterator[str]:
    """A role's name; the tests clear away what they put on it."""
    name = f"Role-{uuid.uuid4().hex[:8]}"
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust())
    yield name
    iam.delete_role(RoleName=name)


def document(characters: int) -> str:
    """A policy of that many characters, white space aside, laid out with a lot of it."""
    text = json.dumps(PERMISSIONS, separators=(",", ":"))
    filled = text.replace(
        '"Resource":"*"', f'"Resource":"arn:aws:s3:::{"x" * (characters - len(text) - 12)}"'
    )
    assert len(filled) == characters
    return json.dumps(json.loads(filled), indent=8)


@pytest.mark.parametrize(
    ("changes", "code", "status", "message"),
    [
        ({"RoleName": "a b"}, "ValidationError", 400, NAME_WORDS.format("roleName")),
        ({"RoleName": "ä"}, "ValidationError", 400, NAME_WORDS.format("roleName")),
        (
            {"RoleName": "x" * 65},
            "ValidationError",
            400,
            "1 validation error detected: Value at 'roleName' failed to satisfy constraint: "
            "Member must have length less than or equal to 64",
        ),
        (
            {"Path": "team/"},
            "ValidationError",
            400,
            "The specified value for path is invalid. "
            "It must begin and end with / and contain only alphanumeric characters and/or / characters.",
        ),
        (
            {"Path": f"/{'x' * 511}/"},
            "ValidationError",
            400,
            "1 validation error detected: Value at 'path' failed to satisfy constraint: "
            "Member must have length less than or equal to 512",
        ),
        (
            {"Description": "d" * 1001},
            "ValidationError",
            400,
            "1 validation error detected: Value at 'description' failed to satisfy "
            "constraint: Member must have length less than or equal to 1000",
        ),
        (
            {"MaxSessionDuration": 43201},
            "ValidationError",
            400,
            "1 validation error detected: Value at 'maxSessionDuration' failed to satisfy "
            "constraint: Member must have value less than or equal to 43200",
        ),
        (
            {"AssumeRolePolicyDocument": trust(Sid="x" * 2048)},
            "LimitExceeded",
            409,
            "Cannot exceed quota for ACLSizePerRole: 2048",
        ),
        (
            {"AssumeRolePolicyDocument": trust(Resource="*")},
            "MalformedPolicyDocument",
            400,
            "Has prohibited field Resource",
        ),
        (
            {"AssumeRolePolicyDocument": trust(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/none"})},
            "MalformedPolicyDocument",
            400,
            f'Invalid principal in policy: "AWS":"arn:aws:iam::{ACCOUNT}:role/none"',
        ),
        (
            {"PermissionsBoundary": NO_POLICY},
            "NoSuchEntity",
            404,
            f"Scope ARN: {NO_POLICY} does not exist or is not attachable.",
        ),
        (
            {"Tags": [{"Key": "a", "Value": ""}, {"Key": "A", "Value": ""}]},
            "InvalidInput",
            400,
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        ),
        ({"Tags": [{"Key": "aws:team", "Value": ""}]}, "InvalidInput", 400, None),
        ({"Tags": [{"Key": "AWS:team", "Value": ""}]}, "InvalidInput", 400, None),
        ({"Tags": [{"Key": "k" * 129, "Value": ""}]}, "ValidationError", 400, None),
        ({"Tags": [{"Key": "k", "Value": "v" * 257}]}, "ValidationError", 400, None),
        ({"Tags": [{"Key": "k", "Value": "a;b"}]}, "ValidationError", 400, None),
        ({"Tags": [{"Key": f"k{n}", "Value": ""} for n in range(51)]}, "ValidationError", 400, None),
    ],
    ids=short,
)
def test_roles_that_iam_does_not_create(
    iam: Any, *, changes: dict[str, Any], code: str, status: int, message: str | None
) -> None:
    arguments = {"RoleName": "Refused", "AssumeRolePolicyDocument": trust(), **changes}
    told = refusal(lambda: iam.create_role(**arguments))
    assert told[:2] == (code, status)
    assert message is None or told[2] == message


def test_an_unregistered_provider_is_accepted_or_refused_as_the_setting_says(bench: Bench, iam: Any) -> None:
    document = trust(Principal={"Federated": PROVIDER + "0"})
    iam.create_role(RoleName="Early", AssumeRolePolicyDocument=document)
    bench.control.settings(unregistered_providers="refused")
    update = iam.update_assume_role_policy
    told = refusal(lambda: update(RoleName="Early", PolicyDocument=document))
    assert told == (
        "MalformedPolicyDocument",
        400,
        f'Invalid principal in policy: "FEDERATED":"{PROVIDER}0"',
    )
    iam.delete_role(RoleName="Early")


def test_the_largest_role_that_iam_takes(iam: Any) -> None:
    name = "N+=,.@_-" + "n" * 56
    iam.create_role(
        RoleName=name,
        Path=f"/{'p' * 510}/",
        Description="d" * 1000,
        MaxSessionDuration=43200,
        AssumeRolePolicyDocument=trust(Sid="x" * (2048 - len(trust(Sid="").replace(" ", "")))),
        Tags=[{"Key": f"{n:0128}", "Value": "v" * 256} for n in range(50)],
        PermissionsBoundary="arn:aws:iam::aws:policy/ReadOnlyAccess",
    )
    try:
        found = iam.get_role(RoleName=name)["Role"]
        assert len(found["Tags"]) == 50
        assert found["PermissionsBoundary"]["PermissionsBoundaryArn"].endswith("ReadOnlyAccess")
    finally:
        iam.delete_role(RoleName=name)


def test_role_names_are_unique_whatever_their_case(iam: Any, role: str) -> None:
    told = refusal(lambda: iam.create_role(RoleName=role.upper(), AssumeRolePolicyDocument=trust()))
    assert told == ("EntityAlreadyExists", 409, f"Role with name {role.upper()} already exists.")


def test_a_name_is_free_again_when_its_role_is_gone(iam: Any) -> None:
    for name in ("Gone", "GONE", "gone"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust())
        assert refusal(lambda: iam.create_role(RoleName="gOnE", AssumeRolePolicyDocument=trust()))[1] == 409
        iam.delete_role(RoleName=name)


def test_a_principal_may_be_a_role_that_exists(iam: Any, role: str) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
    iam.update_assume_role_policy(
        RoleName=role, PolicyDocument=trust(Principal={"AWS": arn}, Action="sts:AssumeRole")
    )


def test_the_trust_of_an_existing_role(iam: Any, role: str) -> None:
    update = iam.update_assume_role_policy
    large = trust(Sid="x" * 2048)
    assert refusal(lambda: update(RoleName=role, PolicyDocument=large))[0] == "LimitExceeded"
    assert (
        refusal(lambda: update(RoleName=role, PolicyDocument="{"))[2] == "This policy contains invalid Json"
    )
    told = refusal(lambda: update(RoleName="None", PolicyDocument=trust()))
    assert told == ("NoSuchEntity", 404, "The role with name None cannot be found.")


def test_inline_policies_of_a_role_together(iam: Any, role: str) -> None:
    def put(name: str, size: int) -> None:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document(size))

    put("a", 6000)
    put("b", 4240)
    told = refusal(lambda: put("c", 200))
    assert told == ("LimitExceeded", 409, f"Maximum policy size of 10240 bytes exceeded for role {role}")
    assert refusal(lambda: put("a", 6001))[0] == "LimitExceeded"
    put("a", 6000)
    for name in ("a", "b"):
        iam.delete_role_policy(RoleName=role, PolicyName=name)


def test_inline_policies_that_iam_refuses(iam: Any, role: str) -> None:
    def put(text: str, name: str = "a") -> Any:
        return iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=text)

    good = json.dumps(PERMISSIONS)
    assert refusal(lambda: put(trust()))[2] == "Policy document should not specify a principal."
    assert refusal(lambda: put("{"))[:2] == ("MalformedPolicyDocument", 400)
    assert refusal(lambda: put(good, "a b"))[2] == NAME_WORDS.format("policyName")
    assert refusal(lambda: put(good, "x" * 129))[0] == "ValidationError"
    assert refusal(lambda: put(good.replace("s3:GetObject", "s3:ū")))[0] == "ValidationError"


def test_managed_policies(iam: Any) -> None:
    def create(size: int) -> Any:
        return iam.create_policy(PolicyName="Large", PolicyDocument=document(size))

    told = refusal(lambda: create(6145))
    assert told == ("LimitExceeded", 409, "Cannot exceed quota for PolicySize: 6144")
    arn = create(6144)["Policy"]["Arn"]
    version = refusal(lambda: iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(6145)))
    assert version[0] == "LimitExceeded"
    iam.delete_policy(PolicyArn=arn)


def test_ten_attachments(iam: Any, role: str) -> None:
    found = iam.list_policies(Scope="AWS", MaxItems=11)["Policies"]
    arns = [policy["Arn"] for policy in found]
    for arn in arns[:10]:
        iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    told = refusal(lambda: iam.attach_role_policy(RoleName=role, PolicyArn=arns[10]))
    assert told == ("LimitExceeded", 409, "Cannot exceed quota for PoliciesPerRole: 10")
    iam.attach_role_policy(RoleName=role, PolicyArn=arns[0])
    assert refusal(lambda: iam.delete_role(RoleName=role))[:2] == ("DeleteConflict", 409)
    for arn in arns[:10]:
        iam.detach_role_policy(RoleName=role, PolicyArn=arn)


@pytest.mark.parametrize(
    ("arn", "code", "message"),
    [
        (NO_POLICY, "NoSuchEntity", f"Policy {NO_POLICY} does not exist or is not attachable."),
        ("x" * 20, "ValidationError", f"ARN {'x' * 20} is not valid."),
    ],
    ids=short,
)
def test_policies_that_cannot_be_attached(iam: Any, role: str, arn: str, code: str, message: str) -> None:
    code_told, _, told = refusal(lambda: iam.attach_role_policy(RoleName=role, PolicyArn=arn))
    assert (code_told, told) == (code, message)


def test_boundaries_must_exist(iam: Any, role: str) -> None:
    put = iam.put_role_permissions_boundary
    assert refusal(lambda: put(RoleName=role, PermissionsBoundary=NO_POLICY))[:2] == ("NoSuchEntity", 404)
    put(RoleName=role, PermissionsBoundary="arn:aws:iam::aws:policy/ReadOnlyAccess")


def test_fifty_tags_and_keys_without_case(iam: Any, role: str) -> None:
    def tag(*keys: str) -> None:
        iam.tag_role(RoleName=role, Tags=[{"Key": key, "Value": "v"} for key in keys])

    tag(*(f"key-{n}" for n in range(49)), "Team")
    assert refusal(lambda: tag("one-more"))[:2] == ("LimitExceeded", 409)
    tag("TEAM")
    keys = [tag["Key"] for tag in iam.list_role_tags(RoleName=role)["Tags"]]
    assert len(keys) == 50
    assert "TEAM" in keys
    assert "Team" not in keys


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda iam: iam.get_role(RoleName="None"), "The role with name None cannot be found."),
        (lambda iam: iam.delete_role(RoleName="None"), "The role with name None cannot be found."),
        (
            lambda iam: iam.get_policy(PolicyArn=NO_POLICY),
            f"Policy {NO_POLICY} does not exist or is not attachable.",
        ),
    ],
    ids=["GetRole", "DeleteRole", "GetPolicy"],
)
def test_what_is_missing_in_iams_words(iam: Any, call: Any, message: str) -> None:
    assert refusal(lambda: call(iam)) == ("NoSuchEntity", 404, message)


def test_client_ids_of_a_provider(iam: Any) -> None:
    url = "https://oidc.eks.us-east-1.amazonaws.com/id/CLIENTIDS"
    arn = iam.create_open_id_connect_provider(
        Url=url, ClientIDList=["a"], ThumbprintList=["f" * 40], Tags=[{"Key": "team", "Value": "x"}]
    )["OpenIDConnectProviderArn"]
    for _ in range(2):
        iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="b")
    iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="a")
    found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert (found["ClientIDList"], found["ThumbprintList"]) == (["b"], ["f" * 40])
    assert found["Tags"] == [{"Key": "team", "Value": "x"}]
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    told = refusal(
        lambda: iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="b")
    )
    assert told == ("NoSuchEntity", 404, f"OpenIDConnect Provider not found for arn {arn}")


def test_what_the_emulator_lacks_is_said(iam: Any, role: str) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/{role}"
    told = refusal(lambda: iam.get_context_keys_for_principal_policy(PolicySourceArn=arn))
    assert told[:2] == ("NotImplementedException", 501)
