"""EKS add-ons, which the gate implements itself, and the Pod Identity associations that they own.

EKS API reference: CreateAddon ("podIdentityAssociations: an array of EKS Pod Identity associations to be
created"), Addon ("… owned by the add-on"), DeleteAddon (`preserve` keeps the resources of the add-on).
Recorded: "No addon: {addon} found in cluster: {cluster}", "Addon already exists.", and that DescribeAddon
returns a role ARN and a namespace only if there is one. The namespace of an add-on is kube-system unless
namespaceConfig sets another one; some of EKS's add-ons have other defaults. Any well-formed version is valid.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

from pocket_eks.gate.associations import Associations
from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.config import Config
from pocket_eks.gate.eks_json import Json, body_of, page
from pocket_eks.gate.message import Request

PATH = "addons"
VERSION = "v1.0.0-eksbuild.1"
SUPPORTED = re.compile(r"v\d+\.\d+\.\d+-eksbuild\.\d+")
"""The form of a version; any of this form is supported here."""
ASKED = ("serviceAccountRoleArn", "configurationValues", "namespaceConfig")
"""Members that an add-on has where they were asked for."""


class Addons:
    """The add-ons of all clusters."""

    def __init__(self, associations: Associations, config: Config) -> None:
        self._associations = associations
        self._config = config
        self._kept: dict[str, dict[str, Json]] = {}

    async def answer(
        self, request: Request, operation: str, cluster: str, reached: Callable[[], None]
    ) -> Json:
        """Return the answer to one of the four operations. Raises AwsError."""
        if operation == "CreateAddon":
            return {"addon": await self._create(cluster, body_of(request), reached)}
        if operation == "ListAddons":
            reached()
            found, more = page(sorted(self._kept.get(cluster, {})), request.query)
            return {"addons": found, "nextToken": more}
        addon = self.find(cluster, request.path.rsplit("/", 1)[-1])
        shown = self._shown(cluster, addon)
        reached()
        if operation == "DeleteAddon":
            preserve = request.query.get("preserve") == "true"
            self._disown(cluster, addon["addonArn"], preserve=preserve)
            del self._kept[cluster][addon["addonName"]]
        return {"addon": shown}

    def find(self, cluster: str, name: str) -> Json:
        """Return the add-on. Raises AwsError."""
        try:
            return self._kept.get(cluster, {})[name]
        except KeyError:
            problem = f"No addon: {name} found in cluster: {cluster}"
            raise AwsError("ResourceNotFoundException", problem) from None

    async def _create(self, cluster: str, body: Json, reached: Callable[[], None]) -> Json:
        name = str(body.get("addonName"))
        if name in self._kept.get(cluster, {}):
            raise AwsError("ResourceInUseException", "Addon already exists.")
        if not SUPPORTED.fullmatch(body.get("addonVersion") or VERSION):
            raise AwsError("InvalidParameterException", "Addon version specified is not supported")
        addon = self._made(cluster, name, body)
        namespace = (body.get("namespaceConfig") or {}).get("namespace") or "kube-system"
        try:
            for one in body.get("podIdentityAssociations") or []:
                await self._associations.create(cluster, {**one, "namespace": namespace}, addon["addonArn"])
        except AwsError:
            self._disown(cluster, addon["addonArn"], preserve=False)
            raise
        reached()
        self._kept.setdefault(cluster, {})[name] = addon
        return self._shown(cluster, addon)

    def _made(self, cluster: str, name: str, body: Json) -> Json:
        config, now = self._config, time.time()
        where = f"arn:{config.partition}:eks:{config.region}:{config.account}:addon"
        return {
            "addonName": name,
            "clusterName": cluster,
            "status": "ACTIVE",
            "addonVersion": body.get("addonVersion") or VERSION,
            "health": {"issues": []},
            "addonArn": f"{where}/{cluster}/{name}/{uuid.uuid4()}",
            "createdAt": now,
            "modifiedAt": now,
            "tags": body.get("tags") or {},
            **{key: body[key] for key in ASKED if body.get(key)},
        }

    def _disown(self, cluster: str, addon_arn: str, *, preserve: bool) -> None:
        for one in self._associations.owned(cluster, addon_arn):
            if preserve:
                del one["ownerArn"]
            else:
                self._associations.remove(cluster, one["associationId"])

    def _shown(self, cluster: str, addon: Json) -> Json:
        """Return the add-on in the form of DescribeAddon, with the ARNs of its associations."""
        owned = self._associations.owned(cluster, addon["addonArn"])
        return {**addon, "podIdentityAssociations": [one["associationArn"] for one in owned]}
