# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cluster whose API server answers as a test tells it to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from adapters.hasty import Hasty
from adapters.scripted_server import Reply, Scripted, scripted_server

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.client import KubernetesCluster
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.context import select
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.kubeconfig import parse
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.options import ConnectionOptions
from ansible_collections.iamsa.eks.plugins.module_utils.kube.connect import connect


@contextmanager
def made_up_cluster() -> Iterator[tuple[Scripted, KubernetesCluster, Hasty]]:
    """The server, the cluster that is reached there, and the deadline of all requests to it."""
    options = ConnectionOptions(request_timeout=0.3)
    with scripted_server() as server:
        document = {
            "current-context": "dev",
            "contexts": [{"name": "dev", "context": {"cluster": "dev", "user": "me"}}],
            "clusters": [{"name": "dev", "cluster": {"server": server.url}}],
            "users": [{"name": "me", "user": {}}],
        }
        entry = select(parse(yaml.safe_dump(document), Path("/kube/config")), options, Deadline(5))
        deadline = Hasty()
        yield server, KubernetesCluster(connect(entry, options, deadline, {})), deadline


def refusal(status: int, reason: str, headers: dict[str, str] | None = None) -> Reply:
    return (
        status,
        headers or {},
        {"kind": "Status", "message": f"words of Kubernetes: {reason}", "reason": reason},
    )


BUSY = refusal(429, "TooManyRequests", {"Retry-After": "3"})
