"""Pod Identity associations: the emulator keeps them, and here is what EKS asks of them.

EKS API reference: CreatePodIdentityAssociation (a repeated clientRequestToken is the same call, a policy
needs disableSessionTags), PodIdentityAssociation ("If defined, the association is owned by an Amazon EKS
add-on"). Messages that users reported: "Role provided in the request does not exist." and "Trust policy of
the role provided is invalid." (hashicorp/terraform-provider-aws#34711 and #41483). No source: the message
for a policy, and whether EKS looks for sts:TagSession in the trust policy, which here it does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from testbed.gate.aws_errors import AwsError
from testbed.gate.conditions import like, strings
from testbed.gate.config import Config
from testbed.gate.eks_emulator import EksEmulator, Json, body_of, page
from testbed.gate.emulator import Emulator
from testbed.gate.message import Request
from testbed.gate.proxy import nobody
from testbed.gate.web_identity import ROLE_ARN

PATH = "pod-identity-associations"
SERVICE = "pods.eks.amazonaws.com"


class Associations:
    """`iam` is IAM as EKS sees it, some seconds ago maybe. `owners`: an add-on's ARN by an association's."""

    def __init__(self, eks: EksEmulator, iam: Emulator, config: Config) -> None:
        self._eks = eks
        self._iam = iam
        self._config = config
        self._repeated: dict[tuple[str, str], Json] = {}
        self.owners: dict[str, str] = {}

    async def answer(
        self, request: Request, operation: str, cluster: str, reached: Callable[[], None]
    ) -> Json:
        """The answer to one of the five operations; raises AwsError."""
        if operation == "ListPodIdentityAssociations":
            every = await self._eks.listed(cluster, PATH, "associations", request.query, reached)
            shown, more = page([self._shown(one) for one in every], request.query)
            return {"associations": shown, "nextToken": more}
        if operation == "CreatePodIdentityAssociation":
            return await self.create(cluster, body_of(request), reached)
        association_id = request.path.rsplit("/", 1)[-1]
        body = None
        if operation == "UpdatePodIdentityAssociation":
            body = body_of(request)
            before = await self._eks.call("GET", cluster, PATH, association_id)
            await self._check({**before["association"], **body})
        found = await self._eks.call(
            request.method, cluster, PATH, association_id, body=body, reached=reached
        )
        answer = {"association": self._shown(found["association"])}
        if operation == "DeletePodIdentityAssociation":
            self.owners.pop(found["association"]["associationArn"], None)
        return answer

    async def create(self, cluster: str, body: Json, reached: Callable[[], None] = nobody) -> Json:
        """The new association, or that of the same call before; raises AwsError."""
        token = (cluster, body.get("clientRequestToken") or "")
        if token[1] and token in self._repeated:
            return self._repeated[token]
        await self._check(body)
        made = await self._eks.call("POST", cluster, PATH, body=body, reached=reached)
        shown = {"association": self._shown(made["association"])}
        if token[1]:
            self._repeated[token] = shown
        return shown

    def _shown(self, association: Json) -> Json:
        """As EKS shows it: only an association of an add-on has an owner."""
        rest = {key: value for key, value in association.items() if key != "ownerArn"}
        owner = self.owners.get(association["associationArn"])
        return {**rest, "ownerArn": owner} if owner else rest

    async def _check(self, body: Json) -> None:
        if body.get("policy") and not body.get("disableSessionTags"):
            raise AwsError("InvalidParameterException", "A policy requires that disableSessionTags is true.")
        arn = ROLE_ARN.fullmatch(str(body.get("roleArn", "")))
        role = None
        if arn is not None and arn["account"] == self._config.account:
            role = await self._iam.role(arn["name"])
        if role is None or role.arn != body["roleArn"]:
            raise AwsError("InvalidParameterException", "Role provided in the request does not exist.")
        if not any(trusts(statement) for statement in listed(role.trust.get("Statement", []))):
            raise AwsError("InvalidParameterException", "Trust policy of the role provided is invalid.")


def trusts(statement: Json) -> bool:
    """Whether a statement of a trust policy lets EKS assume the role for pods."""
    principal = statement.get("Principal")
    services = strings(principal.get("Service", [])) if isinstance(principal, dict) else []
    actions = strings(statement.get("Action", []))
    return (
        statement.get("Effect") == "Allow"
        and SERVICE in services
        and any(like("sts:assumerole", one.lower()) for one in actions)
    )


def listed(value: Any) -> list[Any]:
    """One or several as a list."""
    return value if isinstance(value, list) else [value]
