"""The environment that a command finds in a world."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from testbed.ports import HOST

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
COMMANDS = ("kubectl-iamsa", "kubectl_complete-iamsa")


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


def in_world(variables: Mapping[str, str], directory: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The caller's `environ` as it is in the world: all of it, as a subprocess wants it."""
    env = clean(environ)
    return env | {**variables, **without_proxy(env), "PATH": path(directory / "bin", env)}


def path(bin_directory: Path, env: Mapping[str, str]) -> str:
    others = env.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join([str(bin_directory), *(item for item in others if item != str(bin_directory))])


def link_commands(bin_directory: Path, kubectl: Path) -> None:
    """kubectl, and the project's commands where they are installed beside this Python."""
    bin_directory.mkdir()
    (bin_directory / "kubectl").symlink_to(kubectl)
    for name in COMMANDS:
        installed = shutil.which(name, path=str(Path(sys.executable).parent))
        if installed:
            (bin_directory / name).symlink_to(installed)


def without_proxy(env: Mapping[str, str]) -> dict[str, str]:
    """NO_PROXY and no_proxy with the loopback address added: Python's clients ask a proxy even for that."""
    listed = (env.get("no_proxy") or env.get("NO_PROXY") or "").split(",")
    value = ",".join(dict.fromkeys(filter(None, [*listed, HOST, "localhost"])))
    return {"NO_PROXY": value, "no_proxy": value}
