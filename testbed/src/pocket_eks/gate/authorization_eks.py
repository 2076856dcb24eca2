"""The actions, resources and condition keys of an EKS call, for authorization.

Service Authorization Reference: "Actions, resources, and condition keys for Amazon Elastic Kubernetes
Service". Calls that create or list are authorized on the cluster, and other calls on the ARN of their
resource. An association also needs iam:GetRole and iam:PassRole for its role, and eks:TagResource if it has
tags, according to the permissions of CloudFormation's AWS::EKS::PodIdentityAssociation. In AWS managed
policies, iam:PassedToService is the name of the service.
"""

from __future__ import annotations

from typing import Any

from pocket_eks.gate.addons import PATH as ADDONS
from pocket_eks.gate.addons import Addons
from pocket_eks.gate.associations import PATH as ASSOCIATIONS
from pocket_eks.gate.associations import SERVICE, Associations
from pocket_eks.gate.authorization_policy import Question
from pocket_eks.gate.aws_calls import eks_cluster
from pocket_eks.gate.aws_errors import AwsError
from pocket_eks.gate.config import Config
from pocket_eks.gate.eks import Eks
from pocket_eks.gate.eks_json import Json, body_of
from pocket_eks.gate.emulator import Emulator
from pocket_eks.gate.message import Named, Request

Context = dict[str, list[str]]
KINDS = {ASSOCIATIONS: ("podidentityassociation", "associationArn"), ADDONS: ("addon", "addonArn")}
"""The ARN's resource type, and the member that has the ARN, by the path under the cluster."""


class EksQuestions:
    """Returns the questions of an EKS call. Reads existing resources without the log and faults."""

    def __init__(
        self, config: Config, iam: Emulator, eks: Eks, associations: Associations, addons: Addons
    ) -> None:
        self._config = config
        self._iam = iam
        self._eks = eks
        self._associations = associations
        self._addons = addons

    async def of(self, request: Request, named: Named) -> list[Question]:
        """Return the questions. The call is allowed if all of them are."""
        cluster = eks_cluster(request)
        if not cluster:
            every = self._arn(named.region, "cluster", "*") if named.action == "eks:ListClusters" else "*"
            return [Question(named.action, every, {})]
        body = body_of(request) if request.body else {}
        asked = requested(body.get("tags") or {})
        kind, _, name = request.path.removeprefix(f"/clusters/{cluster}/").partition("/")
        if kind in KINDS and name:
            arn, tags = self._of_its_own(named.region, cluster, kind, name)
        else:
            arn, tags = self._arn(named.region, "cluster", cluster), self._cluster_tags(cluster)
        questions = [Question(named.action, arn, asked | resource_tags(tags))]
        if body.get("tags") and kind in KINDS and not name:
            new = self._arn(named.region, KINDS[kind][0], f"{cluster}/new")
            questions.append(Question("eks:TagResource", new, asked))
        for role_arn in passed(body):
            questions += await self._passing(role_arn)
        return questions

    def _of_its_own(self, region: str, cluster: str, kind: str, name: str) -> tuple[str, dict[str, str]]:
        resource, member = KINDS[kind]
        unknown = self._arn(region, resource, f"{cluster}/{name}")
        try:
            kept = self._associations if kind == ASSOCIATIONS else self._addons
            found = kept.find(cluster, name)
        except AwsError:
            return unknown, {}
        return found[member], found.get("tags") or {}

    def _cluster_tags(self, cluster: str) -> dict[str, str]:
        return self._eks.clusters().get(cluster, {}).get("tags") or {}

    async def _passing(self, role_arn: str) -> list[Question]:
        role = await self._iam.role(role_arn.rpartition("/")[2])
        tags = dict(role.tags) if role is not None and role.arn == role_arn else {}
        context = resource_tags(tags) | {f"iam:resourcetag/{key}".lower(): [tags[key]] for key in tags}
        return [
            Question("iam:GetRole", role_arn, context, f"role {role_arn.rpartition('/')[2]}"),
            Question("iam:PassRole", role_arn, context | {"iam:passedtoservice": [SERVICE]}),
        ]

    def _arn(self, region: str, kind: str, name: str) -> str:
        return f"arn:{self._config.partition}:eks:{region}:{self._config.account}:{kind}/{name}"


def passed(body: Json) -> list[str]:
    """Return the roles that a call passes to pods: that of an association, or of an add-on's associations."""
    several: list[Any] = [body, *(body.get("podIdentityAssociations") or [])]
    return [str(one["roleArn"]) for one in several if isinstance(one, dict) and one.get("roleArn")]


def requested(tags: dict[str, str]) -> Context:
    """Return the condition keys of the tags in a call, in lower case."""
    context = {f"aws:requesttag/{key}".lower(): [value] for key, value in tags.items()}
    return context | {"aws:tagkeys": list(tags)} if tags else context


def resource_tags(tags: dict[str, str]) -> Context:
    """Return the condition keys of the tags of a resource, in lower case."""
    return {f"aws:resourcetag/{key}".lower(): [value] for key, value in tags.items()}
