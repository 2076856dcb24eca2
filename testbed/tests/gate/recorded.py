"""What AWS was recorded to answer, and how to bring it about in a world.

Recorded by LocalStack's snapshots (2026-02), by users in issues, and in CloudTrail (2026-08 and later). In a
message, `{…}` stands for a name, an ARN or the like. A fact without a status is a refusal by the model alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gate.bench import ACCOUNT, trust
from gate.stage import (
    CLUSTER,
    DOCUMENT,
    NO_AWS_POLICY,
    NO_POLICY,
    NO_PROVIDER,
    READ_ONLY,
    SERVICE_POLICY,
    Stage,
    account,
    document,
    many,
    statement,
    tags,
)


@dataclass(frozen=True)
class Refusal:
    """An error; `cause` ends with the call that gets it."""

    service: str
    operation: str
    when: str
    status: int
    code: str
    message: str
    recorded: str
    cause: Callable[[Stage], Any]

    @property
    def id(self) -> str:
        return f"{self.operation}: {self.when}"


def each(calls: dict[str, Callable[..., Any]]) -> list[tuple[str, Callable[..., Any]]]:
    """The operations that refuse the same, and how to call them."""
    return list(calls.items())


def on(call: Callable[..., Any], *arguments: Any) -> Callable[[Stage], Any]:
    """A cause of more arguments than the stage."""
    return lambda stage: call(stage, *arguments)


REFUSALS: list[Refusal] = []


def iam(
    operation: str, when: str, error: str, message: str, recorded: str, cause: Callable[[Stage], Any]
) -> None:
    add("iam", operation, when, error, message, recorded, cause)


def sts(
    operation: str, when: str, error: str, message: str, recorded: str, cause: Callable[[Stage], Any]
) -> None:
    add("sts", operation, when, error, message, recorded, cause)


def eks(
    operation: str, when: str, error: str, message: str, recorded: str, cause: Callable[[Stage], Any]
) -> None:
    add("eks", operation, when, error, message, recorded, cause)


def add(
    service: str,
    operation: str,
    when: str,
    error: str,
    message: str,
    recorded: str,
    cause: Callable[[Stage], Any],
) -> None:
    status, code = error.split()
    REFUSALS.append(Refusal(service, operation, when, int(status), code, message, recorded, cause))


MISSING = "The role with name {role} cannot be found."
FAILED = "1 validation error detected: Value at '{member}' failed to satisfy constraint: "
NOT_ATTACHABLE = "Policy {arn} version {version} does not exist or is not attachable."
GONE = "Policy {arn} was not found."
DUPLICATE = "Duplicate tag keys found. Please note that Tag keys are case insensitive."
KEY_PATTERN = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+"
TAGGING = "The previous tagging operation is still ongoing"
MALFORMED = "400 MalformedPolicyDocument"
INVALID = "400 ValidationError"

# Roles.
iam(
    "CreateRole",
    "a role of this name exists",
    "409 EntityAlreadyExists",
    "Role with name {role} already exists.",
    "2026-02",
    lambda s: s.create_role(RoleName=s.role()),
)
for _operation, _call in each(
    {
        "CreateRole": lambda s, t: s.create_role(Tags=t),
        "TagRole": lambda s, t: s.iam.tag_role(RoleName="None", Tags=t),
    }
):
    iam(
        _operation,
        "51 tags",
        INVALID,
        FAILED + "Member must have length less than or equal to 50",
        "2026-02",
        on(_call, tags(*many(51))),
    )
    iam(
        _operation,
        "two tags have the same key",
        "400 InvalidInput",
        DUPLICATE,
        "2026-02",
        on(_call, tags("a", "a")),
    )
    iam(
        _operation,
        "two tag keys differ in case alone",
        "400 InvalidInput",
        DUPLICATE,
        "2026-02",
        on(_call, tags("a", "A")),
    )
    iam(
        _operation,
        "a tag key is longer than 128 characters",
        INVALID,
        FAILED + "Member must have length less than or equal to 128",
        "2026-02",
        on(_call, tags("k" * 129)),
    )
    iam(
        _operation,
        "a tag value is longer than 256 characters",
        INVALID,
        FAILED + "Member must have length less than or equal to 256",
        "2026-02",
        on(_call, tags("k", value="v" * 257)),
    )
    iam(
        _operation,
        "a tag key has a character outside of the pattern",
        INVALID,
        FAILED + "Member must satisfy regular expression pattern: " + KEY_PATTERN,
        "2026-02",
        on(_call, tags("a;b")),
    )
for _operation, _call in each(
    {
        "CreateRole": lambda s, arn: s.create_role(PermissionsBoundary=arn),
        "PutRolePermissionsBoundary": lambda s, arn: s.iam.put_role_permissions_boundary(
            RoleName=s.role(), PermissionsBoundary=arn
        ),
    }
):
    iam(
        _operation,
        "PermissionsBoundary is no ARN of a policy",
        "400 InvalidInput",
        "ARN {arn} is not valid.",
        "2026-02",
        on(_call, "arn:aws:iam::123456789012:role/x"),
    )
    iam(
        _operation,
        "the permissions boundary does not exist",
        "404 NoSuchEntity",
        "Scope ARN: {arn} does not exist or is not attachable.",
        "2026-02",
        on(_call, NO_POLICY),
    )
for _operation, _call in each(
    {
        "CreateRole": lambda s, text: s.create_role(AssumeRolePolicyDocument=text),
        "UpdateAssumeRolePolicy": lambda s, text: s.iam.update_assume_role_policy(
            RoleName=s.role(), PolicyDocument=text
        ),
    }
):
    for _when, _text, _message, _recorded in (
        ("is no JSON", "{", "This policy contains invalid Json", "2026-02"),
        (
            "has an action that STS does not have",
            trust(Action="sts:InvalidAction"),
            "AssumeRole policy may only specify STS AssumeRole actions.",
            "2026-02",
        ),
        ("has Resource", trust(Resource="*"), "Has prohibited field Resource", "2026-02"),
        (
            "names a role that does not exist",
            trust(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/none"}),
            'Invalid principal in policy: "AWS":"{arn}"',
            "2024-07",
        ),
        (
            "names a service that is no principal",
            trust(Principal={"Service": "tagging.amazonaws.com"}),
            'Invalid principal in policy: "SERVICE":"{service}"',
            "2024-04",
        ),
        (
            "has a principal element without principals",
            trust(Principal={}),
            "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: "
            "The passed in policy has a statement with no principals!",
            "2020-01",
        ),
        (
            "has the principal *",
            trust(Principal="*"),
            'AssumeRolepolicy contained an invalid principal: "STAR":"*".',
            "2020-01",
        ),
        (
            "has a federated principal of another form",
            trust(Principal={"Federated": "https://a.example"}),
            "Federated principals must be valid domain names or SAML metadata ARNs",
            "2023-05",
        ),
        (
            "has a condition key with https://",
            trust(Condition={"StringEquals": {"https://a:sub": "b"}}),
            "Condition can contain only one colon.",
            "2020-11",
        ),
    ):
        iam(
            _operation,
            f"the trust policy {_when}",
            MALFORMED,
            _message,
            _recorded,
            on(_call, _text),
        )
    iam(
        _operation,
        "the trust policy is too long",
        "409 LimitExceeded",
        "Cannot exceed quota for ACLSizePerRole: 2048",
        "2022-10",
        on(_call, trust(Sid="x" * 2048)),
    )
iam(
    "CreateRole",
    "the account has no role left",
    "409 LimitExceeded",
    "Cannot exceed quota for RolesPerAccount: {quota}",
    "2021-12",
    lambda s: (s.role(), s.set(quotas={"RolesPerAccount": 1}), s.role(RoleName="More")),
)
iam(
    "CreateRole",
    "RoleName has other characters",
    INVALID,
    "The specified value for roleName is invalid. "
    "It must contain only alphanumeric characters and/or the following: +=,.@_-",
    "2020-11",
    lambda s: s.role(RoleName="a b"),
)
iam(
    "CreateRole",
    "RoleName is longer than 64 characters",
    INVALID,
    FAILED + "Member must have length less than or equal to 64",
    "2024-11",
    lambda s: s.role(RoleName="x" * 65),
)
iam(
    "CreateRole",
    "Path does not begin and end with a slash",
    INVALID,
    "The specified value for path is invalid. "
    "It must begin and end with / and contain only alphanumeric characters and/or / characters.",
    "2026-02",
    lambda s: s.role(Path="team"),
)
for _operation, _call in each(
    {
        "GetRole": lambda s: s.iam.get_role(RoleName="None"),
        "UpdateRole": lambda s: s.iam.update_role(RoleName="None"),
        "DeleteRole": lambda s: s.iam.delete_role(RoleName="None"),
        "TagRole": lambda s: s.iam.tag_role(RoleName="None", Tags=tags("a")),
        "UntagRole": lambda s: s.iam.untag_role(RoleName="None", TagKeys=["a"]),
        "ListRoleTags": lambda s: s.iam.list_role_tags(RoleName="None"),
        "PutRolePolicy": lambda s: s.iam.put_role_policy(
            RoleName="None", PolicyName="a", PolicyDocument=DOCUMENT
        ),
        "GetRolePolicy": lambda s: s.iam.get_role_policy(RoleName="None", PolicyName="a"),
        "DeleteRolePolicy": lambda s: s.iam.delete_role_policy(RoleName="None", PolicyName="a"),
        "PutRolePermissionsBoundary": lambda s: s.iam.put_role_permissions_boundary(
            RoleName="None", PermissionsBoundary=READ_ONLY
        ),
        "ListInstanceProfilesForRole": lambda s: s.iam.list_instance_profiles_for_role(RoleName="None"),
    }
):
    iam(_operation, "the role does not exist", "404 NoSuchEntity", MISSING, "2026-02", _call)
iam(
    "DeleteRole",
    "a managed policy is attached",
    "409 DeleteConflict",
    "Cannot delete entity, must detach all policies first.",
    "2026-02",
    lambda s: (
        s.iam.attach_role_policy(RoleName=s.role(), PolicyArn=READ_ONLY),
        s.iam.delete_role(RoleName=s.name),
    ),
)
iam(
    "DeleteRole",
    "it has an inline policy",
    "409 DeleteConflict",
    "Cannot delete entity, must delete policies first.",
    "2026-02",
    lambda s: (
        s.iam.put_role_policy(RoleName=s.role(), PolicyName="a", PolicyDocument=DOCUMENT),
        s.iam.delete_role(RoleName=s.name),
    ),
)
iam(
    "DeleteRole",
    "it is in an instance profile",
    "409 DeleteConflict",
    "Cannot delete entity, must remove roles from instance profile first.",
    "2026-02",
    lambda s: s.iam.delete_role(RoleName=s.profile()),
)
for _operation, _call in each(
    {
        "DeleteRole": lambda s, role: s.iam.delete_role(RoleName=role),
        "DetachRolePolicy": lambda s, role: s.iam.detach_role_policy(RoleName=role, PolicyArn=READ_ONLY),
        "PutRolePolicy": lambda s, role: s.iam.put_role_policy(
            RoleName=role, PolicyName="a", PolicyDocument=DOCUMENT
        ),
    }
):
    iam(
        _operation,
        "a service-linked role",
        "400 UnmodifiableEntity",
        "Cannot perform the operation on the protected role '{role}' - this role is only modifiable by AWS",
        "2019-04",
        on(lambda s, call: call(s, s.service_role()), _call),
    )
iam(
    "UntagRole",
    "51 keys",
    INVALID,
    FAILED + "Member must have length less than or equal to 50",
    "2026-02",
    lambda s: s.iam.untag_role(RoleName="None", TagKeys=many(51)),
)
iam(
    "UntagRole",
    "a key that is too long or has other characters",
    INVALID,
    FAILED + "Member must satisfy constraint: "
    "[Member must have length less than or equal to 128, Member must have length greater than or "
    "equal to 1, Member "
    f"must satisfy regular expression pattern: {KEY_PATTERN}, Member must not be null]",
    "2026-02",
    lambda s: s.iam.untag_role(RoleName=s.role(), TagKeys=["k" * 129, "a;b"]),
)
iam(
    "ListRoles",
    "Marker is none that IAM gave",
    INVALID,
    "Invalid Marker.",
    "2026-02",
    lambda s: s.iam.list_roles(Marker="none"),
)

# Policies of roles.
iam(
    "AttachRolePolicy",
    "PolicyArn is no ARN",
    INVALID,
    "ARN {arn} is not valid.",
    "2026-02",
    lambda s: s.iam.attach_role_policy(RoleName=s.role(), PolicyArn="longer-than-20-characters"),
)
iam(
    "AttachRolePolicy",
    "the policy does not exist",
    "404 NoSuchEntity",
    "Policy {arn} does not exist or is not attachable.",
    "2026-02",
    lambda s: s.iam.attach_role_policy(RoleName=s.role(), PolicyArn=NO_POLICY),
)
iam(
    "AttachRolePolicy",
    "the policy is one of a service-linked role",
    "400 PolicyNotAttachable",
    "Cannot attach a Service Role Policy to a Customer Role.",
    "2020-02",
    lambda s: s.iam.attach_role_policy(RoleName=s.role(), PolicyArn=SERVICE_POLICY),
)
iam(
    "DetachRolePolicy",
    "the policy is not attached",
    "404 NoSuchEntity",
    GONE,
    "2026-02",
    lambda s: s.iam.detach_role_policy(RoleName=s.role(), PolicyArn=READ_ONLY),
)
iam(
    "DetachRolePolicy",
    "the policy does not exist",
    "404 NoSuchEntity",
    GONE,
    "2026-02",
    lambda s: s.iam.detach_role_policy(RoleName=s.role(), PolicyArn=NO_POLICY),
)
iam(
    "PutRolePolicy",
    "the document names a principal",
    MALFORMED,
    "Policy document should not specify a principal.",
    "2019-10",
    lambda s: s.iam.put_role_policy(RoleName=s.role(), PolicyName="a", PolicyDocument=trust()),
)
iam(
    "PutRolePolicy",
    "all inline policies together are too long",
    "409 LimitExceeded",
    "Maximum policy size of 10240 bytes exceeded for role {role}",
    "2023-10",
    lambda s: s.iam.put_role_policy(
        RoleName=s.role(), PolicyName="a", PolicyDocument=statement(Resource="arn:aws:s3:::" + "x" * 10240)
    ),
)
for _operation in ("get_role_policy", "delete_role_policy"):
    iam(
        _operation.title().replace("_", ""),
        "the role has no such policy",
        "404 NoSuchEntity",
        "The role policy with name {policy} cannot be found.",
        "2026-02",
        on(lambda s, name: getattr(s.iam, name)(RoleName=s.role(), PolicyName="a"), _operation),
    )

# Managed policies.
iam(
    "CreatePolicy",
    "a policy of this name exists",
    "409 EntityAlreadyExists",
    "A policy called {policy} already exists. Duplicate names are not allowed.",
    "2026-02",
    lambda s: (s.policy(), s.policy()),
)
iam(
    "CreatePolicy",
    "51 tags",
    INVALID,
    FAILED + "Member must have length less than or equal to 50",
    "2026-02",
    lambda s: s.policy(Tags=tags(*many(51))),
)
iam(
    "CreatePolicy",
    "two tags have the same key",
    "400 InvalidInput",
    "Duplicate tag keys found.",
    "2026-02",
    lambda s: s.policy(Tags=tags("a", "a")),
)
iam(
    "TagPolicy",
    "two tags have the same key",
    "400 InvalidInput",
    "Duplicate tag keys found.",
    "2026-02",
    lambda s: s.iam.tag_policy(PolicyArn=s.policy(), Tags=tags("a", "a")),
)
iam(
    "CreatePolicy",
    "the document is too long",
    "409 LimitExceeded",
    "Cannot exceed quota for PolicySize: 6144",
    "2023-07",
    lambda s: s.policy(PolicyDocument=statement(Resource="arn:aws:s3:::" + "x" * 6144)),
)
for _when, _text, _message in (
    ("is no JSON", "{", "Syntax errors in policy."),
    ("has a Version that there is not", document(Version="2013-10-17"), "Syntax errors in policy."),
    ("has no Version", document(Version=None), "Policy document must be version 2012-10-17 or greater."),
    ("has no Statement", document(Statement=[]), "Syntax errors in policy."),
    ("has another element", document(Other=""), "Syntax errors in policy."),
    ("has no Effect", statement(Effect=None), "Syntax errors in policy."),
    ("has Effect in another case", statement(Effect="allow"), "The policy failed legacy parsing"),
    (
        "has an action without a service",
        statement(Action="GetObject"),
        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
    ),
    (
        "has an action of two colons",
        statement(Action="s3:Get:Object"),
        "Actions/Condition can contain only one colon.",
    ),
    ("has no Action", statement(Action=None), "Policy statement must contain actions."),
    ("has no Resource", statement(Resource=None), "Policy statement must contain resources."),
    (
        "has a resource that is no ARN",
        statement(Resource="web"),
        'Resource {resource} must be in ARN format or "*".',
    ),
    (
        "has another partition",
        statement(Resource="arn:x:s3:::web"),
        'Partition "{partition}" is not valid for resource "{arn}".',
    ),
    (
        "has an ARN of S3 with a region",
        statement(Resource="arn:aws:s3:eu-west-1::web"),
        "Resource {arn} can not contain region information.",
    ),
    (
        "has a date that is none",
        statement(Condition={"DateEquals": {"aws:CurrentTime": "now"}}),
        "The policy failed legacy parsing",
    ),
):
    iam(
        "CreatePolicy",
        f"the document {_when}",
        MALFORMED,
        _message,
        "2026-02",
        on(lambda s, text: s.policy(PolicyDocument=text), _text),
    )
iam(
    "GetPolicy",
    "a customer's policy that does not exist",
    "404 NoSuchEntity",
    "Policy {arn} does not exist or is not attachable.",
    "2019-02",
    lambda s: s.iam.get_policy(PolicyArn=NO_POLICY),
)
iam(
    "GetPolicy",
    "a policy of AWS's that does not exist",
    "404 NoSuchEntity",
    GONE,
    "2024-02",
    lambda s: s.iam.get_policy(PolicyArn=NO_AWS_POLICY),
)
iam(
    "GetPolicyVersion",
    "the policy does not exist",
    "404 NoSuchEntity",
    NOT_ATTACHABLE,
    "2026-02",
    lambda s: s.iam.get_policy_version(PolicyArn=NO_POLICY, VersionId="v1"),
)
iam(
    "GetPolicyVersion",
    "the version does not exist",
    "404 NoSuchEntity",
    NOT_ATTACHABLE,
    "2026-02",
    lambda s: s.iam.get_policy_version(PolicyArn=s.policy(), VersionId="v9"),
)
iam(
    "DeletePolicyVersion",
    "the version does not exist",
    "404 NoSuchEntity",
    NOT_ATTACHABLE,
    "2026-02",
    lambda s: s.iam.delete_policy_version(PolicyArn=s.policy(), VersionId="v9"),
)
iam(
    "GetPolicyVersion",
    "VersionId is no version's",
    INVALID,
    FAILED + r"Member must satisfy regular expression pattern: v[1-9][0-9]*(\.[A-Za-z0-9-]*)?",
    "2026-02",
    lambda s: s.iam.get_policy_version(PolicyArn=s.policy(), VersionId="latest"),
)
iam(
    "CreatePolicyVersion",
    "the policy has 5 versions",
    "409 LimitExceeded",
    "A managed policy can have up to 5 "
    "versions. Before you create a new version, you must delete an existing version.",
    "2026-02",
    lambda s: s.policy(versions=6),
)
iam(
    "DeletePolicyVersion",
    "the version is the default one",
    "409 DeleteConflict",
    "Cannot delete the default version of a policy.",
    "2026-02",
    lambda s: s.iam.delete_policy_version(PolicyArn=s.policy(), VersionId="v1"),
)
iam(
    "DeletePolicyVersion",
    "a policy of AWS's",
    "403 AccessDenied",
    "Cannot delete policy versions for policies outside your own account.",
    "2026-02",
    lambda s: s.iam.delete_policy_version(PolicyArn=READ_ONLY, VersionId="v1"),
)
iam(
    "DeletePolicy",
    "the policy is attached",
    "409 DeleteConflict",
    "Cannot delete a policy attached to entities.",
    "2026-02",
    lambda s: (
        s.iam.attach_role_policy(RoleName=s.role(), PolicyArn=(arn := s.policy())),
        s.iam.delete_policy(PolicyArn=arn),
    ),
)
iam(
    "DeletePolicy",
    "the policy does not exist",
    "404 NoSuchEntity",
    GONE,
    "2025-03",
    lambda s: s.iam.delete_policy(PolicyArn=NO_POLICY),
)
iam(
    "DeletePolicy",
    "a policy of AWS's",
    "403 AccessDenied",
    "Cannot delete policies outside your own account.",
    "2026-02",
    lambda s: s.iam.delete_policy(PolicyArn=READ_ONLY),
)
iam(
    "DeletePolicy",
    "it has more versions than the default one",
    "409 DeleteConflict",
    "This policy has more than one "
    "version. Before you delete a policy, you must delete the policy's versions. The default version "
    "is deleted with "
    "the policy.",
    "2026-08",
    lambda s: s.iam.delete_policy(PolicyArn=s.policy(versions=2)),
)
iam(
    "TagPolicy",
    "the policy does not exist",
    "404 NoSuchEntity",
    GONE,
    "2026-02",
    lambda s: s.iam.tag_policy(PolicyArn=NO_POLICY, Tags=tags("a")),
)
iam(
    "UntagPolicy",
    "the policy does not exist",
    "404 NoSuchEntity",
    GONE,
    "2026-02",
    lambda s: s.iam.untag_policy(PolicyArn=NO_POLICY, TagKeys=["a"]),
)

# OIDC providers.
iam(
    "CreateOpenIDConnectProvider",
    "a provider of this URL exists",
    "409 EntityAlreadyExists",
    "Provider with url {url} already exists.",
    "2026-02",
    lambda s: (s.provider(), s.provider()),
)
iam(
    "CreateOpenIDConnectProvider",
    "Url has no scheme",
    INVALID,
    "Invalid Open ID Connect Provider URL",
    "2026-02",
    lambda s: s.provider(Url="example"),
)
iam(
    "CreateOpenIDConnectProvider",
    "6 thumbprints",
    "400 InvalidInput",
    "Thumbprint list must contain fewer than 5 entries.",
    "2026-02",
    lambda s: s.provider(ThumbprintList=[f"{n:040}" for n in range(6)]),
)
iam(
    "CreateOpenIDConnectProvider",
    "101 client IDs",
    "409 LimitExceeded",
    "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100",
    "2026-02",
    lambda s: s.provider(ClientIDList=many(101)),
)
iam(
    "CreateOpenIDConnectProvider",
    "a client ID, a thumbprint and a URL are too long",
    INVALID,
    "3 validation errors detected: Value at 'clientIDList' failed to satisfy constraint: Member must satisfy "
    "constraint: [Member must have length less than or equal to 255, Member must have length greater "
    "than or equal to "
    "1]; Value at 'thumbprintList' failed to satisfy constraint: Member must satisfy constraint: "
    "[Member must have "
    "length less than or equal to 40, Member must have length greater than or equal to 40]; Value at "
    "'url' failed to "
    "satisfy constraint: Member must have length less than or equal to 255",
    "2026-02",
    lambda s: s.provider(Url="https://" + "u" * 248, ThumbprintList=["a" * 41], ClientIDList=["c" * 256]),
)
iam(
    "CreateOpenIDConnectProvider",
    "the account has no provider left",
    "409 LimitExceeded",
    "Cannot exceed quota for OpenIdConnectProvidersPerAccount: {quota}",
    "2021-12",
    lambda s: (s.set(quotas={"OpenIdConnectProvidersPerAccount": 1}), s.provider()),
)
iam(
    "GetOpenIDConnectProvider",
    "the provider does not exist",
    "404 NoSuchEntity",
    "OpenIDConnect Provider not found for arn {arn}",
    "2026-02",
    lambda s: s.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=NO_PROVIDER),
)
iam(
    "DeleteOpenIDConnectProvider",
    "the provider does not exist",
    "404 NoSuchEntity",
    "OpenId connect Provider {arn} cannot be found.",
    "2026-02",
    lambda s: s.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=NO_PROVIDER),
)
iam(
    "TagOpenIDConnectProvider",
    "one more tag than 50",
    "409 LimitExceeded",
    "The number of tags has reached the maximum limit.",
    "2026-02",
    lambda s: s.iam.tag_open_id_connect_provider(
        OpenIDConnectProviderArn=s.provider(Tags=tags(*many(50))), Tags=tags("more")
    ),
)

# Denials.
DENIED = "User: {caller} is not authorized to perform: iam:"
DETAILS = (
    " Go to "
    "https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/{id} "
    "for complete details, or call the GetRequestAuthorizationDetails API with the following authorization "
    "id: {id}"
)


def denial(
    operation: str, resource: str, recorded: str, call: Callable[[Stage], Any], more: str = ""
) -> None:
    """No identity-based policy allows it."""
    message = (
        f"{DENIED}{operation} on resource: {resource} because no identity-based policy allows "
        f"the iam:{operation} action"
    )
    iam(
        operation,
        "no identity-based policy allows it",
        "403 AccessDenied",
        message + more,
        recorded,
        lambda s: (s.deny(), call(s)),
    )


ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/None"
denial("GetRole", "role None", "2026-10", lambda s: s.iam.get_role(RoleName="None"), f".{DETAILS}")
denial(
    "ListInstanceProfilesForRole",
    "role None",
    "2026-10",
    lambda s: s.iam.list_instance_profiles_for_role(RoleName="None"),
    f".{DETAILS}",
)
denial(
    "ListAttachedRolePolicies",
    "role None",
    "2026-08",
    lambda s: s.iam.list_attached_role_policies(RoleName="None"),
    f".{DETAILS}",
)
denial("ListRoles", f"arn:aws:iam::{ACCOUNT}:role/", "2026-02", lambda s: s.iam.list_roles())
denial("GetPolicy", f"policy {NO_POLICY}", "2026-02", lambda s: s.iam.get_policy(PolicyArn=NO_POLICY))
denial("TagRole", ROLE_ARN, "2026-02", lambda s: s.iam.tag_role(RoleName="None", Tags=tags("a")))
denial(
    "PutRolePolicy",
    "role None",
    "2026-02",
    lambda s: s.iam.put_role_policy(RoleName="None", PolicyName="a", PolicyDocument=DOCUMENT),
)
denial(
    "UpdateAssumeRolePolicy",
    "role None",
    "2023-05",
    lambda s: s.iam.update_assume_role_policy(RoleName="None", PolicyDocument=trust()),
)
denial(
    "CreateOpenIDConnectProvider",
    f"arn:aws:iam::{ACCOUNT}:oidc-provider/{{issuer}}",
    "2023-10",
    lambda s: s.provider(),
)
denial(
    "SimulatePrincipalPolicy",
    ROLE_ARN,
    "2026-02",
    lambda s: s.iam.simulate_principal_policy(PolicySourceArn=ROLE_ARN, ActionNames=["s3:GetObject"]),
)
denial(
    "ListOpenIDConnectProviders",
    f"arn:aws:iam::{ACCOUNT}:oidc-provider/*",
    "2026-02",
    lambda s: s.iam.list_open_id_connect_providers(),
)
iam(
    "CreateRole",
    "an identity-based policy denies it",
    "403 AccessDenied",
    DENIED
    + "CreateRole on resource: {roleArn} with an explicit deny in an identity-based policy: {policyArn}",
    "2026-10",
    lambda s: (s.deny(explicit=True), s.role()),
)
iam(
    "AttachRolePolicy",
    "the permissions boundary does not allow it",
    "403 AccessDenied",
    DENIED + "AttachRolePolicy on "
    "resource: role {role} because no permissions boundary allows the iam:AttachRolePolicy action",
    "2026-02",
    lambda s: (
        s.deny("permissions_boundary"),
        s.iam.attach_role_policy(RoleName="None", PolicyArn=READ_ONLY),
    ),
)
iam(
    "CreatePolicy",
    "the permissions boundary does not allow it",
    "403 AccessDenied",
    DENIED + "CreatePolicy on "
    "resource: policy {policy} because no permissions boundary allows the iam:CreatePolicy action",
    "2026-02",
    lambda s: (s.deny("permissions_boundary"), s.policy()),
)
iam(
    "DeleteRole",
    "a service control policy denies it",
    "403 AccessDenied",
    DENIED + "DeleteRole on resource: role {role} "
    "with an explicit deny in a service control policy: "
    "arn:aws:organizations::{account}:policy/{organization}/"
    "service_control_policy/{policy}",
    "2026-03",
    lambda s: (s.deny("service_control_policy", explicit=True), s.iam.delete_role(RoleName="None")),
)

# STS.
sts(
    "AssumeRole",
    "RoleArn is no ARN",
    INVALID,
    "{arn} is invalid",
    "2025-07",
    lambda s: s.sts.assume_role(RoleArn="longer-than-20-characters", RoleSessionName="me"),
)
sts(
    "AssumeRole",
    "RoleSessionName has another character",
    INVALID,
    "1 validation error detected: Value '{session}' at "
    r"'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: "
    r"[\w+=,.@-]*",
    "2025-07",
    lambda s: s.sts.assume_role(RoleArn=ROLE_ARN, RoleSessionName="me too"),
)
sts(
    "AssumeRole",
    "RoleSessionName is longer than 64 characters",
    INVALID,
    "1 validation error detected: Value "
    "'{session}' at 'roleSessionName' failed to satisfy constraint: Member must have length less "
    "than or equal to 64",
    "2026-02",
    lambda s: s.sts.assume_role(RoleArn=ROLE_ARN, RoleSessionName="m" * 65),
)
sts(
    "AssumeRole",
    "several parameters are wrong",
    INVALID,
    "2 validation errors detected: Value '{value}' at '{member}' "
    "failed to satisfy constraint: {constraint}; Value '{value}' at '{member}' failed to satisfy constraint: "
    "{constraint}",
    "2022-04",
    lambda s: s.sts.assume_role(RoleArn=ROLE_ARN, RoleSessionName="me too", DurationSeconds=43201),
)
SESSION_DENIED = "User: {caller} is not authorized to perform: sts:AssumeRole on resource: {roleArn}"
sts(
    "AssumeRole",
    "there is no such role",
    "403 AccessDenied",
    SESSION_DENIED,
    "2026-08",
    lambda s: s.sts.assume_role(RoleArn=ROLE_ARN, RoleSessionName="me"),
)
sts(
    "AssumeRole",
    "the trust policy does not allow it",
    "403 AccessDenied",
    SESSION_DENIED,
    "2026-08",
    lambda s: s.sts.assume_role(RoleArn=s.create_role()["Arn"], RoleSessionName="me"),
)
sts(
    "AssumeRole",
    "no identity-based policy allows it",
    "403 AccessDenied",
    SESSION_DENIED,
    "2026-08",
    lambda s: (
        arn := s.create_role(AssumeRolePolicyDocument=account())["Arn"],
        s.deny(),
        s.sts.assume_role(RoleArn=arn, RoleSessionName="me"),
    ),
)
sts(
    "AssumeRole",
    "two session tags differ in case alone",
    "400 InvalidParameterValue",
    DUPLICATE,
    "2025-04",
    lambda s: s.sts.assume_role(RoleArn=ROLE_ARN, RoleSessionName="me", Tags=tags("a", "A")),
)
sts(
    "AssumeRole",
    "a session that assumes a role for more than an hour",
    INVALID,
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    "2025-05",
    lambda s: s.in_session().assume_role(
        RoleArn=s.create_role(AssumeRolePolicyDocument=account(), MaxSessionDuration=7200)["Arn"],
        RoleSessionName="second",
        DurationSeconds=7200,
    ),
)
sts(
    "AssumeRole",
    "DurationSeconds is above the role's",
    INVALID,
    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    "2021-11",
    lambda s: s.sts.assume_role(
        RoleArn=s.create_role(AssumeRolePolicyDocument=account())["Arn"],
        RoleSessionName="me",
        DurationSeconds=7200,
    ),
)
WEB = "AssumeRoleWithWebIdentity"


def web(s: Stage, token: str, **more: Any) -> Any:
    asked = {"RoleArn": ROLE_ARN, "RoleSessionName": "pod", "WebIdentityToken": token, **more}
    return s.sts.assume_role_with_web_identity(**asked)


sts(
    WEB,
    "the issuer has no provider",
    "400 InvalidIdentityToken",
    "No OpenIDConnect provider found in your account for {issuer}",
    "2023-08",
    lambda s: web(s, s.bench.token(iss="https://none.example")),
)
sts(
    WEB,
    "another audience",
    "400 InvalidIdentityToken",
    "Incorrect token audience",
    "2026-06",
    lambda s: web(s, s.bench.token(aud=["other"])),
)
sts(
    WEB,
    "no key of the token's key ID",
    "400 InvalidIdentityToken",
    "Couldn't retrieve verification key from your "
    "identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    "2023-06",
    lambda s: web(s, s.bench.token(kid="other")),
)
sts(
    WEB,
    "the signature is not right",
    "400 InvalidIdentityToken",
    "The web identity token provided could not be validated",
    "2026-07",
    lambda s: web(s, s.bench.token()[:-6] + "AAAAAA"),
)
sts(
    WEB,
    "no aud claim",
    "400 InvalidIdentityToken",
    "Missing a required claim: aud",
    "2022-05",
    lambda s: web(s, s.bench.token(aud=None)),
)
sts(
    WEB,
    "no sub claim",
    "400 InvalidIdentityToken",
    "Missing a required claim: sub",
    "2022-09",
    lambda s: web(s, s.bench.token(sub=None)),
)
sts(
    WEB,
    "the token is expired",
    "400 ExpiredTokenException",
    "Token expired: current date/time {now} must be before the expiration date/time {exp}",
    "2024-11",
    lambda s: web(s, s.bench.token(exp=1)),
)
sts(
    WEB,
    "the trust policy does not allow the subject",
    "403 AccessDenied",
    "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    "2022-11",
    lambda s: web(s, s.bench.token(sub="other"), RoleArn=s.create_role()["Arn"]),
)
sts(
    WEB,
    "RoleArn is no role's ARN",
    INVALID,
    "Request ARN is invalid",
    "2021-02",
    lambda s: web(s, s.bench.token(), RoleArn="longer-than-20-characters"),
)
sts(
    WEB,
    "DurationSeconds is above the role's",
    INVALID,
    "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    "2021-11",
    lambda s: web(s, s.bench.token(), RoleArn=s.create_role()["Arn"], DurationSeconds=7200),
)
sts(
    WEB,
    "the identity provider refuses the token",
    "403 IDPRejectedClaim",
    "{host} responded",
    "2013-11",
    lambda s: (
        s.fault("sts:*", **{"error": "IDPRejectedClaim", "message": "a: a responded"}),
        web(s, s.bench.token()),
    ),
)

# EKS.
eks(
    "DescribeCluster",
    "no such cluster",
    "404 ResourceNotFoundException",
    "No cluster found for name: {cluster}.",
    "2025-01",
    lambda s: s.eks.describe_cluster(name="none"),
)
EKS_DENIED = "User: {caller} is not authorized to perform: eks:"
eks(
    "DescribeCluster",
    "no identity-based policy allows it",
    "403 AccessDeniedException",
    EKS_DENIED + "DescribeCluster "
    "on resource: arn:aws:eks:{region}:{account}:cluster/{cluster} because no identity-based policy "
    "allows the "
    "eks:DescribeCluster action",
    "2026-01",
    lambda s: (s.deny(), s.eks.describe_cluster(name="demo")),
)
eks(
    "ListClusters",
    "not allowed: the resource is all clusters",
    "403 AccessDeniedException",
    EKS_DENIED + "ListClusters on resource: arn:aws:eks:{region}:{account}:cluster/* because {reason}",
    "2026-01",
    lambda s: (s.deny(), s.eks.list_clusters()),
)
eks(
    "CreatePodIdentityAssociation",
    "the ServiceAccount has one",
    "409 ResourceInUseException",
    "Association already exists: {associationId}",
    "2025-07",
    lambda s: s.eks.create_pod_identity_association(
        **CLUSTER,
        namespace="web",
        serviceAccount=(one := s.association())["serviceAccount"],
        roleArn=one["roleArn"],
    ),
)
eks(
    "CreatePodIdentityAssociation",
    "the role does not exist",
    "400 InvalidParameterException",
    "Role provided in the request does not exist.",
    "2023-12",
    lambda s: s.association(roleArn=ROLE_ARN),
)
eks(
    "CreatePodIdentityAssociation",
    "the trust policy does not name EKS",
    "400 InvalidParameterException",
    "Trust policy of the role provided is invalid.",
    "2025-02",
    lambda s: s.association(roleArn=s.create_role(RoleName=s.name + "-other")["Arn"]),
)
eks(
    "DeletePodIdentityAssociation",
    "the ID is not as long as one",
    "400 InvalidParameterException",
    "The parameter associationId should be 19 characters long.",
    "2024-04",
    lambda s: s.eks.delete_pod_identity_association(**CLUSTER, associationId="a-short"),
)
eks(
    "DeletePodIdentityAssociation",
    "not allowed: the resource is the association's",
    "403 AccessDeniedException",
    EKS_DENIED
    + "DeletePodIdentityAssociation on resource: arn:aws:eks:{region}:{account}:podidentityassociation/"
    "{cluster}/{associationId} because {reason}",
    "2025-09",
    lambda s: (
        which := s.association()["associationId"],
        s.deny(),
        s.eks.delete_pod_identity_association(**CLUSTER, associationId=which),
    ),
)
eks(
    "DescribeAddon",
    "the cluster does not have the add-on",
    "404 ResourceNotFoundException",
    "No addon: {addon} found in cluster: {cluster}",
    "2026-02",
    lambda s: s.eks.describe_addon(**CLUSTER, addonName="none"),
)
eks(
    "DescribeCluster",
    "too many calls",
    "429 ThrottlingException",
    "Rate exceeded",
    "2026-02",
    lambda s: (
        s.fault("eks:*", **{"error": "ThrottlingException"}),
        s.eks.list_clusters(),
    ),
)
iam(
    "GetRole",
    "too many calls",
    "400 Throttling",
    "Rate exceeded",
    "2022-10",
    lambda s: (
        s.fault("iam:*", **{"error": "Throttling"}),
        s.iam.get_role(RoleName="None"),
    ),
)
eks(
    "CreateAddon",
    "a version that there is not",
    "400 InvalidParameterException",
    "Addon version specified is not supported",
    "2023-06",
    lambda s: s.eks.create_addon(**CLUSTER, addonName=s.name, addonVersion="latest"),
)
eks(
    "CreateAddon",
    "the cluster has the add-on",
    "409 ResourceInUseException",
    "Addon already exists.",
    "2024-06",
    lambda s: [s.addon(), s.addon()],
)
iam(
    "CreateInstanceProfile",
    "the account has no instance profile left",
    "409 LimitExceeded",
    "Cannot exceed quota for InstanceProfilesPerAccount: {quota}",
    "2026-02",
    lambda s: s.set(quotas={"InstanceProfilesPerAccount": 0}).profile(),
)
for _operation, _call, _message in (
    ("CreateRole", lambda s: s.create_role(), ""),
    ("TagRole", lambda s: s.iam.tag_role(RoleName="None", Tags=tags("a")), TAGGING),
    (
        "AttachRolePolicy",
        lambda s: s.iam.attach_role_policy(RoleName="None", PolicyArn=READ_ONLY),
        "Another request updating the entity is in progress. Please try again later.",
    ),
):
    iam(
        _operation,
        "another call changes the same role",
        "409 ConcurrentModification",
        _message,
        "2025-01",
        on(lambda s, call: call(s.fault("iam:*", error="ConcurrentModification")), _call),
    )
