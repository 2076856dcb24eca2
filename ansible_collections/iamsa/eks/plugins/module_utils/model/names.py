# SPDX-License-Identifier: GPL-3.0-or-later

"""Validates the names that users give, before any call, and derives the names of roles.

Sources: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ (a namespace is a DNS label,
a ServiceAccount a DNS subdomain), the patterns in IAM's and EKS's API models, and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import base64
import hashlib
import re

from ..errors import InvalidValue, excerpt, quoted
from ..identity.arn import LONGEST_PATH, LONGEST_ROLE_NAME, REGION, ROLE_NAME, Arn, parse_role_arn
from ..identity.keys import boundary_tag
from ..identity.subject import Subject
from ..policy.reference import check_policy_arn
from ..wording.text import Option, Sentence

_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_NAMESPACE = re.compile(_LABEL)
_SERVICE_ACCOUNT = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PATH = re.compile(r"/|/[!-~]+/")
_CLUSTER = re.compile(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")
_RESERVED_PATHS = ("/aws-service-role/", "/aws-reserved/")

_LONGEST_GEN3_NAME = 63
_LONGEST_TAG = 256
_HASH_CHARACTERS = 10


def check_namespace(value: str, field: Sentence = Option("namespace")) -> str:
    """`value`, if it is a valid name of a namespace; raises InvalidValue."""
    rule = "lowercase letters, digits and '-', starting and ending with a letter or digit"
    return _kubernetes_name(value, field, _NAMESPACE, 63, rule)


def check_workload(value: str, kind: str) -> str:
    """`value`, if it is a valid name of a pod or of a workload such as a Deployment; raises InvalidValue."""
    return check_service_account(value, f"the {kind}'s name")


def check_service_account(value: str, field: Sentence = "the ServiceAccount's name") -> str:
    """`value`, if it is a valid name of a ServiceAccount, a DNS subdomain; raises InvalidValue."""
    rule = "lowercase letters, digits, '-' and '.', starting and ending with a letter or digit"
    return _kubernetes_name(value, field, _SERVICE_ACCOUNT, 253, rule)


def check_role_name(value: str, field: Sentence = Option("role_name")) -> str:
    """`value`, if it is a valid role name without a path; raises InvalidValue."""
    if ROLE_NAME.fullmatch(value):
        return value
    _refuse_empty(value, field, "specify the role's name")
    arn = Arn.parse(value)
    if arn and arn.service == "iam" and arn.kind == "role":
        alone = f"use {quoted(arn.name)}" if parse_role_arn(value) else "specify the role's name"
        raise InvalidValue(field, excerpt(value), "must be a name, not an ARN", remedy=alone)
    _refuse_long(value, field, LONGEST_ROLE_NAME)
    raise InvalidValue(
        field,
        value,
        "must contain only letters, digits and _ + = , . @ -",
        remedy="remove the other characters"
        + (", and use " + Option("path") + " for a path" if "/" in value else ""),
    )


def is_reserved_path(path: str) -> bool:
    """Whether only AWS can create roles under `path`."""
    return path.startswith(_RESERVED_PATHS)


def check_path(value: str, field: Sentence = Option("path")) -> str:
    """`value`, if it is a valid path of a role, such as /team/; raises InvalidValue."""
    _refuse_empty(value, field, "use / for the root, or a path such as /team/")
    _refuse_long(value, field, LONGEST_PATH)
    if is_reserved_path(value):
        raise InvalidValue(field, value, "must not be a path that AWS reserves", remedy="choose another path")
    if _PATH.fullmatch(value):
        return value
    corrected = f"/{value.strip().strip('/')}/"
    if _PATH.fullmatch(corrected) and len(corrected) <= LONGEST_PATH:
        raise InvalidValue(
            field, value, "must begin and end with /", remedy=f"use {quoted(excerpt(corrected))}"
        )
    raise InvalidValue(
        field,
        value,
        "must contain only printable ASCII characters without spaces",
        remedy="use a path such as /team/",
    )


def check_cluster_name(value: str, field: Sentence = Option("cluster_name")) -> str:
    """`value`, if it is a valid name of an EKS cluster; raises InvalidValue."""
    if _CLUSTER.fullmatch(value):
        return value
    _refuse_empty(value, field, "specify the EKS cluster's name")
    arn = Arn.parse(value)
    if arn and arn.service == "eks" and arn.kind == "cluster":
        is_name = _CLUSTER.fullmatch(arn.name)
        alone = f"use {quoted(arn.name)}" if is_name else "specify the EKS cluster's name"
        raise InvalidValue(field, excerpt(value), "must be a name, not an ARN", remedy=alone)
    raise InvalidValue(
        field,
        excerpt(value),
        "must be the name of an EKS cluster",
        remedy="use up to 100 letters, digits, '-' and '_', starting with a letter or digit",
    )


def is_region(value: str) -> bool:
    """Whether `value` has the form of an AWS region's name; the region need not exist."""
    return REGION.fullmatch(value) is not None


def check_region(value: str, field: Sentence = Option("region")) -> str:
    """`value`, if it has the form of an AWS region's name; raises InvalidValue."""
    if is_region(value):
        return value
    _refuse_empty(value, field, "use a region such as us-east-1")
    corrected = value.strip().lower()
    zone = re.fullmatch(rf"({REGION.pattern})[a-z]", corrected)
    if zone:
        raise InvalidValue(
            field, value, "must be a region, not an availability zone", remedy=f"use {zone.group(1)}"
        )
    remedy = f"use {corrected}" if REGION.fullmatch(corrected) else "use a region such as us-east-1"
    raise InvalidValue(field, excerpt(value), "must be an AWS region", remedy=remedy)


def check_boundary(value: str, field: Sentence = Option("permissions_boundary")) -> str:
    """`value`, if it is the ARN of a policy that fits into a tag of the role; raises InvalidValue."""
    _refuse_empty(value, field, "specify the ARN of a policy")
    arn = str(check_policy_arn(value, field))
    if len(boundary_tag(arn)) > _LONGEST_TAG:
        raise InvalidValue(
            field,
            excerpt(value),
            f"must fit into a tag of the role, in which iamsa records it: at most {_LONGEST_TAG} characters",
            remedy="use a policy with a shorter path",
        )
    return arn


def derived_role_name(account: str, region: str, cluster: str, subject: Subject) -> str:
    """The role name that is unique to this ServiceAccount, such as `iamsa-prod-web-app-k3qv2n7yxa`.

    Names in readable form, shortened if necessary, then a hash of the account, region, cluster, namespace and
    ServiceAccount. All in lowercase, because IAM's names are unique regardless of case.
    """
    identity = (account, region, cluster, subject.namespace, subject.name)
    spelled = "".join(f"{len(part)}:{part}," for part in identity)
    digest = base64.b32encode(hashlib.sha256(spelled.encode()).digest()).decode().lower()[:_HASH_CHARACTERS]
    words = [_readable(part) for part in (cluster, subject.namespace, subject.name)]
    room = LONGEST_ROLE_NAME - len("iamsa----") - _HASH_CHARACTERS
    return "-".join(("iamsa", *_fit(words, room), digest))


def gen3_role_name(cluster: str, service_account: str) -> str:
    """The role name that `gen3 iam-serviceaccount` uses. It is truncated, so two names may collide."""
    return f"{cluster}-{service_account}-role"[:_LONGEST_GEN3_NAME]


def _kubernetes_name(value: str, field: Sentence, rule: re.Pattern[str], longest: int, words: str) -> str:
    if rule.fullmatch(value) and len(value) <= longest:
        return value
    _refuse_empty(value, field, f"use {words}")
    _refuse_long(value, field, longest)
    corrected = value.strip().strip(".-").lower().replace("_", "-")
    remedy = f"use {quoted(corrected)}" if rule.fullmatch(corrected) else f"use {words}"
    raise InvalidValue(field, excerpt(value), "must be a valid Kubernetes name", remedy=remedy)


def _refuse_empty(value: str, field: Sentence, remedy: str) -> None:
    if not value.strip():
        raise InvalidValue(field, excerpt(value), "must not be empty", remedy=remedy)


def _refuse_long(value: str, field: Sentence, longest: int) -> None:
    if len(value) > longest:
        problem = f"must be at most {longest} characters, got {len(value)}"
        raise InvalidValue(field, excerpt(value), problem, remedy="shorten it")


def _readable(part: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") or "x"


def _fit(words: list[str], room: int) -> list[str]:
    """`words`, shortened to `room` characters in total, the longest first."""
    while sum(map(len, words)) > room:
        longest = max(range(len(words)), key=lambda index: len(words[index]))
        words = [*words[:longest], words[longest][:-1], *words[longest + 1 :]]
    return [word.rstrip("-") or "x" for word in words]
