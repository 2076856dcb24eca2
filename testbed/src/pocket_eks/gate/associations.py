"""Pod Identity associations, which the gate implements itself, so that all emulators have the same ones.

EKS API reference: CreatePodIdentityAssociation (calls with the same clientRequestToken are the same call; a
policy requires disableSessionTags), PodIdentityAssociation ("If defined, the association is owned by an
Amazon EKS add-on"; an association with a target role has an external ID). Recorded: "Association already
exists: {associationId}" (aws/eks-hybrid#679), the form of an ID (aws/eks-hybrid#740), "The parameter
associationId should be 19 characters long." of DeletePodIdentityAssociation
(aws-samples/eks-workshop-v2#882). Messages that users reported: "Role provided in the request does not
exist." and "Trust policy of the role provided is invalid." (hashicorp/terraform-provider-aws#34711 and
#41483). No source: the messages for a policy and for an ID that does not exist, and whether EKS requires
sts:TagSession in the trust policy, which is not required here.
"""

from __future__ import annotations

import secrets
import string
import time
from collections.abc import Callable
from typing import Any

from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.conditions import like, strings
from pocket_eks.gate.config import Config
from pocket_eks.gate.eks_json import Json, body_of, page
from pocket_eks.gate.emulator import Emulator
from pocket_eks.gate.message import Request
from pocket_eks.gate.proxy import nobody
from pocket_eks.gate.web_identity import ROLE_ARN

PATH = "pod-identity-associations"
SERVICE = "pods.eks.amazonaws.com"
ID_LENGTH = 19
SUMMARY = ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId", "ownerArn")
"""What a list shows: without the role, which takes a Describe each."""


class Associations:
    """The associations of all clusters. `iam` is IAM as EKS sees it, possibly some seconds old."""

    def __init__(self, iam: Emulator, config: Config) -> None:
        self._iam = iam
        self._config = config
        self._repeated: dict[tuple[str, str], Json] = {}
        self._kept: dict[str, dict[str, Json]] = {}

    async def answer(
        self, request: Request, operation: str, cluster: str, reached: Callable[[], None] = nobody
    ) -> Json:
        """Return the answer to one of the five operations. Raises AwsError."""
        if operation == "CreatePodIdentityAssociation":
            return {"association": await self.create(cluster, body_of(request), reached=reached)}
        if operation == "ListPodIdentityAssociations":
            reached()
            shown, more = page([summary(one) for one in self.filtered(cluster, request.query)], request.query)
            return {"associations": shown, "nextToken": more}
        association_id = request.path.rsplit("/", 1)[-1]
        if len(association_id) != ID_LENGTH:
            problem = f"The parameter associationId should be {ID_LENGTH} characters long."
            raise AwsError("InvalidParameterException", problem)
        found = self.find(cluster, association_id)
        if operation == "UpdatePodIdentityAssociation":
            changes = {key: value for key, value in body_of(request).items() if key != "clientRequestToken"}
            await self._check({**found, **changes})
            found.update(changes, modifiedAt=time.time())
            self._name_external_id(found)
        reached()
        if operation == "DeletePodIdentityAssociation":
            self.remove(cluster, association_id)
        return {"association": found}

    async def create(
        self, cluster: str, body: Json, owner: str = "", reached: Callable[[], None] = nobody
    ) -> Json:
        """Return the new association, or that of an earlier call with the same token. Raises AwsError.

        `owner` is the ARN of an add-on.
        """
        token = (cluster, body.get("clientRequestToken") or "")
        if token[1] and token in self._repeated:
            return self._repeated[token]
        await self._check(body)
        for one in self.of(cluster, str(body.get("namespace")), str(body.get("serviceAccount"))):
            raise AwsError("ResourceInUseException", f"Association already exists: {one['associationId']}")
        reached()
        made = self._made(cluster, body, owner)
        self._kept.setdefault(cluster, {})[made["associationId"]] = made
        if token[1]:
            self._repeated[token] = made
        return made

    def find(self, cluster: str, association_id: str) -> Json:
        """Return the association. Raises AwsError."""
        try:
            return self._kept.get(cluster, {})[association_id]
        except KeyError:
            problem = f"No association found with the ID: {association_id}."
            raise AwsError("ResourceNotFoundException", problem) from None

    def remove(self, cluster: str, association_id: str) -> None:
        """Remove the association, if it exists."""
        self._kept.get(cluster, {}).pop(association_id, None)

    def of(self, cluster: str, namespace: str, service_account: str) -> list[Json]:
        """Return the association of a ServiceAccount, if it has one."""
        return self.filtered(cluster, {"namespace": namespace, "serviceAccount": service_account})

    def owned(self, cluster: str, owner: str) -> list[Json]:
        """Return the associations of an add-on."""
        return [one for one in self._kept.get(cluster, {}).values() if one.get("ownerArn") == owner]

    def filtered(self, cluster: str, query: dict[str, str]) -> list[Json]:
        """Return the associations with the namespace and serviceAccount in `query`, if it has them."""
        filters = {key: query[key] for key in ("namespace", "serviceAccount") if query.get(key)}
        every = self._kept.get(cluster, {}).values()
        return [one for one in every if filters.items() <= one.items()]

    def _made(self, cluster: str, body: Json, owner: str) -> Json:
        config, now = self._config, time.time()
        letters = string.ascii_lowercase + string.digits
        association_id = "a-" + "".join(secrets.choice(letters) for _ in range(ID_LENGTH - 2))
        where = f"arn:{config.partition}:eks:{config.region}:{config.account}:podidentityassociation"
        made = {
            "clusterName": cluster,
            "namespace": body.get("namespace"),
            "serviceAccount": body.get("serviceAccount"),
            "roleArn": body["roleArn"],
            "associationArn": f"{where}/{cluster}/{association_id}",
            "associationId": association_id,
            "tags": body.get("tags") or {},
            "createdAt": now,
            "modifiedAt": now,
            "disableSessionTags": bool(body.get("disableSessionTags")),
            **{key: body[key] for key in ("targetRoleArn", "policy") if body.get(key)},
            **({"ownerArn": owner} if owner else {}),
        }
        self._name_external_id(made)
        return made

    def _name_external_id(self, association: Json) -> None:
        if association.get("targetRoleArn"):
            config, cluster = self._config, association["clusterName"]
            names = f"{association['namespace']}/{association['serviceAccount']}"
            place = f"{config.region}/{config.account}/{cluster}/{names}"
            association.setdefault("externalId", f"{place}/{secrets.token_hex(8)}")

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


def summary(association: Json) -> Json:
    """Return an association in the form of a list."""
    return {key: association[key] for key in SUMMARY if key in association}


def trusts(statement: Json) -> bool:
    """Return whether a statement of a trust policy allows EKS to assume the role for pods."""
    principal = statement.get("Principal")
    services = strings(principal.get("Service", [])) if isinstance(principal, dict) else []
    actions = strings(statement.get("Action", []))
    return (
        statement.get("Effect") == "Allow"
        and SERVICE in services
        and any(like("sts:assumerole", one.lower()) for one in actions)
    )


def listed(value: Any) -> list[Any]:
    """Return one or several values as a list."""
    return value if isinstance(value, list) else [value]
