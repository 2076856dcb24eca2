"""`make demo`: shows that a pod can assume the role of its ServiceAccount. Runs inside tests/world."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from pocket_eks.pods import pod_token, service_account_token

NAMESPACE, ACCOUNT = "web", "my-sa"
POLICY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
POD: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "app", "namespace": NAMESPACE},
    "spec": {"serviceAccountName": ACCOUNT, "containers": [{"name": "app", "image": "app"}]},
}


def main() -> int:
    say("A cluster, an AWS account with the OIDC provider of the cluster, and an empty namespace:")
    run("kubectl", "create", "namespace", NAMESPACE)

    say("One command creates the role and annotates the ServiceAccount:")
    create = ("kubectl", "iamsa", "create", ACCOUNT, "-p", POLICY, "-n", NAMESPACE)
    role_arn = run(*create).splitlines()[-1]

    say("The pod identity webhook of the cluster injects the role into a pod of the ServiceAccount:")
    run("kubectl", "apply", "-f", "-", stdin=json.dumps(POD))
    wanted = '{range .spec.containers[0].env[*]}{.name}={.value}{"\\n"}{end}'
    run("kubectl", "get", "pod", "app", "-n", NAMESPACE, "-o", f"jsonpath={wanted}")

    say("With the token of the pod, AWS allows it to assume the role...")
    print(f"  {exchange(role_arn, pod_token(os.environ, NAMESPACE, 'app'))}")
    say("...and rejects the token of any other ServiceAccount:")
    print(f"  {exchange(role_arn, service_account_token(os.environ, NAMESPACE, 'default'))}")

    say("Running the command again changes nothing:")
    run(*create)
    return 0


def say(text: str) -> None:
    print(f"\n# {text}", flush=True)


def run(*words: str, stdin: str = "") -> str:
    """Print a command and its output. Exit if it fails."""
    print(f"$ {shlex.join(words)}", flush=True)
    done = subprocess.run(words, input=stdin, text=True, stdout=subprocess.PIPE, check=False)
    print(done.stdout, end="", flush=True)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def exchange(role_arn: str, token: str) -> str:
    """Return the result of AssumeRoleWithWebIdentity: the assumed role, or the error."""
    sts = boto3.client("sts", config=Config(signature_version=UNSIGNED))
    try:
        answer = sts.assume_role_with_web_identity(
            RoleArn=role_arn, RoleSessionName="demo", WebIdentityToken=token
        )
    except ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
    return f"assumed {answer['AssumedRoleUser']['Arn']}"


if __name__ == "__main__":
    sys.exit(main())
