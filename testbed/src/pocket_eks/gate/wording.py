"""The emulators' answers as AWS gives them: in IAM's words, with what they leave out, without what they add.

IAM API reference: ListRoles and ListPolicies leave tags out, GetOpenIDConnectProvider gives the URL without a
scheme, GetAccountSummary has the quotas that are added here.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from pocket_eks.gate.aws_errors import aws_error
from pocket_eks.gate.message import Answer, Named, with_body

REFUSALS = (
    (re.compile(rb"(?<=<Message>)Role (\S+) not found\.?(?=</)"), rb"The role with name \1 cannot be found."),
    (
        re.compile(rb"(?<=<Message>)Policy Document (\S+) not attached to role \S+(?=</)"),
        rb"The role policy with name \1 cannot be found.",
    ),
    (
        re.compile(rb"(?<=<Message>)Policy (arn:\S+) not found\.?(?=</)"),
        rb"Policy \1 does not exist or is not attachable.",
    ),
    (
        re.compile(rb"(?<=<Message>)OIDC provider (arn:\S+) not found\.?(?=</)"),
        rb"OpenIDConnect Provider not found for arn \1",
    ),
)
UNKNOWN = re.compile(rb"<Code>InvalidAction</Code>")
TAGS = re.compile(rb"<Tags>.*?</Tags>|<Tags ?/>", re.DOTALL)
DESCRIPTION = re.compile(rb"<Description>(.*?)</Description>", re.DOTALL)
BARE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)")
QUOTAS = {"RolePolicySizeQuota": 10240}


def well_formed(answer: Answer) -> Answer:
    """An answer that is XML: ministack writes descriptions as they are, also those that nobody gave."""
    body = DESCRIPTION.sub(described, answer.body)
    return answer if body == answer.body else with_body(answer, body)


def described(found: re.Match[bytes]) -> bytes:
    """A description with its `&` and `<` escaped, and nothing for an empty one."""
    text = BARE.sub(b"&amp;", found[1]).replace(b"<", b"&lt;").replace(b">", b"&gt;")
    return b"<Description>" + text + b"</Description>" if text else b""


def adapted(named: Named, answer: Answer) -> Answer:
    """An answer of IAM or STS; what the emulator cannot do is 501."""
    body = answer.body
    if is_unknown(answer):
        return aws_error(named.service, "NotImplementedException", f"The emulator has no {named.action}.")
    if answer.status in (404, 409):
        for own, words in REFUSALS:
            body = own.sub(words, body)
    elif named.action in ("iam:ListRoles", "iam:ListPolicies"):
        body = TAGS.sub(b"", body)
    elif named.action == "iam:GetOpenIDConnectProvider":
        body = body.replace(b"<Url>https://", b"<Url>")
    elif named.action == "iam:GetAccountSummary":
        missing = {key: value for key, value in QUOTAS.items() if f"<key>{key}</key>".encode() not in body}
        entries = "".join(
            f"<entry><key>{key}</key><value>{value}</value></entry>" for key, value in missing.items()
        )
        body = body.replace(b"</SummaryMap>", entries.encode() + b"</SummaryMap>")
    return answer if body is answer.body else with_body(answer, body)


def is_unknown(answer: Answer) -> bool:
    """Whether it says that the emulator does not know the operation: moto fails, ministack refuses."""
    fails = answer.status == 500 and answer.body.lstrip().startswith(b"<!doctype html>")
    return fails or (answer.status == 400 and UNKNOWN.search(answer.body) is not None)


def as_user(answer: Answer, user_arn: str, access_key: str) -> Answer:
    """GetCallerIdentity's answer to a user's key: ministack takes the user for the account's root, and moto
    writes the ARN of a user as STS's."""
    body = re.sub(rb"(?<=<Arn>)[^<]*", escape(user_arn).encode(), answer.body)
    return with_body(answer, re.sub(rb"(?<=<UserId>)[^<]*", b"AIDA" + access_key[4:].encode(), body))
