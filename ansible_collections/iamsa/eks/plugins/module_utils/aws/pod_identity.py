# SPDX-License-Identifier: GPL-3.0-or-later

"""EKS Pod Identity: a cluster's associations, and the add-on that provides their credentials.

Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_ListPodIdentityAssociations.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import RemoteError, ResourceRef
from ..identity.subject import Subject
from .call import translated
from .session import AwsSession

if TYPE_CHECKING:
    from ..model.association import Association, AssociationPage

ADDON = "eks-pod-identity-agent"
NOT_FOUND = "ResourceNotFoundException"


class PodIdentity:
    """Pod Identity of one EKS cluster. Thread-safe. Every method raises Denied or RemoteError."""

    def __init__(self, session: AwsSession, cluster: str) -> None:
        self._session = session
        self.cluster = cluster

    def associations(
        self, *, namespace: str = "", service_account: str = "", token: str = ""
    ) -> AssociationPage:
        """A page of the associations of the cluster, or of one namespace or ServiceAccount, without roles.

        `token` is the `next_token` of the previous page.
        """
        from ..model.association import Association, AssociationPage  # noqa: PLC0415

        asked: dict[str, Any] = {
            "namespace": namespace,
            "serviceAccount": service_account,
            "nextToken": token,
        }
        with translated("eks:ListPodIdentityAssociations", ResourceRef("cluster", self.cluster)):
            page: Any = self._session.eks.list_pod_identity_associations(
                clusterName=self.cluster, **{key: value for key, value in asked.items() if value}
            )
        return AssociationPage(
            tuple(
                Association(
                    one["associationId"],
                    owner=one.get("ownerArn", ""),
                    subject=Subject(one["namespace"], one["serviceAccount"]),
                )
                for one in page["associations"]
            ),
            page.get("nextToken") or "",
        )

    def with_role(self, association: Association) -> Association | None:
        """The association with its role, which takes a call of its own; None if it no longer exists."""
        try:
            with translated("eks:DescribePodIdentityAssociation", ResourceRef("association", association.id)):
                found = self._session.eks.describe_pod_identity_association(
                    clusterName=self.cluster, associationId=association.id
                )["association"]
        except RemoteError as error:
            if error.code != NOT_FOUND:
                raise
            return None
        return replace(
            association,
            role_arn=found.get("roleArn", ""),
            target_arn=found.get("targetRoleArn") or "",
            owner=found.get("ownerArn", ""),
        )

    def has_addon(self) -> bool:
        """Whether the Pod Identity Agent is installed as an EKS add-on."""
        try:
            with translated("eks:DescribeAddon", ResourceRef("cluster", self.cluster)):
                self._session.eks.describe_addon(clusterName=self.cluster, addonName=ADDON)
        except RemoteError as error:
            if error.code != NOT_FOUND:
                raise
            return False
        return True
