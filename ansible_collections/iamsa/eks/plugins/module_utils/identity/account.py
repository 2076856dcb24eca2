# SPDX-License-Identifier: GPL-3.0-or-later

"""The AWS account that holds roles and providers."""

from __future__ import annotations

from typing import NamedTuple

from .arn import Arn, parse_role_arn
from .cluster import host_and_path


class RoleHome(NamedTuple):
    """The AWS account that holds roles and providers. The partition is `aws`, `aws-cn`, `aws-us-gov`, ….

    `account` is the 12-digit account ID.
    """

    partition: str
    account: str

    def role_arn(self, path: str, name: str) -> str:
        """The ARN of a role; `path` begins and ends with a slash."""
        return f"arn:{self.partition}:iam::{self.account}:role{path}{name}"

    def provider_arn(self, issuer: str) -> str:
        """The ARN of the OIDC provider for an issuer's URL."""
        return f"arn:{self.partition}:iam::{self.account}:oidc-provider/{host_and_path(issuer)}"

    def role_named(self, text: str) -> Arn | None:
        """The role's ARN, if `text` is the ARN of a role in this account; else None."""
        arn = parse_role_arn(text)
        return arn if arn and (arn.partition, arn.account) == (self.partition, self.account) else None

    def names(self, text: str, role_name: str) -> bool:
        """Whether `text` is the ARN of the role of this name, even if its path is wrong or missing.

        Role names are unique within an account, whatever their paths.
        Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
        """
        arn = self.role_named(text)
        return arn is not None and arn.name == role_name

    def policy_arn(self, name: str, *, path: str = "/", aws_managed: bool = False) -> str:
        """The ARN of a managed policy; `path` begins and ends with a slash."""
        return f"arn:{self.partition}:iam::{'aws' if aws_managed else self.account}:policy{path}{name}"
