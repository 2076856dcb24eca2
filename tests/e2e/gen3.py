"""What `gen3 iam-serviceaccount` leaves behind, made with the calls that its script makes, and its users."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from e2e.shop import ROLE_ARN, S3, Done, Json, Shop, aws_managed
from pocket_eks.pods import pod_token

TIMESTAMP = 1700000000


@dataclass(frozen=True)
class Habit:
    """One of its users, with a ServiceAccount of an unused name: its role's name lacks the namespace."""

    shop: Shop

    @property
    def name(self) -> str:
        return self.shop.name

    @property
    def role_name(self) -> str:
        return f"{self.shop.world.cluster}-{self.name}-role"[:63]

    @property
    def arn(self) -> str:
        return self.shop.arn_of(self.role_name, "/")

    def run(self, *words: str, code: int = 0, **more: Any) -> Done:
        """`kubectl iamsa … -n NAMESPACE`; NAME among the words stands for the ServiceAccount's name."""
        return self.shop.iamsa(*self.spelled(words), "-n", self.shop.namespace, code=code, **more)

    def spelled(self, words: Iterable[str]) -> list[str]:
        return [word.replace("NAME", self.name) for word in words]

    def attached(self) -> set[str]:
        return self.shop.attached(self.role_name)

    def inline(self) -> dict[str, Json]:
        return self.shop.inline(self.role_name)

    def role(self) -> Json | None:
        return self.shop.role(self.role_name)

    def gen3_trust(self) -> Json:
        """The document that the script writes, its empty Sid included."""
        return {"Version": "2012-10-17", "Statement": [{"Sid": "", **self.shop.statement()}]}

    def gen3_makes(self, *policies: str, files: Mapping[str, Json] | None = None) -> str:
        """Role, policies and ServiceAccount as the script makes them; the role's ARN. `files` are stems."""
        made = self.shop.iam.create_role(
            RoleName=self.role_name, AssumeRolePolicyDocument=json.dumps(self.gen3_trust())
        )
        for policy in policies or (() if files else (S3,)):
            self.shop.iam.attach_role_policy(RoleName=self.role_name, PolicyArn=aws_managed(policy))
        for seconds, (stem, document) in enumerate((files or {}).items()):
            self.gen3_puts(f"{stem}-{TIMESTAMP + seconds}", document)
        self.shop.ok("create", "sa", self.name, "-n", self.shop.namespace)
        self.gen3_annotates(made["Role"]["Arn"])
        return str(made["Role"]["Arn"])

    def gen3_puts(self, name: str, document: Json) -> None:
        self.shop.iam.put_role_policy(
            RoleName=self.role_name, PolicyName=name, PolicyDocument=json.dumps(document)
        )

    def gen3_annotates(self, arn: str) -> None:
        """With "" as the script does where CreateRole has failed."""
        self.shop.annotate(f"{ROLE_ARN}={arn}")

    def token(self) -> str:
        """What a pod that runs under the ServiceAccount would find in its volume."""
        self.shop.start_pod()
        environ = self.shop.world.environ
        admin = str(self.shop.world.directory / "kubeconfig-admin")
        return pod_token({**environ, "KUBECONFIG": admin}, self.shop.namespace, "app")


def habit_of(shop: Shop) -> Habit:
    """Its namespace's name is nobody else's: the ServiceAccount is called the same."""
    return Habit(replace(shop, name=shop.namespace))


def exchanged(aws: Callable[..., Any], arn: str, token: str) -> str:
    """Who AWS says one is with that token."""
    answer = aws("sts").assume_role_with_web_identity(
        RoleArn=arn, RoleSessionName="pod", WebIdentityToken=token
    )
    return str(answer["AssumedRoleUser"]["Arn"])


def document(action: str = "s3:GetObject") -> Json:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}
