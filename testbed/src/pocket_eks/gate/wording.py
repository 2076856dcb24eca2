"""Changes the emulators' answers to those of AWS: its messages, and exactly its members.

Recorded by LocalStack against AWS (tests/aws/services/iam, 2026-02): the members of an answer, and the error
messages. IAM API reference: ListRoles and ListPolicies omit tags.
"""

from __future__ import annotations

import html
import re
from xml.sax.saxutils import escape

from pocket_eks.gate.aws_errors import aws_error
from pocket_eks.gate.message import Answer, Named, with_body
from pocket_eks.gate.refusals import words_of

MESSAGE = re.compile(rb"(?<=<Message>)[^<]*")
UNKNOWN = re.compile(rb"<Code>InvalidAction</Code>")
TAGS = re.compile(rb"<Tags>.*?</Tags>|<Tags ?/>", re.DOTALL)
DESCRIPTION = re.compile(rb"<Description>(.*?)</Description>", re.DOTALL)
BARE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)")
SUMMARY = {
    "AccountPasswordPresent": 0,
    "GlobalEndpointTokenVersion": 1,
    "InstanceProfiles": 0,
    "InstanceProfilesQuota": 1000,
    "Providers": 1,
    "RolePolicySizeQuota": 10240,
}
"""Entries of GetAccountSummary where an emulator has none; where it has no count, that of a new world."""

NOT_SHOWN = {
    "iam:CreateRole": re.compile(
        rb"<(Description|MaxSessionDuration|RoleLastUsed)>.*?</\1>|<(Description|RoleLastUsed) ?/>", re.DOTALL
    ),
    "iam:CreatePolicy": re.compile(rb"<Description>.*?</Description>|<Description ?/>", re.DOTALL),
    "iam:CreatePolicyVersion": re.compile(rb"<Document>.*?</Document>", re.DOTALL),
    "iam:ListPolicyVersions": re.compile(rb"<Document>.*?</Document>", re.DOTALL),
    "iam:ListPolicies": TAGS,
    "iam:ListRoles": re.compile(
        rb"<(Tags|PermissionsBoundary|RoleLastUsed)>.*?</\1>|<(Tags|RoleLastUsed) ?/>", re.DOTALL
    ),
}
"""What an emulator's answer has and AWS's has not, by action."""


def well_formed(answer: Answer) -> Answer:
    """Return an XML answer. ministack writes descriptions unescaped, and also those that were not set."""
    body = DESCRIPTION.sub(described, answer.body)
    return answer if body == answer.body else with_body(answer, body)


def described(found: re.Match[bytes]) -> bytes:
    """Return a description with `&` and `<` escaped, and nothing for an empty one."""
    text = BARE.sub(b"&amp;", found[1]).replace(b"<", b"&lt;").replace(b">", b"&gt;")
    return b"<Description>" + text + b"</Description>" if text else b""


def adapted(named: Named, answer: Answer) -> Answer:
    """Return an answer of IAM or STS. An operation that the emulator lacks gets 501."""
    if is_unknown(answer):
        return aws_error(named.service, "NotImplementedException", f"The emulator has no {named.action}.")
    if answer.status in (404, 409):
        return reworded(named, answer)
    body = answer.body
    if named.action in NOT_SHOWN:
        body = NOT_SHOWN[named.action].sub(b"", body)
    body = body.replace(b">PermissionsBoundaryPolicy<", b">Policy<")
    if named.action == "iam:GetOpenIDConnectProvider":
        body = body.replace(b"<Url>https://", b"<Url>")
    elif named.action == "iam:GetRole" and b"<RoleLastUsed" not in body:
        body = body.replace(b"</Role>", b"<RoleLastUsed></RoleLastUsed></Role>")
    elif named.action == "iam:GetPolicy" and b"<Tags" not in body:
        body = body.replace(b"</Policy>", b"<Tags></Tags></Policy>")
    elif named.action == "iam:GetAccountSummary":
        missing = {key: value for key, value in SUMMARY.items() if f"<key>{key}</key>".encode() not in body}
        entries = "".join(
            f"<entry><key>{key}</key><value>{value}</value></entry>" for key, value in missing.items()
        )
        body = body.replace(b"</SummaryMap>", entries.encode() + b"</SummaryMap>")
    return answer if body == answer.body else with_body(answer, body)


def reworded(named: Named, answer: Answer) -> Answer:
    """Return IAM's message for something that is missing, taken or in use."""
    found = MESSAGE.search(answer.body)
    if found is None:
        return answer
    told = escape(words_of(named, html.unescape(found[0].decode()))).encode()
    return with_body(answer, MESSAGE.sub(lambda _: told, answer.body, count=1))


def is_unknown(answer: Answer) -> bool:
    """Return whether the error means that the emulator does not have the operation."""
    fails = answer.status == 500 and answer.body.lstrip().startswith(b"<!doctype html>")
    return fails or (answer.status == 400 and UNKNOWN.search(answer.body) is not None)


def as_user(answer: Answer, user_arn: str, access_key: str) -> Answer:
    """Return GetCallerIdentity's answer for a user's key.

    ministack returns the root user of the account, and moto the ARN of a user with the service sts.
    """
    body = re.sub(rb"(?<=<Arn>)[^<]*", escape(user_arn).encode(), answer.body)
    return with_body(answer, re.sub(rb"(?<=<UserId>)[^<]*", b"AIDA" + access_key[4:].encode(), body))
