# SPDX-License-Identifier: GPL-3.0-or-later

"""Bearer tokens for the API server of an EKS cluster, like those of `aws eks get-token`.

A token is a presigned GetCallerIdentity URL with the cluster's name in a signed header:
https://github.com/kubernetes-sigs/aws-iam-authenticator
"""

from __future__ import annotations

import base64

from .call import translated
from .session import AwsSession

PREFIX = "k8s-aws-v1."
CLUSTER_HEADER = "x-k8s-aws-id"
# The lifetime in the URL. EKS accepts the token for 15 minutes anyway.
SECONDS = 60


def eks_token(session: AwsSession, cluster: str) -> str:
    """A token for the cluster of this name, valid for 15 minutes; makes no call except for credentials.

    Raises:
        Unlocated, RemoteError: there are no credentials, or they cannot be used.
    """
    meta = session.sts.meta
    with translated("signing the token for the API server"):
        url: str = session.sts_signer().generate_presigned_url(
            {
                "method": "GET",
                "url": f"{meta.endpoint_url}/?Action=GetCallerIdentity&Version=2011-06-15",
                "body": {},
                "headers": {CLUSTER_HEADER: cluster},
                "context": {},
            },
            region_name=meta.region_name,
            expires_in=SECONDS,
            operation_name="",
        )
    return PREFIX + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")
