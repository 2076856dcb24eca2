# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EKS Pod Identity: associations of a ServiceAccount, and the add-on that hands out their credentials.

Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_ListPodIdentityAssociations.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import RemoteError
from ..model.identity import Subject
from .calls import translated
from .session import AwsSession

if TYPE_CHECKING:
    from ..model.scene import Association

ADDON = "eks-pod-identity-agent"


class PodIdentity:
    """For any number of threads. Every method raises Denied or RemoteError."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def associations(self, cluster: str, subject: Subject) -> tuple[Association, ...]:
        """Those of the ServiceAccount, each with its role, which is one call more for each."""
        eks, about = self._session.eks, f"cluster {cluster}"
        with translated("eks:ListPodIdentityAssociations", about):
            pages = eks.get_paginator("list_pod_identity_associations").paginate(
                clusterName=cluster, namespace=subject.namespace, serviceAccount=subject.name
            )
            ids = [one["associationId"] for page in pages for one in page["associations"]]
        return tuple(self._association(cluster, one) for one in ids)

    def subjects(self, cluster: str) -> frozenset[Subject]:
        """The ServiceAccounts that have an association."""
        with translated("eks:ListPodIdentityAssociations", f"cluster {cluster}"):
            paginator = self._session.eks.get_paginator("list_pod_identity_associations")
            found = [one for page in paginator.paginate(clusterName=cluster) for one in page["associations"]]
        return frozenset(Subject(one["namespace"], one["serviceAccount"]) for one in found)

    def has_addon(self, cluster: str) -> bool:
        """Whether the agent's add-on is installed."""
        try:
            with translated("eks:DescribeAddon", f"cluster {cluster}"):
                self._session.eks.describe_addon(clusterName=cluster, addonName=ADDON)
        except RemoteError as error:
            if error.code != "ResourceNotFoundException":
                raise
            return False
        return True

    def _association(self, cluster: str, identifier: str) -> Association:
        from ..model.scene import Association  # noqa: PLC0415

        with translated("eks:DescribePodIdentityAssociation", f"association {identifier}"):
            found = self._session.eks.describe_pod_identity_association(
                clusterName=cluster, associationId=identifier
            )["association"]
        return Association(identifier, found.get("roleArn", ""), found.get("ownerArn", ""))
