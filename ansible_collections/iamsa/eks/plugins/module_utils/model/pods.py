# SPDX-License-Identifier: GPL-3.0-or-later

"""Pods and the workloads that create them, with the fields that affect a pod's identity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..identity.subject import Subject
from .skip_containers import skipped_containers

# Injected into a pod by https://github.com/aws/amazon-eks-pod-identity-webhook.
TOKEN_VOLUME = "aws-iam-token"
TOKEN_FILE = "token"
TOKEN_FOLDER = "/var/run/secrets/eks.amazonaws.com/serviceaccount"
# The second one is the folder in pods on Windows nodes.
TOKEN_FOLDERS = (TOKEN_FOLDER, "C:" + TOKEN_FOLDER.replace("/", "\\"))
ROLE_VARIABLE = "AWS_ROLE_ARN"
FILE_VARIABLE = "AWS_WEB_IDENTITY_TOKEN_FILE"
# Injected instead if there is a Pod Identity association.
AGENT_VARIABLE = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
AGENT_VOLUME = "eks-pod-identity-token"
SKIP_LABEL = "eks.amazonaws.com/skip-pod-identity-webhook"
SKIP_CONTAINERS = "eks.amazonaws.com/skip-containers"

# The kinds that `kubectl rollout restart` and `kubectl set` support.
RESTARTABLE = ("Deployment", "StatefulSet", "DaemonSet")


@dataclass(frozen=True)
class EnvFrom:
    """A Secret or ConfigMap (`kind`) whose keys are all variables of a container, with `prefix` in front."""

    kind: str
    name: str
    prefix: str = ""

    def may_set(self, variable: str) -> bool:
        """Whether a key can result in this variable; the keys themselves are not read."""
        return variable.startswith(self.prefix)


@dataclass(frozen=True)
class Container:
    """A container of a pod.

    `env` maps a variable to its value, or to None if it has a `valueFrom`. `optional` are the variables that
    Kubernetes omits if the source of their `valueFrom` does not exist. `mounts` maps a mount path to the name
    of its volume. `env_from` are the sources of further variables, which `env` overrides.
    """

    name: str
    env: Mapping[str, str | None] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    mounts: Mapping[str, str] = field(default_factory=dict)
    env_from: tuple[EnvFrom, ...] = ()

    @property
    def role(self) -> str:
        """The ARN in its AWS_ROLE_ARN; "" if there is none."""
        return self.env.get(ROLE_VARIABLE) or ""

    @property
    def is_by_token(self) -> bool:
        """Whether the webhook injected the role from the annotation."""
        return bool(self.role) and TOKEN_VOLUME in self.mounts.values()

    @property
    def is_by_agent(self) -> bool:
        """Whether the webhook injected the Pod Identity agent; SDKs would prefer AWS_ROLE_ARN to it."""
        return not self.role and AGENT_VARIABLE in self.env and AGENT_VOLUME in self.mounts.values()

    @property
    def token_mounts(self) -> tuple[str, ...]:
        """The mount paths of the token's volume."""
        return tuple(path for path, volume in self.mounts.items() if volume == TOKEN_VOLUME)

    @property
    def is_told(self) -> bool:
        """Whether the container has a role, from a token or from the Pod Identity agent."""
        return bool(self.role) or AGENT_VARIABLE in self.env


@dataclass(frozen=True)
class PodTemplate:
    """A workload's pod template, or the spec of one pod.

    `token_audience` is the audience of the token that the webhook mounted, "" for the API server's audience;
    None if it mounted no token. `token_path` is the token's file name in its volume. `volume_type` is the
    type of the pod's volume aws-iam-token if that volume contains no token, such as `emptyDir`; "" otherwise.
    """

    service_account: str
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    containers: tuple[Container, ...] = ()
    host_network: bool = False
    token_audience: str | None = None
    token_path: str = TOKEN_FILE
    volume_type: str = ""

    def has_token_at(self, container: Container, file: str) -> bool:
        """Whether the volume aws-iam-token is mounted so that its token is this file of the container."""
        file = file.removeprefix("C:").replace("\\", "/")
        at = (path.rstrip("/") for path in container.token_mounts)
        return any(file in (path, f"{path}/{self.token_path}") for path in at)


@dataclass(frozen=True)
class Workload:
    """A workload that the user named, such as a Deployment; `selector` is the label selector of its pods."""

    kind: str
    namespace: str
    name: str
    template: PodTemplate
    selector: str = ""

    @property
    def subject(self) -> Subject:
        return Subject(self.namespace, self.template.service_account)

    @property
    def word(self) -> str:
        """The workload as an argument of kubectl: deployment/web."""
        return f"{self.kind.lower()}/{self.name}"


@dataclass(frozen=True)
class Pod:
    """A pod that has not finished. `created` is RFC 3339 in UTC, to the second."""

    namespace: str
    name: str
    spec: PodTemplate
    created: str = ""
    owner_kind: str = "Pod"
    owner_name: str = ""

    def __str__(self) -> str:
        return f"pod {self.namespace}/{self.name}"

    @property
    def owner(self) -> str:
        """The pod's owner as an argument of kubectl: deployment/web, or pod/web if it has no owner."""
        return f"{self.owner_kind.lower()}/{self.owner_name or self.name}"

    @property
    def is_restartable(self) -> bool:
        return self.owner_kind in RESTARTABLE

    @property
    def told(self) -> tuple[Container, ...]:
        """The containers that should get the role: all except those in the skip-containers annotation."""
        skipped = skipped_containers(self.spec.annotations.get(SKIP_CONTAINERS, ""))
        return tuple(one for one in self.spec.containers if one.name not in skipped)

    def setting(self, *names: str) -> Iterator[tuple[Container, tuple[str, ...]]]:
        """Each container that should get the role and sets some of the variables `names`, with those it sets.

        A variable with an empty value is not included, because SDKs ignore it.
        """
        for container in self.told:
            if found := tuple(name for name in names if container.env.get(name, "") != ""):
                yield container, found
