# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every method that reads from AWS: what it calls, what AWS answers, and what comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from adapters.aws_wire import Reply, result

from ansible_collections.iamsa.eks.plugins.module_utils.aws.eks import Eks
from ansible_collections.iamsa.eks.plugins.module_utils.aws.iam.client import Iam
from ansible_collections.iamsa.eks.plugins.module_utils.aws.pod_identity import PodIdentity
from ansible_collections.iamsa.eks.plugins.module_utils.aws.session import AwsSession
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.identity.account import RoleHome
from ansible_collections.iamsa.eks.plugins.module_utils.identity.cluster import ClusterRef
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model.association import Association, AssociationPage
from ansible_collections.iamsa.eks.plugins.module_utils.model.cluster import ClusterDescription
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Provider, Role, SeenRole
from ansible_collections.iamsa.eks.plugins.module_utils.model.simulation import Permission, Question
from ansible_collections.iamsa.eks.plugins.module_utils.policy.limits import Quotas
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy

TRUST = {"Version": "2012-10-17", "Statement": []}
ARN = "arn:aws:iam::123456789012:role/iamsa/app"
POLICY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
PROVIDER = "arn:aws:iam::123456789012:oidc-provider/oidc.example/id/A"
ROLE = Role(name="app", path="/iamsa/", arn=ARN, trust=TRUST, role_id="AROAEXAMPLE")
DOCUMENT = quote(json.dumps(TRUST))
DETAIL = (
    f"<Path>/iamsa/</Path><Arn>{ARN}</Arn><RoleName>app</RoleName><RoleId>AROAEXAMPLE</RoleId>"
    f"<CreateDate>2026-01-01T00:00:00Z</CreateDate>"
    f"<AssumeRolePolicyDocument>{DOCUMENT}</AssumeRolePolicyDocument>"
)
SUMMARY = "".join(
    f"<entry><key>{key}</key><value>{value}</value></entry>"
    for key, value in (("Roles", 42), ("AttachedPoliciesPerRoleQuota", 20))
)
CLUSTER = {
    "arn": "arn:aws:eks:eu-west-1:123456789012:cluster/demo",
    "status": "ACTIVE",
    "endpoint": "https://e",
}
OIDC = {
    "identity": {"oidc": {"issuer": "https://oidc.example/id/A"}},
    "certificateAuthority": {"data": "Y2E="},
}
LISTED = {"associationId": "a-1", "namespace": "web", "serviceAccount": "app"}
ASSOCIATION = Association("a-1", subject=Subject("web", "app"))


@dataclass(frozen=True)
class Read:
    """`missing` is what comes of NoSuchEntity, and `unread` what comes of a denial; None: an error."""

    action: str
    call: Callable[[AwsSession], Any]
    answer: Reply
    value: Any
    missing: tuple[Any] | None = None
    unread: tuple[Any] | None = None

    @property
    def service(self) -> str:
        return self.action.split(":")[0]


def _iam(read: Callable[[Iam], Any]) -> Callable[[AwsSession], Any]:
    return lambda session: read(Iam(session, Deadline(30)))


def _policies(call: Callable[[Iam], Any]) -> Read:
    """Of one scope or the other."""
    member = f"<member><PolicyName>ReadOnlyAccess</PolicyName><Arn>{POLICY}</Arn></member>"
    return Read(
        "iam:ListPolicies",
        _iam(call),
        result("ListPolicies", f"<Policies>{member}</Policies>"),
        (ManagedPolicy(name="ReadOnlyAccess", arn=POLICY),),
    )


READS = {
    "roles.read": Read(
        "iam:GetRole",
        _iam(lambda iam: iam.roles.read("app")),
        result("GetRole", f"<Role>{DETAIL}</Role>"),
        ROLE,
        missing=(None,),
    ),
    "roles.read_with_use": Read(
        "iam:GetRole",
        _iam(lambda iam: iam.roles.read_with_use("app")),
        result("GetRole", f"<Role>{DETAIL}</Role>"),
        (ROLE, None),
        missing=(None,),
    ),
    "policies.attached": Read(
        "iam:ListAttachedRolePolicies",
        _iam(lambda iam: iam.policies.attached("app")),
        result(
            "ListAttachedRolePolicies",
            f"<AttachedPolicies><member><PolicyName>ReadOnlyAccess</PolicyName><PolicyArn>{POLICY}</PolicyArn>"
            "</member></AttachedPolicies>",
        ),
        {POLICY: "ReadOnlyAccess"},
        missing=({},),
    ),
    "policies.inline_names": Read(
        "iam:ListRolePolicies",
        _iam(lambda iam: iam.policies.inline_names("app")),
        result("ListRolePolicies", "<PolicyNames><member>reader</member></PolicyNames>"),
        ("reader",),
        missing=((),),
    ),
    "policies.inline": Read(
        "iam:GetRolePolicy",
        _iam(lambda iam: iam.policies.inline("app", "reader")),
        result("GetRolePolicy", f"<PolicyDocument>{DOCUMENT}</PolicyDocument>"),
        TRUST,
        missing=(None,),
    ),
    "roles.instance_profiles": Read(
        "iam:ListInstanceProfilesForRole",
        _iam(lambda iam: iam.roles.instance_profiles("app")),
        result(
            "ListInstanceProfilesForRole",
            "<InstanceProfiles><member><InstanceProfileName>nodes</InstanceProfileName></member>"
            "</InstanceProfiles>",
        ),
        ("nodes",),
        missing=((),),
    ),
    "providers.read": Read(
        "iam:GetOpenIDConnectProvider",
        _iam(lambda iam: iam.providers.read(PROVIDER)),
        result("GetOpenIDConnectProvider", "<ClientIDList><member>sts.amazonaws.com</member></ClientIDList>"),
        Provider(PROVIDER, ("sts.amazonaws.com",)),
        missing=(None,),
    ),
    "providers.arns": Read(
        "iam:ListOpenIDConnectProviders",
        _iam(lambda iam: iam.providers.arns()),
        result(
            "ListOpenIDConnectProviders",
            f"<OpenIDConnectProviderList><member><Arn>{PROVIDER}</Arn></member></OpenIDConnectProviderList>",
        ),
        (PROVIDER,),
    ),
    "policies.read": Read(
        "iam:GetPolicy",
        _iam(lambda iam: iam.policies.read(POLICY)),
        result("GetPolicy", f"<Policy><PolicyName>ReadOnlyAccess</PolicyName><Arn>{POLICY}</Arn></Policy>"),
        ManagedPolicy(name="ReadOnlyAccess", arn=POLICY),
        missing=(None,),
    ),
    "policies.version": Read(
        "iam:GetPolicy",
        _iam(lambda iam: iam.policies.version(POLICY)),
        result("GetPolicy", f"<Policy><Arn>{POLICY}</Arn><DefaultVersionId>v3</DefaultVersionId></Policy>"),
        "v3",
        missing=(None,),
    ),
    "policies.document": Read(
        "iam:GetPolicyVersion",
        _iam(lambda iam: iam.policies.document(POLICY, "v3")),
        result("GetPolicyVersion", f"<PolicyVersion><Document>{DOCUMENT}</Document></PolicyVersion>"),
        TRUST,
        missing=(None,),
    ),
    "policies.own": _policies(lambda iam: iam.policies.own()),
    "policies.of_aws": _policies(lambda iam: iam.policies.of_aws()),
    "roles.quotas": Read(
        "iam:GetAccountSummary",
        _iam(lambda iam: iam.roles.quotas()),
        result("GetAccountSummary", f"<SummaryMap>{SUMMARY}</SummaryMap>"),
        Quotas(attachments=20),
        unread=(None,),
    ),
    "roles.count": Read(
        "iam:GetAccountSummary",
        _iam(lambda iam: iam.roles.count()),
        result("GetAccountSummary", f"<SummaryMap>{SUMMARY}</SummaryMap>"),
        42,
        unread=(None,),
    ),
    "roles.pages": Read(
        "iam:GetAccountAuthorizationDetails",
        _iam(lambda iam: list(iam.roles.pages())),
        result(
            "GetAccountAuthorizationDetails", f"<RoleDetailList><member>{DETAIL}</member></RoleDetailList>"
        ),
        [(SeenRole(ROLE),)],
    ),
    "simulator.simulate": Read(
        "iam:SimulatePrincipalPolicy",
        _iam(lambda iam: iam.simulator.simulate(ARN, Question(("s3:GetObject",)))),
        result(
            "SimulatePrincipalPolicy",
            "<EvaluationResults><member><EvalActionName>s3:GetObject</EvalActionName>"
            "<EvalResourceName>*</EvalResourceName><EvalDecision>allowed</EvalDecision></member>"
            "</EvaluationResults>",
        ),
        (Permission("s3:GetObject", "*", "allowed"),),
    ),
    "eks.associations": Read(
        "eks:ListPodIdentityAssociations",
        lambda session: PodIdentity(session, "demo").associations(),
        (200, json.dumps({"associations": [LISTED], "nextToken": "2"})),
        AssociationPage((ASSOCIATION,), "2"),
    ),
    "eks.with_role": Read(
        "eks:DescribePodIdentityAssociation",
        lambda session: PodIdentity(session, "demo").with_role(ASSOCIATION),
        (200, json.dumps({"association": {**LISTED, "roleArn": ARN, "targetRoleArn": ARN}})),
        replace(ASSOCIATION, role_arn=ARN, target_arn=ARN),
        missing=(None,),
    ),
    "eks.has_addon": Read(
        "eks:DescribeAddon",
        lambda session: PodIdentity(session, "demo").has_addon(),
        (200, json.dumps({"addon": {"addonName": "eks-pod-identity-agent"}})),
        True,
        missing=(False,),
    ),
    "eks.describe": Read(
        "eks:DescribeCluster",
        lambda session: Eks(session).describe("demo"),
        (200, json.dumps({"cluster": {**CLUSTER, **OIDC}})),
        ClusterDescription(
            ClusterRef("https://oidc.example/id/A", CLUSTER["arn"], "eu-west-1"),
            RoleHome("aws", "123456789012"),
            "https://e",
            b"ca",
        ),
    ),
}
