"""The least that `create` can cost in Python: what has to be loaded, and the calls that wait for one another.

It stands on PATH as `kubectl-floor`: `kubectl floor first NAME` or `kubectl floor again NAME`. No option, no
check, no plan, no message, no error handling; the calls that iamsa makes beside others are left out.
"""

import base64
import contextlib
import json
import os
import ssl
import subprocess
import sys
from typing import Any

import urllib3
import yaml
from botocore.config import Config
from botocore.session import Session

POLICY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


def main(mode: str, name: str) -> None:
    with open(os.environ["KUBECONFIG"]) as file:
        kubeconfig = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    session, config = Session(), Config(retries={"mode": "standard"})
    eks: Any = session.create_client("eks", config=config)
    cluster = eks.describe_cluster(name="demo")["cluster"]
    iam: Any = session.create_client("iam", config=config)
    account, host = (
        cluster["arn"].split(":")[4],
        cluster["identity"]["oidc"]["issuer"].removeprefix("https://"),
    )
    arn = f"arn:aws:iam::{account}:role/iamsa/floor-{name}"
    if mode == "again":
        iam.get_role(RoleName=f"floor-{name}")
        return
    with contextlib.suppress(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName=f"floor-{name}")
    kubernetes = Kubernetes(kubeconfig)
    body = {"metadata": {"name": name, "annotations": {"eks.amazonaws.com/role-arn": arn}}}
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{account}:oidc-provider/{host}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{host}:aud": "sts.amazonaws.com",
                f"{host}:sub": f"system:serviceaccount:default:{name}",
            }
        },
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.create_role(RoleName=f"floor-{name}", Path="/iamsa/", AssumeRolePolicyDocument=trust)
    iam.attach_role_policy(RoleName=f"floor-{name}", PolicyArn=POLICY)
    kubernetes.post(body)
    iam.get_role(RoleName=f"floor-{name}")


class Kubernetes:
    """The API server of a kubeconfig with one cluster and one user, who has an exec plugin."""

    def __init__(self, kubeconfig: dict[str, Any]) -> None:
        cluster = kubeconfig["clusters"][0]["cluster"]
        context = ssl.create_default_context(
            cadata=base64.b64decode(cluster["certificate-authority-data"]).decode()
        )
        plugin = kubeconfig["users"][0]["user"]["exec"]
        told = subprocess.run([plugin["command"], *plugin["args"]], capture_output=True, check=True).stdout
        self.headers = {"Authorization": f"Bearer {json.loads(told)['status']['token']}"}
        self.url = f"{cluster['server']}/api/v1/namespaces/default/serviceaccounts"
        self.pool = urllib3.PoolManager(ssl_context=context)

    def post(self, body: dict[str, Any]) -> None:
        done = self.pool.request("POST", self.url, json=body, headers=self.headers)
        assert done.status == 201, done.data


if __name__ == "__main__":
    main(*sys.argv[1:])
