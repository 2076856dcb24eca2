"""A ServiceAccount in a namespace of its own, and what one does with it on both sides."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pocket_eks.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model.names import derived_role_name
from ansible_collections.iamsa.eks.plugins.module_utils.policy.attached_by_us import managed_digest

Json = dict[str, Any]
Done = subprocess.CompletedProcess[str]

S3 = "AmazonS3ReadOnlyAccess"
SQS = "AmazonSQSReadOnlyAccess"
ROLE_ARN = "eks.amazonaws.com/role-arn"
AUDIENCE = "eks.amazonaws.com/audience"
EXPIRATION = "eks.amazonaws.com/token-expiration"
REGIONAL = "eks.amazonaws.com/sts-regional-endpoints"
LONG_AGO = "2020-01-01T00:00:00Z"
MARKER = "iamsa/created-for"


def aws_managed(name: str) -> str:
    return f"arn:aws:iam::aws:policy/{name}"


@dataclass(frozen=True)
class Shop:
    """The ServiceAccount `shop`. Nothing of it exists until `create` or a test makes it."""

    world: World
    namespace: str
    iam: Any
    iamsa: Callable[..., Done]
    kubectl: Callable[..., Done]
    name: str = "shop"

    def create(self, *words: str, policies: Iterable[str] = (S3,), code: int = 0, **more: Any) -> Done:
        """`kubectl iamsa create shop -p … -n …` with further words."""
        asked = [word for policy in policies for word in ("-p", policy)]
        return self.iamsa("create", self.name, *asked, "-n", self.namespace, *words, code=code, **more)

    def start_create(self, *words: str) -> subprocess.Popen[str]:
        """The same, not waited for: to be killed, interrupted or overtaken."""
        argv = ["kubectl", "iamsa", "create", self.name, "-p", S3, "-n", self.namespace, *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(argv, env=self.world.environ, stdout=pipe, stderr=pipe, text=True)

    # The AWS side

    @property
    def role_name(self) -> str:
        """The name that its role is given unless another is asked for."""
        subject = Subject(self.namespace, self.name)
        return derived_role_name(self.world.account, self.world.region, self.world.cluster, subject)

    @property
    def role_arn(self) -> str:
        return self.arn_of(self.role_name)

    def arn_of(self, role: str, path: str = "/iamsa/") -> str:
        return f"arn:aws:iam::{self.world.account}:role{path}{role}"

    def role(self, name: str | None = None) -> Json | None:
        """As GetRole shows it, its tags as a mapping and without what time and chance set."""
        try:
            found: Json = self.iam.get_role(RoleName=name or self.role_name)["Role"]
        except self.iam.exceptions.NoSuchEntityException:
            return None
        tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags", ())}
        kept = {key: found[key] for key in found.keys() - {"CreateDate", "RoleLastUsed", "RoleId"}}
        return undated({**kept, "Tags": tags})

    def trust(self, name: str | None = None) -> list[Json]:
        """The statements of the role's trust policy."""
        role = self.role(name)
        assert role
        statements: list[Json] = role["AssumeRolePolicyDocument"]["Statement"]
        return statements

    def set_trust(self, *statements: Json, name: str | None = None) -> None:
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self.iam.update_assume_role_policy(RoleName=name or self.role_name, PolicyDocument=document)

    def attached(self, name: str | None = None) -> set[str]:
        """Names of the managed policies."""
        found = self.iam.list_attached_role_policies(RoleName=name or self.role_name)["AttachedPolicies"]
        return {policy["PolicyName"] for policy in found}

    def inline(self, name: str | None = None) -> dict[str, Json]:
        role = name or self.role_name
        names = self.iam.list_role_policies(RoleName=role)["PolicyNames"]
        return {
            policy: self.iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
            for policy in names
        }

    def make_role(
        self,
        name: str | None = None,
        *,
        trust: Iterable[Json] = (),
        tags: Json | None = None,
        path: str = "/",
    ) -> str:
        """A role that somebody else makes; its ARN. Without `trust` it trusts the account itself."""
        statements = list(trust) or [trusting_account(self.world.account)]
        made = self.iam.create_role(
            RoleName=name or self.role_name,
            Path=path,
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
            Tags=[{"Key": key, "Value": value} for key, value in (tags or {}).items()],
        )
        return str(made["Role"]["Arn"])

    def statement(self, issuer: str | None = None, audience: str = "sts.amazonaws.com") -> Json:
        """The trust statement that lets just this ServiceAccount in."""
        host = (issuer or self.world.issuer).removeprefix("https://")
        return {
            "Effect": "Allow",
            "Principal": {"Federated": f"arn:aws:iam::{self.world.account}:oidc-provider/{host}"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {
                    f"{host}:aud": audience,
                    f"{host}:sub": f"system:serviceaccount:{self.namespace}:{self.name}",
                }
            },
        }

    @property
    def tags(self) -> dict[str, str]:
        """The tags that say whose the role is."""
        return {
            "iamsa/manager": "iamsa",
            "iamsa/cluster": self.world.cluster_arn,
            "iamsa/issuer": self.world.issuer,
            "iamsa/namespace": self.namespace,
            "iamsa/service-account": self.name,
        }

    @staticmethod
    def recorded(*policies: str) -> dict[str, str]:
        """The tags that say which of AWS's policies iamsa has put on the role."""
        return {entry_of(aws_managed(one)): LONG_AGO for one in policies}

    def age_record(self) -> None:
        """As if all that is recorded had been recorded at LONG_AGO: no run can still be about to use it."""
        tags = self.iam.list_role_tags(RoleName=self.role_name)["Tags"]
        entries = [{**tag, "Value": LONG_AGO} for tag in tags if tag["Key"].startswith("iamsa/policy/")]
        self.iam.tag_role(RoleName=self.role_name, Tags=entries)

    # The Kubernetes side

    def service_account(self) -> Json | None:
        """The ServiceAccount as it is stored."""
        words = ("get", "serviceaccount", self.name, "-n", self.namespace, "-o", "json")
        done = self.kubectl(*words, "--show-managed-fields", "--ignore-not-found")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    def annotations(self) -> dict[str, str]:
        service_account = self.service_account()
        assert service_account
        found: dict[str, str] = service_account["metadata"].get("annotations", {})
        return found

    def annotate(self, *words: str) -> None:
        """As somebody else does it: `annotate("key=value", "other-")`."""
        self.ok("annotate", "--overwrite", "serviceaccount", self.name, "-n", self.namespace, *words)

    def make_service_account(self, annotations: dict[str, str] | None = None, **metadata: Any) -> None:
        """A ServiceAccount that somebody else makes."""
        self.apply(
            {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": {"name": self.name, "annotations": annotations or {}, **metadata},
            },
            "create",
        )

    def start_pod(self, name: str = "app", **metadata: Any) -> Json:
        """A pod under the ServiceAccount, as the API server answers after admission."""
        spec = {"serviceAccountName": self.name, "containers": [{"name": "app", "image": "app"}]}
        pod = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name, **metadata},
            "spec": spec,
        }
        return self.apply(pod, "create")

    def apply(self, thing: Json, verb: str = "apply", *words: str) -> Json:
        done = self.ok(verb, "-f", "-", "-n", self.namespace, "-o", "json", *words, stdin=json.dumps(thing))
        found: Json = json.loads(done)
        return found

    def ok(self, *words: str, stdin: str = "") -> str:
        """What kubectl prints; it must succeed."""
        done = self.kubectl(*words, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout


def entry_of(arn: str) -> str:
    """The key of the tag by which iamsa records that it has attached a policy."""
    return f"iamsa/policy/{managed_digest(arn)}"


def undated(thing: Json) -> Json:
    """The same, as if all that is recorded had been recorded at LONG_AGO, and each policy but once."""
    text = re.sub(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", LONG_AGO, json.dumps(thing))
    found: Json = json.loads(re.sub(r"(iamsa/policy/[a-z2-7]+)\.[0-9]+", r"\1", text))
    return found


def as_done(thing: Json) -> Json:
    """What check mode returned, as if the run had been real."""
    found: Json = json.loads(json.dumps(undated(thing)).replace('"dryRun": "client"', '"dryRun": "none"'))
    return found


def trusting_account(account: str) -> Json:
    principal = {"AWS": f"arn:aws:iam::{account}:root"}
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}


def environment_of(pod: Json) -> dict[str, str]:
    """The variables of a pod's first container."""
    return {one["name"]: one.get("value", "") for one in pod["spec"]["containers"][0].get("env", [])}
