"""What a page may take for granted: each scene is set in a world before a block that names it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import boto3
from e2e.gen3 import Habit
from e2e.shop import ROLE_ARN, S3, Shop, aws_managed
from pocket_eks.world import World

Scene = Callable[[World, Path], None]
READER = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop/*"}],
}


def of(name: str, namespace: str, world: World) -> Shop:
    """The ServiceAccount, for the account's and the cluster's administrator."""
    iam = boto3.client(
        "iam",
        endpoint_url=world.variables["AWS_ENDPOINT_URL"],
        region_name=world.region,
        aws_access_key_id=world.variables["WORLD_ADMIN_ACCESS_KEY_ID"],
        aws_secret_access_key=world.variables["WORLD_ADMIN_SECRET_ACCESS_KEY"],
    )

    def kubectl(*words: str, stdin: str = "", **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["kubectl", *words], env=world.environ, input=stdin, capture_output=True, text=True, check=False
        )

    def iamsa(*words: str, **_: Any) -> subprocess.CompletedProcess[str]:
        done = kubectl("iamsa", *words)
        assert done.returncode == 0, done.stderr
        return done

    return Shop(world, namespace, iam, iamsa, kubectl, name)


def web(world: World, folder: Path) -> None:  # noqa: ARG001
    of("my-sa", "web", world).ok("create", "namespace", "web")


def made(world: World, folder: Path) -> None:
    web(world, folder)
    of("my-sa", "web", world).create()


def reader(world: World, folder: Path) -> None:  # noqa: ARG001
    """The file that the pages speak of."""
    (folder / "reader.json").write_text(json.dumps(READER, indent=2) + "\n")


def manifests(world: World, folder: Path) -> None:
    """A folder with manifests for three namespaces."""
    for namespace in ("web", "jobs", "data"):
        of("my-sa", namespace, world).kubectl("create", "namespace", namespace)  # it may be there
    roles = folder / "roles"
    roles.mkdir()
    (roles / "reader.json").write_text(json.dumps(READER, indent=2) + "\n")
    for namespace, name, policy in (
        ("data", "loader", "AmazonS3ReadOnlyAccess"),
        ("jobs", "worker", "AmazonSQSReadOnlyAccess"),
        ("web", "shop", "{file: reader.json}"),
    ):
        (roles / f"{namespace}.yaml").write_text(
            "apiVersion: iamsa/v1alpha1\nkind: ServiceAccountRole\n"
            f"metadata: {{name: {name}, namespace: {namespace}}}\nspec:\n  policies: [{policy}]\n"
        )


def policy(name: str) -> Scene:
    """A managed policy of the account."""

    def scene(world: World, folder: Path) -> None:  # noqa: ARG001
        iam = of("my-sa", "web", world).iam
        iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(READER))

    return scene


def role(
    name: str,
    tags: Mapping[str, str] = MappingProxyType({}),
    labels: Any = None,
    service_account: str = "my-sa",
) -> Scene:
    """A working role of a ServiceAccount in web that another tool made, and the annotation that names it."""

    def scene(world: World, folder: Path) -> None:  # noqa: ARG001
        shop = of(service_account, "web", world)
        shop.kubectl("create", "namespace", "web")  # it may be there
        arn = shop.make_role(name, trust=[shop.statement()], tags=dict(tags))
        shop.iam.attach_role_policy(RoleName=name, PolicyArn=aws_managed(S3))
        shop.make_service_account({ROLE_ARN: arn}, labels=labels or {})

    return scene


def helms(account: str, annotated: bool = False) -> Scene:
    """A ServiceAccount in web that Helm 4 applied; `annotated` with the role that iamsa would make for it."""

    def scene(world: World, folder: Path) -> None:  # noqa: ARG001
        shop = of(account, "web", world)
        shop.kubectl("create", "namespace", "web")  # it may be there
        metadata: dict[str, Any] = {"name": account, "labels": {"app.kubernetes.io/managed-by": "Helm"}}
        if annotated:
            plan = shop.iamsa("create", account, "-n", "web", "-p", S3, "--dry-run").stdout
            metadata["annotations"] = {ROLE_ARN: plan.splitlines()[-1]}
        chart = json.dumps({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata})
        shop.ok("apply", "-n", "web", "--server-side", "--field-manager=helm", "-f", "-", stdin=chart)

    return scene


def gen3(world: World, folder: Path) -> None:  # noqa: ARG001
    of("my-sa", "web", world).kubectl("create", "namespace", "web")  # it may be there
    Habit(of("my-sa", "web", world)).gen3_makes()


# As eksctl and terraform mark what they make; eksctl's role has the name that CloudFormation gives it.
EKSCTL_ROLE = "eksctl-demo-addon-iamserviceaccount-web-my-sa-Role1-9TmLdqYpX2Vc"
EKSCTL_TAGS = {
    "alpha.eksctl.io/cluster-name": "demo",
    "alpha.eksctl.io/iamserviceaccount-name": "web/my-sa",
    "eksctl.cluster.k8s.io/v1alpha1/cluster-name": "demo",
}
SCENES: dict[str, Scene] = {
    "the namespace web": web,
    "my-sa has a role": made,
    "reader.json": reader,
    "the folder roles": manifests,
    "the policy reader": policy("reader"),
    "the policy iamsa-boundary": policy("iamsa-boundary"),
    "a role that gen3 made": gen3,
    "a role that eksctl made": role(EKSCTL_ROLE, EKSCTL_TAGS, {"app.kubernetes.io/managed-by": "eksctl"}),
    "another role that eksctl made": role(
        EKSCTL_ROLE.replace("my-sa", "api"), EKSCTL_TAGS, {"app.kubernetes.io/managed-by": "eksctl"}, "api"
    ),
    "Helm owns api": helms("api"),
    "Helm owns my-sa and its annotation": helms("my-sa", annotated=True),
    "a role that terraform made": role("my-app"),
    "a role that playbooks made": role("web-my-sa"),
    "another ServiceAccount with a role of its own": role("web-api", service_account="api"),
}
