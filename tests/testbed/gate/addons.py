"""EKS add-ons: the emulator keeps them, if it has EKS, and here is how they own Pod Identity associations.

EKS API reference: CreateAddon ("podIdentityAssociations: an array of EKS Pod Identity associations to be
created"), Addon ("… owned by the add-on"), DeleteAddon (with `preserve` what belongs to it stays). Here an
add-on's namespace is kube-system unless namespaceConfig says otherwise: a few of EKS's own have another.
"""

from __future__ import annotations

from collections.abc import Callable

from testbed.gate.associations import Associations
from testbed.gate.aws_errors import AwsError
from testbed.gate.eks_emulator import EksEmulator, Json, body_of, page
from testbed.gate.message import Request

PATH = "addons"
UNSET = ("serviceAccountRoleArn", "configurationValues", "addonVersion")
"""Members that the emulator shows as empty where the add-on has none."""


class Addons:
    """The add-ons of all clusters."""

    def __init__(self, eks: EksEmulator, associations: Associations) -> None:
        self._eks = eks
        self._associations = associations

    async def answer(
        self, request: Request, operation: str, cluster: str, reached: Callable[[], None]
    ) -> Json:
        """The answer to one of the four operations; raises AwsError."""
        if operation == "ListAddons":
            every = await self._eks.listed(cluster, PATH, "addons", request.query, reached)
            found, more = page(every, request.query)
            return {"addons": found, "nextToken": more}
        if operation == "CreateAddon":
            return await self._create(cluster, body_of(request), reached)
        name = request.path.rsplit("/", 1)[-1]
        addon = await self._eks.call(request.method, cluster, PATH, name, reached=reached)
        shown = {"addon": self._shown(cluster, addon["addon"])}
        if operation == "DeleteAddon":
            preserve = request.query.get("preserve") == "true"
            self._disown(cluster, addon["addon"]["addonArn"], preserve=preserve)
        return shown

    async def _create(self, cluster: str, body: Json, reached: Callable[[], None]) -> Json:
        wanted = body.pop("podIdentityAssociations", None) or []
        namespace = (body.get("namespaceConfig") or {}).get("namespace") or "kube-system"
        addon = (await self._eks.call("POST", cluster, PATH, body=body, reached=reached))["addon"]
        try:
            for one in wanted:
                await self._associations.create(cluster, {**one, "namespace": namespace}, addon["addonArn"])
        except AwsError:
            self._disown(cluster, addon["addonArn"], preserve=False)
            await self._eks.call("DELETE", cluster, PATH, addon["addonName"])
            raise
        return {"addon": self._shown(cluster, addon)}

    def _disown(self, cluster: str, addon_arn: str, *, preserve: bool) -> None:
        for one in self._associations.owned(cluster, addon_arn):
            if preserve:
                del one["ownerArn"]
            else:
                self._associations.remove(cluster, one["associationId"])

    def _shown(self, cluster: str, addon: Json) -> Json:
        """As EKS shows it: with the ARNs of its associations, and without what it does not have."""
        rest = {key: value for key, value in addon.items() if value or key not in UNSET}
        owned = self._associations.owned(cluster, addon["addonArn"])
        return {**rest, "podIdentityAssociations": [one["associationArn"] for one in owned]}
