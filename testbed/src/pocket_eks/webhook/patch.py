"""Computes the changes of the pod identity webhook to a pod, without I/O.

Follows the released behavior of amazon-eks-pod-identity-webhook with the settings of EKS: regional STS
endpoints by default, and the cluster's region. A Pod Identity association takes precedence over the
annotation: the pod gets the address of the agent, a token for the agent, and a label.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pocket_eks.webhook.csv_record import first_record

Json = dict[str, Any]

PREFIX = "eks.amazonaws.com"
VOLUME = "aws-iam-token"
MOUNT = "/var/run/secrets/eks.amazonaws.com/serviceaccount"
AGENT_VOLUME = "eks-pod-identity-token"
AGENT_MOUNT = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount"
DEFAULT_AUDIENCE = "sts.amazonaws.com"
DEFAULT_EXPIRATION, LEAST_EXPIRATION = 86400, 600  # seconds
INTEGER = re.compile(r"[+-]?[0-9]+")
MOST_DIGITS = 4000
"""Python reads no longer ones; only zeros would make one a number of 64 bits."""
TRUE = {"1", "t", "T", "true", "TRUE", "True"}
FALSE = {"0", "f", "F", "false", "FALSE", "False"}


@dataclass(frozen=True)
class Identity:
    """One of the two ways to get a role: its variables, and the volume, mount and audience of its token."""

    variables: Mapping[str, str]
    volume: str
    mount: str
    token_path: str
    audience: str


def web_identity(role: str, audience: str) -> Identity:
    """Return the identity for the annotation."""
    variables = {"AWS_ROLE_ARN": role, "AWS_WEB_IDENTITY_TOKEN_FILE": f"{MOUNT}/token"}
    return Identity(variables, VOLUME, MOUNT, "token", audience)


def on_windows(identity: Identity) -> Identity:
    """The same with the token's path as Windows has it; the mount stays as it is."""
    names = {
        name: "C:" + value.replace("/", "\\") if value.startswith("/") else value
        for name, value in identity.variables.items()
    }
    return replace(identity, variables=names)


AGENT = Identity(
    {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": f"{AGENT_MOUNT}/{AGENT_VOLUME}",
    },
    AGENT_VOLUME,
    AGENT_MOUNT,
    AGENT_VOLUME,
    "pods.eks.amazonaws.com",
)
"""By an association."""


def pod_patch(
    pod: Json, service_account: Json | None, region: str, *, is_associated: bool = False
) -> list[Json]:
    """Return the JSON Patch operations for a new pod, or none if its ServiceAccount has no role.

    `is_associated` is whether the ServiceAccount, which need not exist, has a Pod Identity association.
    """
    annotations = annotations_of(service_account or {})
    role = annotations.get(f"{PREFIX}/role-arn", "")
    if not role and not is_associated:
        return []
    own = annotations_of(pod)
    expiration = seconds(annotations, DEFAULT_EXPIRATION)
    expiration = seconds(own, expiration)
    regional = boolean(annotations.get(f"{PREFIX}/sts-regional-endpoints"), True)
    skipped = first_record(own.get(f"{PREFIX}/skip-containers", ""))
    spec = pod["spec"]
    identity = (
        AGENT
        if is_associated
        else web_identity(role, annotations.get(f"{PREFIX}/audience", DEFAULT_AUDIENCE))
    )
    if is_windows(spec):
        identity = on_windows(identity)
    patch = volume_patch(spec, identity, expiration)
    for kind in ("containers", "initContainers"):
        if spec.get(kind):
            changed = [
                item if item["name"] in skipped else with_identity(item, identity, region, regional)
                for item in spec[kind]
            ]
            patch.append({"op": "add", "path": f"/spec/{kind}", "value": changed})
    return [*patch, *label_patch(pod)] if is_associated else patch


def label_patch(pod: Json) -> list[Json]:
    """Return the operations that mark a pod whose role comes from Pod Identity."""
    labels = {**(pod.get("metadata", {}).get("labels") or {}), f"{PREFIX}/pod-identity": "enabled"}
    return [{"op": "add", "path": "/metadata/labels", "value": labels}]


def volume_patch(spec: Json, identity: Identity, expiration: int) -> list[Json]:
    volumes = spec.get("volumes")
    if any(item["name"] == identity.volume for item in volumes or []):
        return []
    # As in Go, an empty audience is omitted. The token is then for the API server.
    token: Json = {"audience": identity.audience} if identity.audience else {}
    token |= {"expirationSeconds": expiration, "path": identity.token_path}
    volume = {"name": identity.volume, "projected": {"sources": [{"serviceAccountToken": token}]}}
    if volumes is None:
        return [{"op": "add", "path": "/spec/volumes", "value": [volume]}]
    return [{"op": "add", "path": "/spec/volumes/0", "value": volume}]


def with_identity(container: Json, identity: Identity, region: str, regional: bool) -> Json:
    """Return the container with the variables and the mount.

    Variables that the container sets are kept. If it sets one of the two variables for the region, neither is
    added,
    and the same applies to the two variables of the identity.
    """
    names = {item["name"] for item in container.get("env") or []}
    has_region = bool(names & {"AWS_REGION", "AWS_DEFAULT_REGION"})
    has_identity = bool(names & identity.variables.keys())
    has_endpoints = "AWS_STS_REGIONAL_ENDPOINTS" in names
    if has_region and has_identity and has_endpoints:
        return container
    added: dict[str, str] = {}
    if regional and not has_endpoints:
        added["AWS_STS_REGIONAL_ENDPOINTS"] = "regional"
    if not has_region:
        added |= {"AWS_DEFAULT_REGION": region, "AWS_REGION": region}
    if not has_identity:
        added |= identity.variables
    changed = copy.deepcopy(container)
    changed["env"] = [
        *(changed.get("env") or []),
        *({"name": name, "value": value} for name, value in added.items()),
    ]
    mounts = changed.get("volumeMounts") or []
    if all(item["name"] != identity.volume for item in mounts):
        mounts = [*mounts, {"name": identity.volume, "readOnly": True, "mountPath": identity.mount}]
    changed["volumeMounts"] = mounts
    return changed


def annotations_of(thing: Json) -> Mapping[str, str]:
    return thing.get("metadata", {}).get("annotations") or {}


def seconds(source: Mapping[str, str], default: int) -> int:
    """Return the token-expiration annotation, at least LEAST_EXPIRATION.

    Returns `default` unless it is a 64-bit integer, as Go's strconv.ParseInt reads it.
    """
    text = source.get(f"{PREFIX}/token-expiration", "")
    if not INTEGER.fullmatch(text) or len(text) > MOST_DIGITS or not -(2**63) <= int(text) < 2**63:
        return default
    return max(int(text), LEAST_EXPIRATION)


def boolean(text: str | None, default: bool) -> bool:
    if text in TRUE:
        return True
    return False if text in FALSE else default


def is_windows(spec: Json) -> bool:
    """Return whether the node selector of the pod selects Windows. The webhook checks nothing else."""
    selector = spec.get("nodeSelector") or {}
    return "windows" in (selector.get("beta.kubernetes.io/os"), selector.get("kubernetes.io/os"))
