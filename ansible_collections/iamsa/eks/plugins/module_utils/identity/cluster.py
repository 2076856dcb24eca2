# SPDX-License-Identifier: GPL-3.0-or-later

"""A cluster: what tells it from every other one, and how trust policies spell its issuer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClusterRef:
    """A cluster: its OIDC issuer (an https URL) and, where EKS runs it, its ARN.

    A cluster that is deleted and made again keeps its ARN and gets another issuer.
    """

    issuer: str
    arn: str | None
    region: str

    @property
    def name(self) -> str:
        """The name to call it by: the EKS name, else the issuer."""
        return self.arn.rpartition("/")[2] if self.arn else host_and_path(self.issuer)

    @property
    def id(self) -> str:
        """What tells this cluster from every other one: the ARN, or the issuer where there is none."""
        return self.arn or self.issuer

    @property
    def claim_prefix(self) -> str:
        """The issuer as trust policies spell it in condition keys: without https://."""
        return host_and_path(self.issuer)


def host_and_path(issuer: str) -> str:
    return issuer.removeprefix("https://").rstrip("/")
