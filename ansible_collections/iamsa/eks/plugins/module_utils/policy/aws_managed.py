# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS's own managed policies: where they live, and the names that people mean when they mistype one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

# A name alone is looked up under each of these. AWS keeps two more paths whose policies are not for
# service accounts: /aws-service-role/ (nobody may attach them) and /root-task/ (sessions of sts:AssumeRoot).
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
    """At most three of `candidates` that `name` may be a slip for, the nearest first; case counts little."""
    by_lower = {candidate.lower(): candidate for candidate in candidates}
    found = difflib.get_close_matches(name.lower(), list(by_lower), n=3, cutoff=0.75)
    return tuple(by_lower[match] for match in found)
