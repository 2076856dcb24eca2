"""An OIDC provider of an issuer that no other test uses, and the rights to manage it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError
from e2e import permissions
from pocket_eks.control import Control
from pocket_eks.world import World

AUDIENCE = "sts.amazonaws.com"
LEAST = ("provider", "inventory")


@dataclass(frozen=True)
class Issuer:
    """An issuer under EKS's host, and its provider as IAM's administrator sees it."""

    url: str
    arn: str
    iam: Any

    def register(self, *audiences: str, **tags: str) -> None:
        self.iam.create_open_id_connect_provider(
            Url=self.url,
            ClientIDList=list(audiences or (AUDIENCE,)),
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        )

    def forget(self) -> None:
        self.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=self.arn)

    def found(self) -> dict[str, Any] | None:
        """What a module should return of it."""
        try:
            there = self.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=self.arn)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchEntity":
                raise
            return None
        tags = {tag["Key"]: tag["Value"] for tag in there.get("Tags", ())}
        return self.document(sorted(there["ClientIDList"]), tags)

    def document(self, audiences: list[str], tags: dict[str, str]) -> dict[str, Any]:
        """What a module returns of such a provider."""
        return {
            "apiVersion": "iamsa/v1alpha1",
            "kind": "OIDCProvider",
            "metadata": {"name": self.url.removeprefix("https://")},
            "spec": {"url": self.url, "audiences": audiences, "tags": tags},
            "status": {"arn": self.arn},
        }

    def trusted_by(self, role: str) -> None:
        """Have a role that lets tokens of this issuer in."""
        statement = {
            "Effect": "Allow",
            "Principal": {"Federated": self.arn},
            "Action": "sts:AssumeRoleWithWebIdentity",
        }
        trust = {"Version": "2012-10-17", "Statement": statement}
        self.iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))


@pytest.fixture
def issuer(world: World, iam: Any) -> Iterator[Issuer]:
    """Without a provider; one that a test makes goes afterwards."""
    host = f"oidc.eks.{world.region}.amazonaws.com/id/{uuid.uuid4().hex.upper()}"
    made = Issuer(f"https://{host}", f"arn:{world.partition}:iam::{world.account}:oidc-provider/{host}", iam)
    yield made
    if made.found():
        made.forget()


@pytest.fixture
def under(world: World, control: Control) -> Callable[..., None]:
    """`under("provider")`: from now on these documents of docs/permissions limit what is done."""
    return lambda *documents: control.settings(policy=permissions.merged(world, documents))


@pytest.fixture
def least(under: Callable[..., None], control: Control) -> None:
    """The rights that the module needs, and a call log that begins empty."""
    under(*LEAST)
    control.clear_calls()
