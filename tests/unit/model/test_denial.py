# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS's messages for denied calls, as AWS documents them and as users have seen them."""

from __future__ import annotations

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.model.denial import Denial, read_denial
from ansible_collections.iamsa.eks.plugins.module_utils.model.permissions import aws_remedy

CALLER = "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: iam:CreateRole"
ON = "on resource: arn:aws:iam::123456789012:role/app"
SCP = "arn:aws:organizations::123456789012:policy/o-abc/service_control_policy/p-abc"
POLICY = "arn:aws:iam::123456789012:policy/guard"
DETAILS = (
    ". Go to https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/ab-12"
    " for complete details, or call the GetRequestAuthorizationDetails API with the following authorization"
    " id: ab-12"
)
ALLOW = "allow iam:CreateRole"
DENY = "remove the explicit deny of iam:CreateRole"
ORGANIZATION = "ask the administrators of the AWS organization to"

ROWS = [
    # reason, kind, remedy
    (
        "because no identity-based policy allows the iam:CreateRole action",
        "identity-based policy",
        f"{ALLOW}, for",
    ),
    (
        "with an explicit deny in an identity-based policy",
        "identity-based policy",
        f"{DENY}, which overrides",
    ),
    (
        f"with an explicit deny in an identity-based policy: {POLICY}",
        "identity-based policy",
        f"{DENY} from {POLICY}, which overrides every allow",
    ),
    ("with an explicit deny", "", f"{DENY}, which overrides every allow"),
    (
        "because no service control policy allows the iam:CreateRole action",
        "service control policy",
        f"{ORGANIZATION} {ALLOW} in the service control policy",
    ),
    (
        "with an explicit deny in a service control policy",
        "service control policy",
        f"{ORGANIZATION} {DENY} from the service control policy",
    ),
    (
        f"with an explicit deny in a service control policy: {SCP}",
        "service control policy",
        f"{ORGANIZATION} {DENY} from {SCP}",
    ),
    (
        "with an explicit deny in a resource control policy",
        "resource control policy",
        f"{ORGANIZATION} {DENY} from the resource control policy",
    ),
    (
        "because no permissions boundary allows the iam:CreateRole action",
        "permissions boundary",
        f"{ALLOW} in the permissions boundary of these credentials",
    ),
    (
        "with an explicit deny in a permissions boundary",
        "permissions boundary",
        f"{DENY} from the permissions boundary of these credentials",
    ),
    (
        f"with an explicit deny in a permissions boundary: {POLICY}",
        "permissions boundary",
        f"{DENY} from {POLICY} of these credentials",
    ),
    (
        "because no session policy allows the iam:CreateRole action",
        "session policy",
        f"{ALLOW} in the session policy of these credentials, or use credentials without one",
    ),
    (
        "with an explicit deny in a sessions policy",
        "session policy",
        f"{DENY} from the session policy of these credentials, or use credentials without one",
    ),
    (
        "because no VPC endpoint policy allows the iam:CreateRole action",
        "VPC endpoint policy",
        f"{ALLOW} in the VPC endpoint policy, or use another network",
    ),
    (
        "with an explicit deny in a VPC endpoint policy transitively through a service control policy",
        "VPC endpoint policy",
        f"{DENY} from the VPC endpoint policy, or use another network",
    ),
    (
        "because no resource-based policy allows the iam:CreateRole action",
        "resource-based policy",
        f"{ALLOW} in the resource-based policy of the resource",
    ),
    (
        "with an explicit deny in a resource-based policy",
        "resource-based policy",
        f"{DENY} from the resource-based policy of the resource",
    ),
    (
        "with an explicit deny in the role trust policy",
        "trust policy",
        f"{DENY} from the trust policy of the role",
    ),
    ("", "", f"{ALLOW}, for example with"),
]


@pytest.mark.parametrize("end", ["", DETAILS], ids=["", "authorization-id"])
@pytest.mark.parametrize("resource", ["", f" {ON}", " on resource: role app"])
@pytest.mark.parametrize(("reason", "kind", "remedy"), ROWS, ids=[row[0] for row in ROWS])
def test_the_kind_of_policy_decides_who_can_help(
    reason: str, kind: str, remedy: str, resource: str, end: str
) -> None:
    message = f"{CALLER}{resource} {reason}".rstrip() + end
    found = read_denial(message)
    assert (found.action, found.kind, found.authorization_id) == (
        "iam:CreateRole",
        kind,
        "ab-12" if end else "",
    )
    assert "Go to" not in found.text
    assert aws_remedy("iam:CreateRole", message).startswith(remedy)


@pytest.mark.parametrize("message", ["", "Access Denied", "the caller may not", "because no reason"])
def test_of_other_messages_nothing_is_guessed(message: str) -> None:
    assert read_denial(message) == Denial(message)
