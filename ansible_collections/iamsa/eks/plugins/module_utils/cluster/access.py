# SPDX-License-Identifier: GPL-3.0-or-later

"""Access to both sides of a cluster: AWS and Kubernetes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from ..aws.iam.client import Iam
from ..aws.pod_identity import PodIdentity
from ..aws.sts import Sts
from ..concurrency import Answers
from ..deadline import Deadline
from ..kube.api.client import KubernetesCluster
from ..model.observed import ClusterFacts
from ..wording.text import Sentence
from .source import ClusterSource


class Origin(NamedTuple):
    """The source of a setting of this run. Value and source are shown to the user and are never secret."""

    what: str
    value: str
    source: Sentence


@dataclass(frozen=True)
class Access:
    """Access to both sides of a cluster; creating it makes no call.

    `source` identifies the cluster. `kubernetes` is None if the API server's address must first be read from
    `source`. `pod_identity` is None unless EKS runs the cluster. `account` is the account in the context's
    name, and None if there is none. `profile` is the AWS profile that a flag or the kubeconfig names, or "".
    `title` describes the Kubernetes side in messages. `known` is what was already read of the cluster, once
    verified to be the cluster that `kubernetes` reaches; `answers` then caches reads that all ServiceAccounts
    of a run share. `origins` are the sources of the settings. `log_in` prompts for what the AWS credentials
    need; call it first, in the main thread. `notices` are shown to the user.
    """

    source: ClusterSource
    namespace: str
    title: str
    iam: Iam
    sts: Sts
    pod_identity: PodIdentity | None
    kubernetes: KubernetesCluster | None
    deadline: Deadline
    log_in: Callable[[], None] = lambda: None
    notices: tuple[str, ...] = ()
    account: str | None = None
    profile: str = ""
    known: ClusterFacts | None = None
    answers: Answers | None = None
    origins: tuple[Origin, ...] = ()
