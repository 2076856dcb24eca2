# SPDX-License-Identifier: GPL-3.0-or-later

"""Amazon Resource Names (ARNs), partitions, regions, and valid role names."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..errors import quoted

# By partition: the DNS suffix, and the suffix of dual-stack endpoints.
DNS_SUFFIXES = {
    "aws": ("amazonaws.com", "api.aws"),
    "aws-cn": ("amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    "aws-eusc": ("amazonaws.eu", "api.amazonwebservices.eu"),
    "aws-iso": ("c2s.ic.gov", "api.aws.ic.gov"),
    "aws-iso-b": ("sc2s.sgov.gov", "api.aws.scloud"),
    "aws-iso-e": ("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    "aws-iso-f": ("csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    "aws-us-gov": ("amazonaws.com", "api.aws"),
}

REGION = re.compile(r"[a-z]{2,5}(?:-[a-z]{2,20}){1,3}-[0-9]{1,2}")

_ARN = re.compile(
    r"arn:(?P<partition>aws[a-z0-9-]*):(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9-]*):(?P<account>\d{12}|aws|)"
    r":(?P<resource>[^\s\x00-\x1f\x7f]+)",
    re.ASCII,
)
LONGEST_ROLE_NAME, LONGEST_PATH = 64, 512
ROLE_NAME = re.compile(rf"[A-Za-z0-9_+=,.@-]{{1,{LONGEST_ROLE_NAME}}}")
_ROLE = re.compile(rf"role/(?:[!-~]+/)?{ROLE_NAME.pattern}")


class Arn(NamedTuple):
    """An Amazon Resource Name in its six parts.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Arn | None:
        """The parts of `text`; None if it is not an ARN."""
        match = _ARN.fullmatch(text)
        return cls(**match.groupdict()) if match else None

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"

    @property
    def kind(self) -> str:
        """The resource type: `role` for `role/team/app`."""
        return self.resource.partition("/")[0]

    @property
    def name(self) -> str:
        """The last part of the resource: `app` for `role/team/app`."""
        return self.resource.rpartition("/")[2]

    @property
    def path(self) -> str:
        """The IAM path between type and name, with both slashes: `/team/` for `role/team/app`."""
        middle = self.resource[len(self.kind) : len(self.resource) - len(self.name)]
        return middle or "/"


def parse_role_arn(text: str) -> Arn | None:
    """The parts of a role's ARN; None if no role can have this ARN, so that IAM is not asked for it.

    Source: the patterns of roleNameType and pathType in
    https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
    """
    arn = Arn.parse(text)
    if not arn or (arn.service, arn.region) != ("iam", "") or not arn.account.isdigit():
        return None
    return arn if _ROLE.fullmatch(arn.resource) and len(arn.path) <= LONGEST_PATH else None


def role_arn_fault(text: str) -> str:
    """Why `text` is not the ARN of a role, as a predicate such as `is empty`; "" if it is one."""
    arn = Arn.parse(text)
    if parse_role_arn(text) or not text:
        return "" if text else "is empty"
    if not arn or (arn.service, arn.region, arn.kind) != ("iam", "", "role") or not arn.account.isdigit():
        return "is not the ARN of an IAM role"
    faults = (
        (not arn.name or "/" not in arn.resource, "has no role name"),
        (
            len(arn.name) > LONGEST_ROLE_NAME,
            f"has a role name of {len(arn.name)} characters, but IAM allows at most {LONGEST_ROLE_NAME}",
        ),
        (not ROLE_NAME.fullmatch(arn.name), f"has the invalid role name {quoted(arn.name)}"),
        (True, "has an invalid path"),
    )
    return next(words for wrong, words in faults if wrong)
