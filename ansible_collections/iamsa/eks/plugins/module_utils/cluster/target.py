# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that select a cluster and an account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ..aws.options import AwsOptions
from ..kube.config.options import ConnectionOptions


class WhereDefaults(NamedTuple):
    """Validated defaults; None for what has none."""

    cluster_name: str | None = None
    region: str | None = None


@dataclass(frozen=True)
class Where:
    """The options that select a cluster and an account. Precedence: these, the kubeconfig, `defaults`."""

    cluster_name: str | None = None
    region: str | None = None
    profile: str | None = None
    defaults: WhereDefaults = field(default_factory=WhereDefaults)
    aws: AwsOptions = field(default_factory=AwsOptions)
    connection: ConnectionOptions = field(default_factory=ConnectionOptions)
