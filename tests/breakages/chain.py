"""The ServiceAccount, its annotations, the role and its policies."""

from __future__ import annotations

import json

from breakages.breakage import Breakage
from breakages.patient import Patient
from e2e.shop import AUDIENCE, EXPIRATION, REGIONAL, ROLE_ARN, S3, aws_managed

ALL = {"Action": "*", "Resource": "*"}


def annotate(*words: str) -> object:
    return lambda one: one.shop.annotate(*(word.format(arn=one.shop.role_arn) for word in words))


def delete_service_account(one: Patient) -> None:
    one.shop.ok("delete", "serviceaccount", "shop", "-n", one.shop.namespace)


def move_service_account(one: Patient) -> None:
    delete_service_account(one)
    one.shop.ok("create", "serviceaccount", "shop2", "-n", one.shop.namespace)


def delete_held_service_account(one: Patient) -> None:
    """Delete the ServiceAccount while a finalizer holds it, until the test ends."""
    where = ("serviceaccount", "shop", "-n", one.shop.namespace)
    patch = ("patch", *where, "--type=merge", "-p")
    one.shop.ok(*patch, '{"metadata": {"finalizers": ["example.com/held"]}}')
    one.undo.append(lambda: one.shop.ok(*patch, '{"metadata": {"finalizers": null}}'))
    one.shop.ok("delete", *where, "--wait=false")


def break_off_delete(one: Patient) -> None:
    one.control.fault("aws", "iam:DeleteRole", {"error": "AccessDenied"})
    done = one.warm.run(["delete", "shop", "-n", one.shop.namespace, "--yes"], one.shop.world.environ)
    assert done.returncode == 1, done.stderr
    one.control.clear_faults()


def record_alone(one: Patient) -> None:
    one.shop.annotate(f"{ROLE_ARN}-", f"iamsa/deleting-role={one.shop.role_arn}")


def replace_service_account(one: Patient) -> None:
    one.shop.ok("delete", "serviceaccount", "shop", "-n", one.shop.namespace)
    one.shop.make_service_account()


def delete_role(one: Patient) -> None:
    shop = one.shop
    shop.iam.detach_role_policy(RoleName=shop.role_name, PolicyArn=aws_managed(S3))
    shop.iam.delete_role(RoleName=shop.role_name)


def name_no_role(one: Patient) -> None:
    delete_role(one)
    one.shop.annotate(f"{ROLE_ARN}={one.shop.arn_of('gone-' + one.shop.namespace)}")


def detach(one: Patient) -> None:
    one.shop.iam.detach_role_policy(RoleName=one.shop.role_name, PolicyArn=aws_managed(S3))


def delete_policy(one: Patient) -> None:
    """Delete the role's customer-managed policy, as if to create it again."""
    shop = one.shop
    arn = shop.iam.create_policy(
        PolicyName=f"own-{shop.namespace}", PolicyDocument=document({"Effect": "Allow", **ALL})
    )["Policy"]["Arn"]
    shop.iam.attach_role_policy(RoleName=shop.role_name, PolicyArn=arn)
    detach(one)
    shop.iam.detach_role_policy(RoleName=shop.role_name, PolicyArn=arn)
    shop.iam.delete_policy(PolicyArn=arn)


def set_boundary(*statements: dict[str, object]) -> object:
    def put(one: Patient) -> None:
        shop = one.shop
        made = shop.iam.create_policy(
            PolicyName=f"boundary-{shop.namespace}", PolicyDocument=document(*statements)
        )
        shop.create("--permissions-boundary", made["Policy"]["Arn"])

    return put


def lose_boundary(one: Patient) -> None:
    one.shop.create("--permissions-boundary", one.boundary)
    one.shop.iam.delete_role_permissions_boundary(RoleName=one.shop.role_name)


def replace_boundary(one: Patient) -> None:
    one.shop.create("--permissions-boundary", one.boundary)
    one.shop.iam.put_role_permissions_boundary(
        RoleName=one.shop.role_name, PermissionsBoundary=aws_managed("PowerUserAccess")
    )


def delete_boundary_policy(one: Patient) -> None:
    shop = one.shop
    made = shop.iam.create_policy(
        PolicyName=f"boundary-{shop.namespace}", PolicyDocument=document(ALLOW_ALL)
    )["Policy"]["Arn"]
    shop.create("--permissions-boundary", made)
    shop.iam.delete_role_permissions_boundary(RoleName=shop.role_name)
    shop.iam.delete_policy(PolicyArn=made)


def replace_boundary_and_delete_it(one: Patient) -> None:
    delete_boundary_policy(one)
    one.shop.iam.put_role_permissions_boundary(RoleName=one.shop.role_name, PermissionsBoundary=one.boundary)


def use_up_quota(one: Patient) -> None:
    names = ("SQS", "SNS", "EC2", "EKSCluster", "VPC", "DynamoDB", "RDS", "Route53", "SSM", "Glacier")
    attached = 1
    for name in names:
        for suffix in ("ReadOnlyAccess", "Policy"):
            try:
                one.shop.iam.attach_role_policy(
                    RoleName=one.shop.role_name, PolicyArn=aws_managed(f"Amazon{name}{suffix}")
                )
            except one.shop.iam.exceptions.NoSuchEntityException:
                continue
            attached += 1
            break
        if attached == 10:
            return
    raise AssertionError(f"only {attached} policies are attached")


def stale_tag(one: Patient) -> None:
    issuer = "https://oidc.eks.us-east-1.amazonaws.com/id/BEFORE"
    one.shop.iam.tag_role(RoleName=one.shop.role_name, Tags=[{"Key": "iamsa/issuer", "Value": issuer}])


def document(*statements: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


DENY_ALL = {"Effect": "Deny", **ALL}
ALLOW_ALL = {"Effect": "Allow", **ALL}

BREAKAGES: tuple[Breakage, ...] = (
    Breakage("service-account-deleted", "service-account-exists", delete_service_account),
    Breakage("service-account-renamed", "service-account-exists", move_service_account),
    Breakage(
        "delete-broken-off",
        "service-account-deleting",
        break_off_delete,
        no_remedy="its remedy deletes the chain",
    ),
    Breakage(
        "delete-killed-at-once",
        "service-account-deleting",
        record_alone,
        no_remedy="its remedy deletes the chain",
    ),
    Breakage(
        "service-account-held-by-a-finalizer",
        "service-account-deleting",
        delete_held_service_account,
        no_remedy="the controller that set the finalizer removes it",
    ),
    Breakage("annotation-removed", "annotation-present", annotate(f"{ROLE_ARN}-")),
    Breakage("service-account-made-again-without-it", "annotation-present", replace_service_account),
    Breakage("annotation-empty", "annotation-form", annotate(f"{ROLE_ARN}=")),
    Breakage("annotation-a-bare-name", "annotation-form", annotate(f"{ROLE_ARN}=my-role")),
    Breakage("annotation-a-placeholder", "annotation-form", annotate(f"{ROLE_ARN}=$ROLE")),
    Breakage(
        "annotation-a-placeholder-in-an-arn",
        "annotation-form",
        lambda one: one.shop.annotate(f"{ROLE_ARN}={one.shop.arn_of('${ROLE}')}"),
    ),
    Breakage(
        "annotation-with-too-long-a-name",
        "annotation-form",
        lambda one: one.shop.annotate(f"{ROLE_ARN}={one.shop.arn_of('x' * 65)}"),
    ),
    Breakage("annotation-with-a-space", "annotation-form", annotate(f"{ROLE_ARN}={{arn}} ")),
    Breakage(
        "annotation-of-another-account",
        "annotation-account",
        annotate(f"{ROLE_ARN}=arn:aws:iam::999999999999:role/theirs"),
    ),
    Breakage(
        "annotation-of-another-partition",
        "annotation-account",
        lambda one: one.shop.annotate(f"{ROLE_ARN}={one.shop.role_arn.replace('arn:aws:', 'arn:aws-cn:')}"),
    ),
    Breakage(
        "annotation-without-the-path",
        "annotation-role",
        lambda one: one.shop.annotate(f"{ROLE_ARN}={one.shop.arn_of(one.shop.role_name, '/')}"),
    ),
    Breakage(
        "annotation-with-another-path",
        "annotation-role",
        lambda one: one.shop.annotate(f"{ROLE_ARN}={one.shop.arn_of(one.shop.role_name, '/team/')}"),
    ),
    Breakage("audience-of-its-own", "annotation-audience", annotate(f"{AUDIENCE}=example.com")),
    Breakage("audience-in-capitals", "annotation-audience", annotate(f"{AUDIENCE}=STS.amazonaws.com")),
    Breakage("audience-empty", "audience-form", annotate(f"{AUDIENCE}=")),
    Breakage("audience-a-placeholder", "audience-form", annotate(f"{AUDIENCE}=${{{{AUDIENCE}}}}")),
    Breakage("expiration-refused", "token-expiration-limit", annotate(f"{EXPIRATION}=4294967297")),
    Breakage("expiration-of-64-bits", "token-expiration-limit", annotate(f"{EXPIRATION}={2**63 - 1}")),
    Breakage("expiration-with-a-unit", "token-expiration", annotate(f"{EXPIRATION}=1h"), warns=True),
    Breakage("expiration-too-short", "token-expiration", annotate(f"{EXPIRATION}=60"), warns=True),
    Breakage("endpoint-global", "sts-endpoint", annotate(f"{REGIONAL}=false"), warns=True),
    Breakage("endpoint-neither", "sts-endpoint", annotate(f"{REGIONAL}=yes"), warns=True),
    Breakage("role-deleted", "role-exists", delete_role),
    Breakage("role-never-made", "role-exists", name_no_role),
    Breakage("role-of-an-earlier-cluster-by-its-tags", "role-cluster", stale_tag, warns=True),
    Breakage("boundary-removed", "boundary-kept", lose_boundary, warns=True),
    Breakage("boundary-replaced", "boundary-kept", replace_boundary, warns=True),
    Breakage("boundary-policy-deleted", "boundary-kept", delete_boundary_policy, warns=True),
    Breakage("boundary-replaced-and-deleted", "boundary-kept", replace_boundary_and_delete_it, warns=True),
    Breakage("boundary-that-only-denies", "boundary-allows", set_boundary(DENY_ALL)),
    Breakage("boundary-that-denies-all", "boundary-allows", set_boundary(ALLOW_ALL, DENY_ALL)),
    Breakage("policy-detached", "policies-attached", detach),
    Breakage("policy-deleted", "policies-attached", delete_policy),
    Breakage(
        "quota-used-up", "policies-quota", use_up_quota, warns=True, no_remedy="AWS has to raise the quota"
    ),
)
