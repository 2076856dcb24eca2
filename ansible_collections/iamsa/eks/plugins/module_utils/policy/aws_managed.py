# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS managed policies: their paths, and suggestions for mistyped names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

# A policy name is looked up under each of these paths. AWS has two more, whose policies are not for service
# accounts: /aws-service-role/ (for service-linked roles only) and /root-task/ (for sts:AssumeRoot sessions).
# Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
AWS_MANAGED_PATHS = ("/", "/service-role/", "/job-function/")

COMMON_AWS_POLICIES = (
    "AmazonAthenaFullAccess",
    "AmazonBedrockFullAccess",
    "AmazonBedrockReadOnly",
    "AmazonDynamoDBFullAccess",
    "AmazonDynamoDBReadOnlyAccess",
    "AmazonEBSCSIDriverPolicy",
    "AmazonEC2ContainerRegistryPowerUser",
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonEC2ReadOnlyAccess",
    "AmazonEFSCSIDriverPolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonElastiCacheReadOnlyAccess",
    "AmazonElasticFileSystemClientReadWriteAccess",
    "AmazonFSxFullAccess",
    "AmazonKinesisFirehoseFullAccess",
    "AmazonKinesisFullAccess",
    "AmazonKinesisReadOnlyAccess",
    "AmazonPrometheusFullAccess",
    "AmazonPrometheusQueryAccess",
    "AmazonPrometheusRemoteWriteAccess",
    "AmazonRDSReadOnlyAccess",
    "AmazonRoute53FullAccess",
    "AmazonRoute53ReadOnlyAccess",
    "AmazonS3FullAccess",
    "AmazonS3ReadOnlyAccess",
    "AmazonSESFullAccess",
    "AmazonSNSFullAccess",
    "AmazonSNSReadOnlyAccess",
    "AmazonSQSFullAccess",
    "AmazonSQSReadOnlyAccess",
    "AmazonSSMManagedInstanceCore",
    "AmazonSSMReadOnlyAccess",
    "AmazonSageMakerFullAccess",
    "AWSCertificateManagerReadOnly",
    "AWSKeyManagementServicePowerUser",
    "AWSLambdaRole",
    "AWSMarketplaceMeteringRegisterUsage",
    "AWSStepFunctionsFullAccess",
    "AWSXRayDaemonWriteAccess",
    "AdministratorAccess",
    "AutoScalingFullAccess",
    "CloudWatchAgentServerPolicy",
    "CloudWatchFullAccess",
    "CloudWatchLogsFullAccess",
    "CloudWatchLogsReadOnlyAccess",
    "CloudWatchReadOnlyAccess",
    "ElasticLoadBalancingFullAccess",
    "PowerUserAccess",
    "ReadOnlyAccess",
    "SecretsManagerReadWrite",
    "ViewOnlyAccess",
)


def near(name: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """Up to three of `candidates` that are similar to `name`, most similar first; ignores case."""
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    found = difflib.get_close_matches(name.lower(), list(by_lower), n=3, cutoff=0.75)
    return tuple(by_lower[match] for match in found)
