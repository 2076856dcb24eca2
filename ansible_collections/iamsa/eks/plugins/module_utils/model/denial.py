# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWS's message for a denied call says: the action, the kind of policy that denied it, and its ARN.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html (the forms of the
message; since 2026, with the ARN of the policy and an authorization ID, where AWS knows them)
"""

from __future__ import annotations

import re
from typing import NamedTuple

_ACTION = re.compile(r"not authorized to perform: (?P<action>[a-z0-9-]+:[A-Za-z0-9]+)")
_POLICY = r"[A-Za-z-]+(?: [A-Za-z-]+)*? ?(?:policy|boundary)"
_EXPLICIT = re.compile(
    rf"with an explicit deny(?: in (?:an? |the )?(?P<kind>{_POLICY}))?"
    r"(?: transitively through a service control policy)?(?:: (?P<arn>arn:\S+?))?(?=$|[\s.])"
)
_IMPLICIT = re.compile(rf"because no (?P<kind>{_POLICY}) allows the ")
# AWS appends it as of 2026, with a link to the console.
_DETAILS = re.compile(
    r"\.? Go to \S+ for complete details, or call the GetRequestAuthorizationDetails API"
    r" with the following authorization id: (?P<id>[A-Za-z0-9-]+)\.?"
)
# By the word that the kind contains; the guide itself has two spellings of the session policy.
_KINDS = (
    ("service control", "service control policy"),
    ("resource control", "resource control policy"),
    ("boundar", "permissions boundary"),
    ("session", "session policy"),
    ("endpoint", "VPC endpoint policy"),
    ("trust", "trust policy"),
    ("resource-based", "resource-based policy"),
    ("identity-based", "identity-based policy"),
)
# Of the kinds that the caller's own policies cannot override.
_PLACES = {
    **dict.fromkeys(
        ("service control policy", "resource control policy"),
        "ask the administrators of the AWS organization to {allow} {policy}",
    ),
    "permissions boundary": "{allow} {policy} of these credentials",
    "session policy": "{allow} {policy} of these credentials, or use credentials without one",
    "VPC endpoint policy": "{allow} {policy}, or use another network",
    "trust policy": "{allow} {policy} of the role",
    "resource-based policy": "{allow} {policy} of the resource",
}


class Denial(NamedTuple):
    """A denial. `kind` is the kind of policy, "" if AWS does not say it; `arn` is the policy's ARN or "".

    `text` is the message without the sentence about `authorization_id`.
    """

    text: str
    action: str = ""
    kind: str = ""
    is_explicit: bool = False
    arn: str = ""
    authorization_id: str = ""


def read_denial(message: str) -> Denial:
    """Return what a message says. Unknown forms have neither action nor kind."""
    details = _DETAILS.search(message)
    text = message[: details.start()] + message[details.end() :] if details else message
    named = _ACTION.search(text)
    explicit = _EXPLICIT.search(text)
    found = explicit or _IMPLICIT.search(text)
    return Denial(
        text,
        named["action"] if named else "",
        _kind((found["kind"] or "").lower()) if found else "",
        is_explicit=explicit is not None,
        arn=(explicit["arn"] or "") if explicit else "",
        authorization_id=details["id"] if details else "",
    )


def _kind(words: str) -> str:
    return next((kind for part, kind in _KINDS if part in words), "")


def remedy_of(denial: Denial, action: str) -> str:
    """Return how to get the action allowed; "" if an identity-based policy has to allow it."""
    allow = f"remove the explicit deny of {action} from" if denial.is_explicit else f"allow {action} in"
    if denial.kind in _PLACES:
        return _PLACES[denial.kind].format(allow=allow, policy=denial.arn or f"the {denial.kind}")
    if not denial.is_explicit:
        return ""
    where = f" from {denial.arn}" if denial.arn else ""
    return f"remove the explicit deny of {action}{where}, which overrides every allow"
