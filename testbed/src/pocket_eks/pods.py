"""Does what a kubelet would do for a pod."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping


def pod_token(environ: Mapping[str, str], namespace: str, pod: str) -> str:
    """Return the token that the pod would find in its `aws-iam-token` volume.

    It is bound to the pod, with the audience and lifetime of the volume.

    Raises:
        LookupError: the pod has no such volume.
        subprocess.CalledProcessError: kubectl failed.
    """
    spec = json.loads(kubectl(environ, "get", "pod", pod, "-n", namespace, "-o", "json"))["spec"]
    for volume in spec["volumes"]:
        if volume["name"] == "aws-iam-token":
            wanted = volume["projected"]["sources"][0]["serviceAccountToken"]
            break
    else:
        raise LookupError(f"pod {namespace}/{pod} has no volume aws-iam-token")
    return service_account_token(
        environ,
        namespace,
        spec["serviceAccountName"],
        audience=wanted["audience"],
        pod=pod,
        seconds=wanted["expirationSeconds"],
    )


def service_account_token(
    environ: Mapping[str, str],
    namespace: str,
    service_account: str,
    *,
    audience: str = "sts.amazonaws.com",
    pod: str | None = None,
    seconds: int = 86400,
) -> str:
    """Return a token of a ServiceAccount, bound to `pod` if it is set.

    Raises:
        subprocess.CalledProcessError: kubectl failed.
    """
    words = ["create", "token", service_account, "-n", namespace]
    words += [f"--audience={audience}", f"--duration={seconds}s"]
    if pod is not None:
        words += ["--bound-object-kind=Pod", f"--bound-object-name={pod}"]
    return kubectl(environ, *words).strip()


def kubectl(environ: Mapping[str, str], *words: str) -> str:
    """Run kubectl, and return its stdout.

    Raises:
        subprocess.CalledProcessError: kubectl failed. The error has its stderr.
    """
    done = subprocess.run(["kubectl", *words], env=environ, capture_output=True, text=True, check=True)
    return done.stdout
