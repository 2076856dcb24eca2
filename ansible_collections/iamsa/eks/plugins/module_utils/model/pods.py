# SPDX-License-Identifier: GPL-3.0-or-later

"""Pods, and the workloads that make them, as far as a pod's identity depends on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..identity.subject import Subject

# What https://github.com/aws/amazon-eks-pod-identity-webhook puts into a pod.
TOKEN_VOLUME = "aws-iam-token"
TOKEN_FOLDER = "/var/run/secrets/eks.amazonaws.com/serviceaccount"
# As it writes the folder into pods of Windows nodes.
TOKEN_FOLDERS = (TOKEN_FOLDER, "C:" + TOKEN_FOLDER.replace("/", "\\"))
ROLE_VARIABLE = "AWS_ROLE_ARN"
FILE_VARIABLE = "AWS_WEB_IDENTITY_TOKEN_FILE"
# What it puts there instead where Pod Identity has an association.
AGENT_VARIABLE = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
AGENT_VOLUME = "eks-pod-identity-token"
SKIP_LABEL = "eks.amazonaws.com/skip-pod-identity-webhook"
SKIP_CONTAINERS = "eks.amazonaws.com/skip-containers"

# What a controller makes anew under `kubectl rollout restart`, and what `kubectl set` can change.
RESTARTABLE = ("Deployment", "StatefulSet", "DaemonSet")


@dataclass(frozen=True)
class Container:
    """`env` maps a variable to its value, or to None where it is taken from somewhere else.

    `optional` are the variables that are left out where what they are taken from is not there. `mounts` maps
    a path in the container to the volume that is mounted there.
    """

    name: str
    env: Mapping[str, str | None] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    mounts: Mapping[str, str] = field(default_factory=dict)

    @property
    def role(self) -> str:
        """The role that it is told to take; "" where it is told none."""
        return self.env.get(ROLE_VARIABLE) or ""

    @property
    def is_by_token(self) -> bool:
        """Whether the webhook gave it the role that the annotation named."""
        return bool(self.role) and TOKEN_VOLUME in self.mounts.values()

    @property
    def is_by_agent(self) -> bool:
        """Whether the webhook gave it the role of an association; AWS_ROLE_ARN would win over that."""
        return not self.role and AGENT_VARIABLE in self.env and AGENT_VOLUME in self.mounts.values()

    @property
    def is_told(self) -> bool:
        """Whether it knows where its role comes from: a token of its own, or the Pod Identity agent."""
        return bool(self.role) or AGENT_VARIABLE in self.env


@dataclass(frozen=True)
class PodTemplate:
    """What pods of one kind have in common, or what one pod has.

    `token_audience` is that of the token the webhook had mounted, "" for the API server's own; None where it
    had none mounted.
    """

    service_account: str
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    containers: tuple[Container, ...] = ()
    host_network: bool = False
    token_audience: str | None = None


@dataclass(frozen=True)
class Workload:
    """What is asked about by kind and name, such as a Deployment; `selector` finds its pods."""

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
        """As kubectl takes it: deployment/web."""
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
        """What makes it, as kubectl takes it: deployment/web, or pod/web where nothing does."""
        return f"{self.owner_kind.lower()}/{self.owner_name or self.name}"

    @property
    def is_restartable(self) -> bool:
        return self.owner_kind in RESTARTABLE

    @property
    def told(self) -> tuple[Container, ...]:
        """The containers that are meant to get the role: those that the pod does not have skipped."""
        skipped = {one.strip('"') for one in self.spec.annotations.get(SKIP_CONTAINERS, "").split(",")}
        return tuple(one for one in self.spec.containers if one.name not in skipped)

    def setting(self, *names: str) -> Iterator[tuple[Container, tuple[str, ...]]]:
        """Each container that is meant to get the role and gives one of these variables a value, with those.

        SDKs take an empty one as if it were not there.
        """
        for container in self.told:
            if found := tuple(name for name in names if container.env.get(name, "") != ""):
                yield container, found
