"""What the recorded facts are tried with: clients, and things that are gone afterwards."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError
from gate.bench import ACCOUNT, ADMIN, PERMISSIONS, Bench, Json, trust

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
SERVICE_POLICY = "arn:aws:iam::aws:policy/aws-service-role/AmazonEKSServiceRolePolicy"
NO_POLICY = f"arn:aws:iam::{ACCOUNT}:policy/none"
NO_AWS_POLICY = "arn:aws:iam::aws:policy/none"
NO_PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/none.example"
USER = f"arn:aws:iam::{ACCOUNT}:user/moto"
CLUSTER = {"clusterName": "demo"}
DOCUMENT = json.dumps(PERMISSIONS)
PODS = trust(Principal={"Service": "pods.eks.amazonaws.com"}, Action="sts:AssumeRole", Condition=None)


def tags(*keys: str, value: str = "") -> list[Json]:
    return [{"Key": key, "Value": value} for key in keys]


def many(number: int) -> list[str]:
    return [f"k{n}" for n in range(number)]


def account(*actions: str) -> str:
    """A trust policy of everybody in the account."""
    principal = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    return trust(Principal=principal, Action=list(actions) or "sts:AssumeRole", Condition=None)


def statement(**changes: Any) -> str:
    """An identity-based policy whose statement is changed; None leaves an element out."""
    made = {**PERMISSIONS["Statement"][0], **changes}  # type: ignore[dict-item]
    kept = {name: value for name, value in made.items() if value is not None}
    return json.dumps({"Version": "2012-10-17", "Statement": [kept]})


def document(**changes: Any) -> str:
    """An identity-based policy with other elements at its top; None leaves one out."""
    made = {**PERMISSIONS, **changes}
    return json.dumps({name: value for name, value in made.items() if value is not None})


@dataclass
class Stage:
    """One fact's clients. What it makes has `name` in its name, and is deleted by `clear`."""

    bench: Bench
    name: str = field(default_factory=lambda: f"Fact-{uuid.uuid4().hex[:8]}")
    undo: list[Callable[[], Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.iam = self.bench.aws("iam")
        self.sts = self.bench.aws("sts")
        self.eks = self.bench.aws("eks")

    def create_role(self, **more: Any) -> Json:
        """CreateRole's answer."""
        asked = {"RoleName": self.name, "AssumeRolePolicyDocument": trust(), **more}
        made: Json = self.iam.create_role(**asked)["Role"]
        self.undo.append(lambda: self._delete_role(made["RoleName"]))
        return made

    def role(self, **more: Any) -> str:
        """The name of a new role."""
        return str(self.create_role(**more)["RoleName"])

    def create_policy(self, **more: Any) -> Json:
        """CreatePolicy's answer."""
        made: Json = self.iam.create_policy(**{"PolicyName": self.name, "PolicyDocument": DOCUMENT, **more})
        self.undo.append(lambda: self._delete_policy(made["Policy"]["Arn"]))
        return made["Policy"]  # type: ignore[no-any-return]

    def policy(self, versions: int = 1, **more: Any) -> str:
        """The ARN of a new policy."""
        arn = str(self.create_policy(**more)["Arn"])
        for _ in range(versions - 1):
            self.iam.create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT)
        return arn

    def provider(self, **more: Any) -> str:
        """The ARN of a new OIDC provider."""
        asked = {"Url": f"https://{self.name.lower()}.example/id", "ThumbprintList": ["a" * 40], **more}
        arn: str = self.iam.create_open_id_connect_provider(**asked)["OpenIDConnectProviderArn"]
        self.undo.append(lambda: self.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn))
        return arn

    def service_role(self) -> str:
        """The name of a role that is a service's own."""
        found = self.iam.list_roles(PathPrefix="/aws-service-role/")["Roles"]
        if not found:
            asked = {"AWSServiceName": "eks.amazonaws.com"}
            found = [self.iam.create_service_linked_role(**asked)["Role"]]
        return str(found[0]["RoleName"])

    def profile(self) -> str:
        """The name of a new role in an instance profile."""
        role, profile = self.role(), {"InstanceProfileName": self.name}
        self.iam.create_instance_profile(**profile)
        self.iam.add_role_to_instance_profile(**profile, RoleName=role)
        self.undo.append(lambda: self.iam.delete_instance_profile(**profile))
        self.undo.append(lambda: self.iam.remove_role_from_instance_profile(**profile, RoleName=role))
        return role

    def in_session(self) -> Any:
        """A client of STS with a session of a new role."""
        arn = self.create_role(RoleName=f"{self.name}-first", AssumeRolePolicyDocument=account())["Arn"]
        found = self.sts.assume_role(RoleArn=arn, RoleSessionName="first")["Credentials"]
        return self.bench.aws("sts", key=found["AccessKeyId"])

    def association(self, **more: Any) -> Json:
        """A new Pod Identity association."""
        role = self.create_role(AssumeRolePolicyDocument=PODS)["Arn"]
        asked = {"namespace": "web", "serviceAccount": self.name.lower(), "roleArn": role, **more}
        made: Json = self.eks.create_pod_identity_association(**CLUSTER, **asked)["association"]
        which = {"associationId": made["associationId"]}
        self.undo.append(lambda: self.eks.delete_pod_identity_association(**CLUSTER, **which))
        return made

    def addon(self) -> str:
        """The name of a new add-on."""
        which = {**CLUSTER, "addonName": self.name}
        self.eks.create_addon(**which)
        self.undo.append(lambda: self.eks.delete_addon(**which))
        return self.name

    def deny(self, setting: str = "policy", *, explicit: bool = False) -> Stage:
        """Have a policy refuse all that is asked from now on."""
        nothing = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
        all_of_it = {"Effect": "Deny", "Action": "*", "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": [all_of_it if explicit else nothing]}
        return self.set(**{setting: policy})

    def set(self, **settings: Any) -> Stage:
        """Set something in the gate."""
        self.bench.control.settings(**settings)
        return self

    def fault(self, action: str, **effect: Any) -> Stage:
        """Break the next call of AWS."""
        self.bench.control.fault("aws", action, effect)
        return self

    def clear(self) -> None:
        """Delete all that was made."""
        self.bench.control.reset()
        for step in reversed(self.undo):
            with suppress(ClientError):
                step()

    def _delete_role(self, name: str) -> None:
        iam = self.bench.aws("iam", key=ADMIN)
        for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
        for inline in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            iam.delete_role_policy(RoleName=name, PolicyName=inline)
        iam.delete_role(RoleName=name)

    def _delete_policy(self, arn: str) -> None:
        iam = self.bench.aws("iam", key=ADMIN)
        for version in iam.list_policy_versions(PolicyArn=arn)["Versions"]:
            if not version["IsDefaultVersion"]:
                iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
        iam.delete_policy(PolicyArn=arn)
