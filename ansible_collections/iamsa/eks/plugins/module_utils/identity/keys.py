# SPDX-License-Identifier: GPL-3.0-or-later

"""Every tag and annotation key, and the constants of AWS and Kubernetes that iamsa writes.

Sources: the annotations of https://github.com/aws/amazon-eks-pod-identity-webhook and
https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
"""

from __future__ import annotations

MANAGER = "iamsa"


# Tags on the role, which together record its owner.
TAG_PREFIX = "iamsa/"


TAG_MANAGER = "iamsa/manager"


TAG_CLUSTER = "iamsa/cluster"


TAG_ISSUER = "iamsa/issuer"


TAG_NAMESPACE = "iamsa/namespace"


TAG_SERVICE_ACCOUNT = "iamsa/service-account"


TAG_BOUNDARY = "iamsa/permissions-boundary"


# One tag for each policy that iamsa attached to the role: see policy/attached_by_us.py.
TAG_POLICY_PREFIX = "iamsa/policy/"


# The role existed before iamsa: delete keeps it unless told otherwise.
TAG_ADOPTED = "iamsa/adopted"


# The prefixes of tags that only AWS and iamsa set.
RESERVED_TAGS = ("aws:", TAG_PREFIX)


# How other tools tag their roles: by the prefix of a tag's key, or by a tag's value.
OTHER_TOOLS = (
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


# iamsa's own: identifies the ServiceAccount that iamsa created, so that a copy of it is not taken for it.
ANNOTATION_MARKER = "iamsa/created-for"


# The role that a delete is removing, so that the next run finds it if the delete is interrupted.
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
    """The boundary's ARN as a tag's value: a policy name may contain a comma, but a tag must not."""
    return arn.replace(",", ":comma:")


def boundary_of_tag(value: str) -> str:
    """The boundary's ARN from the tag's value."""
    return value.replace(":comma:", ",")
