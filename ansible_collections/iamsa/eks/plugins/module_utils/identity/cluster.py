# SPDX-License-Identifier: GPL-3.0-or-later

"""A cluster's identity, and its OIDC issuer as trust policies spell it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClusterRef:
    """A cluster: its OIDC issuer (an https URL), its ARN (None unless EKS runs it), and its AWS region.

    A cluster that is deleted and created again has the same ARN and a new issuer.
    """

    issuer: str
    arn: str | None
    region: str

    @property
    def name(self) -> str:
        """The name of the EKS cluster, or else the issuer without https://."""
        return self.arn.rpartition("/")[2] if self.arn else host_and_path(self.issuer)

    @property
    def id(self) -> str:
        """A unique identifier: the ARN, or else the issuer."""
        return self.arn or self.issuer

    @property
    def claim_prefix(self) -> str:
        """The issuer in the condition keys of trust policies: without https://."""
        return host_and_path(self.issuer)


def host_and_path(issuer: str) -> str:
    """The issuer without https:// and without a final slash."""
    return issuer.removeprefix("https://").rstrip("/")
