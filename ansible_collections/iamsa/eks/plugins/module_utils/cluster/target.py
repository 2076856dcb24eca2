# SPDX-License-Identifier: GPL-3.0-or-later

"""What the user says about where to work."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ..aws.options import AwsOptions
from ..kube.config.options import ConnectionOptions


class WhereDefaults(NamedTuple):
    """Each is checked, or None."""

    cluster_name: str | None = None
    region: str | None = None


@dataclass(frozen=True)
class Where:
    """What the user says about where to work; what is left out, the kubeconfig tells.

    `defaults` count where neither does.
    """

    cluster_name: str | None = None
    region: str | None = None
    profile: str | None = None
    defaults: WhereDefaults = field(default_factory=WhereDefaults)
    aws: AwsOptions = field(default_factory=AwsOptions)
    connection: ConnectionOptions = field(default_factory=ConnectionOptions)
