"""The service principals that exist.

AWS publishes no list of them. Most are in AWS managed policies, which come from moto. MORE has those that
only the User Guides of their services name. The regional form of a principal is valid, too.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pocket_eks.emulators import managed_policies

MORE = frozenset(
    (
        *("acm-pca", "airflow-env", "apprunner", "appstream", "appsync", "autoscaling-plans"),
        *("batchoperations.s3", "bcm-data-exports", "billingconsole", "build.apprunner", "cases"),
        *("ce", "chatbot", "chime", "cloudhsm", "codeconnections", "codedeploy", "codestar"),
        *("codestar-connections", "codestar-notifications", "cognito-sync", "comprehend"),
        *("comprehend.application-autoscaling", "credentials.deadline", "cur"),
        *("custom-resource.application-autoscaling", "datapipeline", "datasync", "deadline"),
        *("deepracer", "delivery.logs", "dlm", "dynamodb", "ebs", "ec2-instance-connect", "ecr"),
        *("edgelambda", "eks-fargate-pods", "eks-local-outposts", "eks-nodegroup"),
        *("elasticache.application-autoscaling", "elasticbeanstalk"),
        *("elasticmapreduce.application-autoscaling", "emr-serverless", "es", "events", "evidently"),
        *("fsx", "gamelift", "geo", "health", "iam", "identitystore", "importexport", "inspector"),
        *("iotanalytics", "iotevents", "iotthingsgraph", "ivs", "kafka.application-autoscaling"),
        *("kinesis", "kinesisanalytics", "kinesisvideo", "kms", "lambda.application-autoscaling"),
        *("lightsail", "location", "m2", "managedblockchain", "marketplace", "mediaimport"),
        *("medialive", "mediapackage", "mediapackagev2", "mediastore", "mediatailor"),
        *("metering-marketplace", "mobilehub", "monitoring", "monitoring.rds", "mwaa"),
        *("neptune.application-autoscaling", "nitro-enclaves", "oam", "opsworks", "opsworks-cm"),
        *("outposts", "pca-connector-ad", "pinpoint", "polly", "pullthroughcache.ecr", "qbusiness"),
        *("rekognition", "replicator.lambda", "resiliencehub", "route53", "rum"),
        *("s3-batch-operations", "s3-outposts", "sdb", "secretsmanager", "serverlessrepo", "signer"),
        *("signin", "sqs", "ssm-contacts", "ssm-incidents", "storagegateway", "sts", "support"),
        *("swf", "tasks.apprunner", "templates.ecr", "textract", "timestream", "transcribe"),
        *("translate", "trustedadvisor", "verifiedpermissions", "voiceconnector.chime", "voiceid"),
        *("vpc-flow-logs", "waf", "waf-regional", "wisdom", "workdocs", "workmail", "workspaces"),
        "xray",
    )
)
_SERVICE = re.compile(r"(?P<service>[a-z0-9.-]+?)(\.[a-z]{2}(-[a-z]+)+-\d)?\.amazonaws\.com(\.cn)?")
_NAMED = re.compile(r'"([a-z0-9.-]+)\.amazonaws\.com"')


def is_service(principal: str) -> bool:
    """Return whether a trust policy may name the principal."""
    found = _SERVICE.fullmatch(principal)
    return found is not None and (found["service"] in MORE or found["service"] in named_by_aws())


@cache
def named_by_aws() -> frozenset[str]:
    """Return the services that AWS managed policies name."""
    return frozenset(_NAMED.findall(Path(managed_policies()).read_text()))
