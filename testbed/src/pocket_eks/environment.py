"""The environment that a command finds in a world."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from pocket_eks.ports import HOST

# AWS's documentation shows this pair, so no scanner takes it for a secret.
ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

# The account's administrator, whom the gate never judges by a policy.
ADMIN_ACCESS_KEY = "AKIAI44QH8DHBEXAMPLE"
ADMIN_SECRET_KEY = "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"

# Whatever of the caller's could lead a command to a real account or cluster, or to other settings there.
FOREIGN = ("AWS_", "BOTO_", "KUBECTL_", "KUBERNETES_", "K8S_", "WORLD_")
FOREIGN_NAMES = {"KUBECONFIG", "KUBERC", "KUBECACHEDIR"}
ADAPTED = ("PATH", "NO_PROXY", "no_proxy")  # what a world adds to rather than sets


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without everything that names an AWS account or a cluster."""
    return {
        key: value
        for key, value in environ.items()
        if not key.startswith(FOREIGN) and key not in FOREIGN_NAMES
    }


def world_variables(
    directory: Path, *, aws: str, control: str, cluster: str, account: str, region: str
) -> dict[str, str]:
    """What a world sets, whoever calls; `aws` and `control` are URLs.

    AWS_ACCESS_KEY_ID is the user's: with a policy set, the gate judges its calls. WORLD_ADMIN_ACCESS_KEY_ID
    is the account's administrator's, for what a test arranges meanwhile.
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
        # The user's own profiles must be out of reach, and so must an instance's role.
        "AWS_CONFIG_FILE": str(directory / "no-aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(directory / "no-aws-credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        # kubectl would cache every world's discovery in ~/.kube, and read the user's preferences there.
        "KUBECACHEDIR": str(directory / "kubectl-cache"),
        "KUBERC": "off",
    }


def in_world(
    variables: Mapping[str, str], programs: Sequence[Path], environ: Mapping[str, str]
) -> dict[str, str]:
    """The caller's `environ` as it is in the world: all of it, as a subprocess wants it. `programs` are
    directories, first on PATH."""
    env = clean(environ)
    first = [str(directory) for directory in programs]
    others = env.get("PATH", os.defpath).split(os.pathsep)
    path = os.pathsep.join([*first, *(item for item in others if item not in first)])
    return env | {**variables, **without_proxy(env), "PATH": path}


def without_proxy(env: Mapping[str, str]) -> dict[str, str]:
    """NO_PROXY and no_proxy with the loopback address added: Python's clients ask a proxy even for that."""
    listed = (env.get("no_proxy") or env.get("NO_PROXY") or "").split(",")
    value = ",".join(dict.fromkeys(filter(None, [*listed, HOST, "localhost"])))
    return {"NO_PROXY": value, "no_proxy": value}
