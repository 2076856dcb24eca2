# SPDX-License-Identifier: GPL-3.0-or-later

"""Both sides of a cluster, ready to be asked."""

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
    """Where a value of this run comes from; both are for people, and never secret."""

    what: str
    value: str
    source: Sentence


@dataclass(frozen=True)
class Access:
    """Both sides, ready to be asked; nothing has been asked yet.

    `source` says which cluster it is. `kubernetes` is None where the API server's address is still to be
    learned from it. `pod_identity` is there where EKS runs the cluster. `account` is what the context's name
    says, if it says it, and `profile` the AWS profile that a flag or the kubeconfig names. `title` is how to
    call the Kubernetes side in a sentence. `known` is what was read of the cluster already, and proven
    to be the one that `kubernetes` reaches; `answers` then keeps what all ServiceAccounts of a run ask alike.
    `origins` tell where the rest comes from. `log_in` asks a person for what the AWS credentials need: to be
    called first, in the main thread. `notices` are to be said to the user.
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
