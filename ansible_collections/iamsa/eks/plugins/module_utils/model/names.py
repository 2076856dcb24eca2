# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that the user types, checked before anything is asked; and the names that roles are given.

Sources: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ (namespaces are labels,
ServiceAccounts subdomains), the patterns in IAM's and EKS's API models, and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import base64
import hashlib
import re

from ..errors import InvalidValue, excerpt
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
    rule = "lower-case letters, digits and '-', beginning and ending with a letter or digit"
    return _kubernetes_name(value, field, _NAMESPACE, 63, rule)


def check_workload(value: str, kind: str) -> str:
    """The name of a pod, or of what makes pods."""
    return check_service_account(value, f"the {kind}'s name")


def check_service_account(value: str, field: Sentence = "the ServiceAccount's name") -> str:
    """The name of a ServiceAccount, which is a DNS subdomain."""
    rule = "lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit"
    return _kubernetes_name(value, field, _SERVICE_ACCOUNT, 253, rule)


def check_role_name(value: str, field: Sentence = Option("role_name")) -> str:
    if ROLE_NAME.fullmatch(value):
        return value
    _refuse_empty(value, field, "give the role's name")
    arn = Arn.parse(value)
    if arn and arn.service == "iam" and arn.kind == "role":
        alone = f"give the name alone: {arn.name!r}" if parse_role_arn(value) else "give the role's name"
        raise InvalidValue(field, excerpt(value), "is an ARN", remedy=alone)
    if len(value) > LONGEST_ROLE_NAME:
        raise InvalidValue(
            field,
            excerpt(value),
            f"has {len(value)} characters, and IAM allows {LONGEST_ROLE_NAME}",
            remedy="shorten it",
        )
    raise InvalidValue(
        field,
        value,
        "is not a role name",
        remedy="use the characters A-Z a-z 0-9 _ + = , . @ -"
        + (", and " + Option("path") + " for a path" if "/" in value else ""),
    )


def is_reserved_path(path: str) -> bool:
    """Whether only AWS itself makes roles there."""
    return path.startswith(_RESERVED_PATHS)


def check_path(value: str, field: Sentence = Option("path")) -> str:
    _refuse_empty(value, field, "write / for the root, or a path such as /team/")
    if len(value) > LONGEST_PATH:
        raise InvalidValue(
            field,
            excerpt(value),
            f"has {len(value)} characters, and IAM allows {LONGEST_PATH}",
            remedy="shorten it",
        )
    if is_reserved_path(value):
        raise InvalidValue(field, value, "is reserved by AWS", remedy="choose another path")
    if _PATH.fullmatch(value):
        return value
    mended = f"/{value.strip().strip('/')}/"
    if _PATH.fullmatch(mended) and len(mended) <= LONGEST_PATH:
        raise InvalidValue(
            field, value, "does not begin and end with a slash", remedy=f"write {excerpt(mended)!r}"
        )
    raise InvalidValue(
        field,
        value,
        "is not an IAM path",
        remedy="use printable ASCII characters without spaces, as in /team/",
    )


def check_cluster_name(value: str, field: Sentence = Option("cluster_name")) -> str:
    if _CLUSTER.fullmatch(value):
        return value
    _refuse_empty(value, field, "give the EKS cluster's name")
    arn = Arn.parse(value)
    if arn and arn.service == "eks" and arn.kind == "cluster":
        is_name = _CLUSTER.fullmatch(arn.name)
        alone = f"give the name alone: {arn.name!r}" if is_name else "give the EKS cluster's name"
        raise InvalidValue(field, excerpt(value), "is an ARN", remedy=alone)
    raise InvalidValue(
        field,
        excerpt(value),
        "is not an EKS cluster's name",
        remedy="use up to 100 letters, digits, '-' and '_', beginning with a letter or digit",
    )


def is_region(value: str) -> bool:
    """Whether it looks like the name of an AWS region."""
    return REGION.fullmatch(value) is not None


def check_region(value: str, field: Sentence = Option("region")) -> str:
    if is_region(value):
        return value
    _refuse_empty(value, field, "write one such as us-east-1")
    mended = value.strip().lower()
    zone = re.fullmatch(rf"({REGION.pattern})[a-z]", mended)
    if zone:
        raise InvalidValue(field, value, "is an availability zone", remedy=f"write {zone.group(1)}")
    remedy = f"write {mended}" if REGION.fullmatch(mended) else "write one such as us-east-1"
    raise InvalidValue(field, excerpt(value), "is not an AWS region", remedy=remedy)


def check_boundary(value: str, field: Sentence = Option("permissions_boundary")) -> str:
    _refuse_empty(value, field, "give a policy's ARN")
    arn = str(check_policy_arn(value, field))
    if len(boundary_tag(arn)) > _LONGEST_TAG:
        raise InvalidValue(
            field,
            excerpt(value),
            f"is too long: iamsa records it in a tag of the role, and a tag holds {_LONGEST_TAG} characters",
            remedy="give a policy with a shorter path",
        )
    return arn


def derived_role_name(account: str, region: str, cluster: str, subject: Subject) -> str:
    """The name of the role that belongs to this ServiceAccount and to no other.

    Readable words first, as many as fit, then a hash of all that tells ServiceAccounts apart. Lower case,
    because IAM's names are unique regardless of case.
    """
    told_apart_by = (account, region, cluster, subject.namespace, subject.name)
    spelled = "".join(f"{len(part)}:{part}," for part in told_apart_by)
    digest = base64.b32encode(hashlib.sha256(spelled.encode()).digest()).decode().lower()[:_HASH_CHARACTERS]
    words = [_readable(part) for part in (cluster, subject.namespace, subject.name)]
    room = LONGEST_ROLE_NAME - len("iamsa----") - _HASH_CHARACTERS
    return "-".join(("iamsa", *_fit(words, room), digest))


def gen3_role_name(cluster: str, service_account: str) -> str:
    """The name that `gen3 iam-serviceaccount` gives the role, which is cut and may collide."""
    return f"{cluster}-{service_account}-role"[:_LONGEST_GEN3_NAME]


def _kubernetes_name(value: str, field: Sentence, rule: re.Pattern[str], longest: int, words: str) -> str:
    if rule.fullmatch(value) and len(value) <= longest:
        return value
    _refuse_empty(value, field, f"use {words}")
    if len(value) > longest:
        raise InvalidValue(
            field,
            excerpt(value),
            f"has {len(value)} characters, and Kubernetes allows {longest}",
            remedy="shorten it",
        )
    mended = value.strip().strip(".-").lower().replace("_", "-")
    remedy = f"write {mended!r}" if rule.fullmatch(mended) else f"use {words}"
    raise InvalidValue(field, excerpt(value), "is no name that Kubernetes accepts", remedy=remedy)


def _refuse_empty(value: str, field: Sentence, remedy: str) -> None:
    if not value.strip():
        raise InvalidValue(field, excerpt(value), "is empty", remedy=remedy)


def _readable(part: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") or "x"


def _fit(words: list[str], room: int) -> list[str]:
    """The words, the longest cut first until all have room together."""
    while sum(map(len, words)) > room:
        longest = max(range(len(words)), key=lambda index: len(words[index]))
        words = [*words[:longest], words[longest][:-1], *words[longest + 1 :]]
    return [word.rstrip("-") or "x" for word in words]
