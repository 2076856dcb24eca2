"""SimulatePrincipalPolicy and SimulateCustomPolicy: from the parameters of a call to the answer.

Recorded: EvalResourceName is the resource of the question, or `*` without one, except for an action on a type
of IAM's resources; the error for a role that does not exist is "Unable to retrieve specified IAM entity."
(cloud-custodian/cloud-custodian). For several resources it is `*` here, which has not been recorded.
Users and groups, resource-based policies, service control policies and exclusions are not implemented, and
get 501. The positions of statements are omitted.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from xml.sax.saxutils import escape

from pocket_eks.gate.authorization_policy import Question
from pocket_eks.gate.aws_errors import NAMESPACES, AwsError
from pocket_eks.gate.config import Config
from pocket_eks.gate.constraints import MARKER, members
from pocket_eks.gate.emulator import Emulator
from pocket_eks.gate.message import Answer
from pocket_eks.gate.simulation import Finding, Policy, decide, read, strictest
from pocket_eks.gate.web_identity import ROLE_ARN

ACTIONS = ("iam:SimulatePrincipalPolicy", "iam:SimulateCustomPolicy")
NOT_HERE = ("ResourcePolicy", "OrderedOrganizationPolicyInputList.member.1", "PolicyExclusionList.member.1")
LISTS = {
    "iam:ListGroups": "group/",
    "iam:ListInstanceProfiles": "instance-profile/",
    "iam:ListRoles": "role/",
    "iam:ListUsers": "user/",
}
"""What actions that list are about (recorded for ListUsers)."""
_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9]+")
Params = dict[str, str]


class Simulator:
    """`iam` is IAM as the caller sees it, which may be some seconds old."""

    def __init__(self, iam: Emulator, config: Config) -> None:
        self._iam = iam
        self._config = config

    async def answer(self, action: str, params: Params) -> Answer:
        """Return the answer to one of ACTIONS. Raises AwsError."""
        for one in NOT_HERE:
            if one in params:
                raise AwsError(
                    "NotImplementedException", f"{one.partition('.')[0]} is not part of this world."
                )
        names = members(params, "ActionNames")
        for name in names:
            if not _ACTION.fullmatch(name):
                raise AwsError("InvalidInput", f"{name} is not a valid action.")
        given = documents(params, "PolicyInputList")
        limits = documents(params, "PermissionsBoundaryPolicyInputList")
        boundary = limits[0] if limits else None
        if action == "iam:SimulatePrincipalPolicy":
            own, bound = await self._of_role(params.get("PolicySourceArn", ""))
            given, boundary = [*own, *given], boundary or bound
        context = context_of(params)
        resources = members(params, "ResourceArns") or ["*"]
        results = [
            (name, [decide(Question(name, arn, context), given, boundary) for arn in resources])
            for name in names
        ]
        account = self._config.account if not members(params, "ResourceArns") else ""
        return told(action.removeprefix("iam:"), results, params, account)

    async def _of_role(self, arn: str) -> tuple[list[Policy], Policy | None]:
        parts = ROLE_ARN.fullmatch(arn)
        if parts is None:
            if re.fullmatch(r"arn:aws[a-z-]*:iam::\d{12}:(user|group)/.+", arn):
                raise AwsError("NotImplementedException", "This world simulates the policies of roles alone.")
            raise AwsError(
                "InvalidInput", f"Invalid Entity Arn: {arn} does not clearly define entity type and name."
            )
        role = await self._iam.role(parts["name"]) if parts["account"] == self._config.account else None
        if role is None or role.arn != arn:
            raise AwsError("NoSuchEntity", "Unable to retrieve specified IAM entity.")
        inline = await self._iam.inline(parts["name"])
        found = [
            Policy(name, document) for name, text in inline.items() if (document := read(text)) is not None
        ]
        for one in await self._iam.attached(parts["name"]):
            found += await self._managed(one)
        bound = await self._managed(role.boundary) if role.boundary else []
        return found, bound[0] if bound else None

    async def _managed(self, arn: str) -> list[Policy]:
        document = read(await self._iam.policy_document(arn) or "")
        return [] if document is None else [Policy(arn.rpartition("/")[2], document)]


def documents(params: Params, name: str) -> list[Policy]:
    """Return the policies that are parameters of a call. Raises AwsError."""
    found = []
    for number, text in enumerate(members(params, name), 1):
        document = read(text)
        if document is None:
            raise AwsError("InvalidInput", f"{name}.{number} is no valid policy.")
        found.append(Policy(f"{name}.{number}", document))
    return found


def context_of(params: Params) -> dict[str, list[str]]:
    """Return the ContextEntries by key, in lower case."""
    found: dict[str, list[str]] = {}
    number = 1
    while (key := params.get(f"ContextEntries.member.{number}.ContextKeyName")) is not None:
        found[key.lower()] = members(params, f"ContextEntries.member.{number}.ContextKeyValues")
        number += 1
    return found


def told(
    operation: str, results: Sequence[tuple[str, list[Finding]]], params: Params, account: str
) -> Answer:
    """Return one page of the answer as XML. `account` is "" if the call has resources."""
    if not MARKER.fullmatch(params.get("Marker", "0")):
        raise AwsError("ValidationError", "Invalid Marker.")
    start, size = int(params.get("Marker", "0")), int(params.get("MaxItems", "100"))
    end = start + size
    body = "".join(evaluation(name, findings, account) for name, findings in results[start:end])
    more = end < len(results)
    rest = f"<IsTruncated>{str(more).lower()}</IsTruncated>" + (f"<Marker>{end}</Marker>" if more else "")
    xml = (
        f'<{operation}Response xmlns="{NAMESPACES["iam"]}"><{operation}Result>'
        f"<EvaluationResults>{body}</EvaluationResults>{rest}</{operation}Result>"
        f"<ResponseMetadata><RequestId>{uuid.uuid4()}</RequestId></ResponseMetadata></{operation}Response>"
    )
    return Answer(200, [(b"content-type", b"text/xml")], xml.encode())


def evaluation(action: str, findings: list[Finding], account: str) -> str:
    """Return one EvaluationResult."""
    everywhere = [one for one in findings if one.resource == "*"]
    specific = "".join(
        f"<member><EvalResourceName>{escape(one.resource)}</EvalResourceName>"
        f"<EvalResourceDecision>{one.decision}</EvalResourceDecision>{details([one], one.missing)}</member>"
        for one in findings
        if one.resource != "*"
    )
    missing = everywhere[0].missing if everywhere else ()
    resource = findings[0].resource if len(findings) == 1 else "*"
    if account and action in LISTS:
        resource = f"arn:aws:iam::{account}:{LISTS[action]}"
    return (
        f"<member><EvalActionName>{escape(action)}</EvalActionName>"
        f"<EvalResourceName>{escape(resource)}</EvalResourceName>"
        f"<EvalDecision>{strictest(findings)}</EvalDecision>{details(findings, missing)}"
        f"<ResourceSpecificResults>{specific}</ResourceSpecificResults></member>"
    )


def details(findings: list[Finding], missing: Sequence[str]) -> str:
    """Return the parts of the decision: statements, unknown keys, the boundary."""
    sources = dict.fromkeys(source for one in findings for source in one.sources)
    matched = "".join(
        f"<member><SourcePolicyId>{escape(one)}</SourcePolicyId>"
        f"<SourcePolicyType>{kind}</SourcePolicyType></member>"
        for one, kind in sources
    )
    keys = "".join(f"<member>{escape(key)}</member>" for key in missing)
    bounds = [one.within_boundary for one in findings if one.within_boundary is not None]
    boundary = (
        "<PermissionsBoundaryDecisionDetail><AllowedByPermissionsBoundary>"
        f"{str(all(bounds)).lower()}</AllowedByPermissionsBoundary></PermissionsBoundaryDecisionDetail>"
        if bounds
        else ""
    )
    return (
        f"<MatchedStatements>{matched}</MatchedStatements>"
        f"<MissingContextValues>{keys}</MissingContextValues><EvalDecisionDetails></EvalDecisionDetails>"
        "<OrganizationsDecisionDetail><AllowedByOrganizations>true</AllowedByOrganizations>"
        f"</OrganizationsDecisionDetail>{boundary}"
    )
