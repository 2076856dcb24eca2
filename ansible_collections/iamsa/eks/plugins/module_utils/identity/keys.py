# SPDX-License-Identifier: GPL-3.0-or-later

"""Every tag and annotation key, and the fixed words of AWS and Kubernetes that iamsa writes.

Sources: the annotations of https://github.com/aws/amazon-eks-pod-identity-webhook and
https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
"""

from __future__ import annotations

MANAGER = "iamsa"


# Tags on the role: together they say who owns it.
TAG_PREFIX = "iamsa/"


TAG_MANAGER = "iamsa/manager"


TAG_CLUSTER = "iamsa/cluster"


TAG_ISSUER = "iamsa/issuer"


TAG_NAMESPACE = "iamsa/namespace"


TAG_SERVICE_ACCOUNT = "iamsa/service-account"


TAG_BOUNDARY = "iamsa/permissions-boundary"


# Which policies iamsa has put on the role, one tag each: see policy/attached_by_us.py.
TAG_POLICY_PREFIX = "iamsa/policy/"


# The role was there before iamsa: delete leaves it unless told otherwise.
TAG_ADOPTED = "iamsa/adopted"


# How other tools mark what is theirs: a tag's key starts so, or its value is that word.
FOREIGN_TOOLS = (
    ("alpha.eksctl.io/", "eksctl"),
    ("eksctl.cluster.k8s.io/", "eksctl"),
    ("eksctl", "eksctl"),
    ("aws:cloudformation:", "CloudFormation"),
    ("cloudformation", "CloudFormation"),
    ("terraform", "Terraform"),
)


# Annotations on the ServiceAccount that the pod identity webhook reads.
ANNOTATION_ROLE_ARN = "eks.amazonaws.com/role-arn"


ANNOTATION_AUDIENCE = "eks.amazonaws.com/audience"


ANNOTATION_STS_REGIONAL = "eks.amazonaws.com/sts-regional-endpoints"


ANNOTATION_TOKEN_EXPIRATION = "eks.amazonaws.com/token-expiration"


# Our own: says that iamsa made this very ServiceAccount, so that a copy of it does not count as ours.
ANNOTATION_MARKER = "iamsa/created-for"


# The role that a delete has begun to take away, so that an interrupted one finds it again.
ANNOTATION_RECORD = "iamsa/deleting-role"


MANAGED_ANNOTATIONS = (
    ANNOTATION_ROLE_ARN,
    ANNOTATION_AUDIENCE,
    ANNOTATION_STS_REGIONAL,
    ANNOTATION_TOKEN_EXPIRATION,
    ANNOTATION_MARKER,
    ANNOTATION_RECORD,
)


DEFAULT_AUDIENCE = "sts.amazonaws.com"


DEFAULT_PATH = "/iamsa/"


DEFAULT_MAX_SESSION = 3600


FIELD_MANAGER = "kubectl-iamsa"


ACTION_WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"


POLICY_VERSION = "2012-10-17"


def boundary_tag(arn: str) -> str:
    """The boundary as a tag's value: policy names may hold a comma, which tags may not."""
    return arn.replace(",", ":comma:")


def boundary_of_tag(value: str) -> str:
    return value.replace(":comma:", ",")
