"""The environment of a command in a world."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from pocket_eks.ports import HOST

# An example from the AWS documentation, which scanners do not report as a secret.
ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

# The administrator of the account, to whom no policy applies.
ADMIN_ACCESS_KEY = "AKIAI44QH8DHBEXAMPLE"
ADMIN_SECRET_KEY = "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"

# The caller's variables that could lead a command to a real account or cluster, or change its settings.
FOREIGN = ("AWS_", "BOTO_", "KUBECTL_", "KUBERNETES_", "K8S_", "WORLD_")
FOREIGN_NAMES = {"KUBECONFIG", "KUBERC", "KUBECACHEDIR"}
ADAPTED = ("PATH", "NO_PROXY", "no_proxy")  # variables that a world extends


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the caller's environment without the variables that name an AWS account or a cluster."""
    return {
        key: value
        for key, value in environ.items()
        if not key.startswith(FOREIGN) and key not in FOREIGN_NAMES
    }


def world_variables(
    directory: Path, *, aws: str, control: str, cluster: str, account: str, region: str
) -> dict[str, str]:
    """Return the variables that a world sets. `aws` and `control` are URLs.

    AWS_ACCESS_KEY_ID is the user's: if a policy is set, the gate authorizes its calls.
    WORLD_ADMIN_ACCESS_KEY_ID
    is the administrator's, for the setup of a test.
    """
    return {
        "KUBECONFIG": str(directory / "kubeconfig"),
        "WORLD_KUBECONFIG_NARROW": str(directory / "kubeconfig-narrow"),
        "AWS_ENDPOINT_URL": aws,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_DEFAULT_REGION": region,
        "WORLD_ADMIN_ACCESS_KEY_ID": ADMIN_ACCESS_KEY,
        "WORLD_ADMIN_SECRET_ACCESS_KEY": ADMIN_SECRET_KEY,
        "WORLD_CONTROL": control,
        "WORLD_CLUSTER": cluster,
        "WORLD_ACCOUNT": account,
        # Keep the user's AWS profiles and the role of an EC2 instance out of reach.
        "AWS_CONFIG_FILE": str(directory / "no-aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(directory / "no-aws-credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        # Otherwise kubectl caches discovery in ~/.kube, and reads the user's preferences there.
        "KUBECACHEDIR": str(directory / "kubectl-cache"),
        "KUBERC": "off",
    }


def in_world(
    variables: Mapping[str, str], programs: Sequence[Path], environ: Mapping[str, str]
) -> dict[str, str]:
    """Return the complete environment of a subprocess in the world, based on the caller's `environ`.

    `programs` are directories that are first on PATH.
    """
    env = clean(environ)
    first = [str(directory) for directory in programs]
    others = env.get("PATH", os.defpath).split(os.pathsep)
    path = os.pathsep.join([*first, *(item for item in others if item not in first)])
    return env | {**variables, **without_proxy(env), "PATH": path}


def without_proxy(env: Mapping[str, str]) -> dict[str, str]:
    """Return NO_PROXY and no_proxy with the loopback address, for which Python's clients use a proxy too."""
    listed = (env.get("no_proxy") or env.get("NO_PROXY") or "").split(",")
    value = ",".join(dict.fromkeys(filter(None, [*listed, HOST, "localhost"])))
    return {"NO_PROXY": value, "no_proxy": value}
