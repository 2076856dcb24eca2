# SPDX-License-Identifier: GPL-3.0-or-later

"""EKS Pod Identity associations as read from AWS, and their effect on a ServiceAccount's pods.

Sources: https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociation.html, and for the
precedence over the annotation https://github.com/aws/amazon-eks-pod-identity-webhook
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..identity.subject import Subject
from ..wording.text import Sentence


@dataclass(frozen=True)
class Association:
    """One association; `owner` is the ARN of the EKS add-on that created it, or "".

    `role_arn` is "" if only the list was read, which does not contain the role. If `target_arn` is set, EKS
    assumes that role of another account through `role_arn`, and pods get its credentials.
    """

    id: str
    role_arn: str = ""
    owner: str = ""
    subject: Subject | None = None
    target_arn: str = ""

    @property
    def given(self) -> str:
        """The ARN of the role whose credentials pods get; "" if it was not read."""
        return self.target_arn or self.role_arn


class AssociationPage(NamedTuple):
    """One page of a list of associations, without their roles; `next_token` is "" on the last page."""

    items: tuple[Association, ...] = ()
    next_token: str = ""


@dataclass(frozen=True)
class SeenAssociations:
    """The associations of one ServiceAccount: at most one. `unread` says why they were not read, or is ""."""

    items: tuple[Association, ...] = ()
    unread: Sentence = ""

    @property
    def in_force(self) -> Association | None:
        """The association that gives new pods their role, whatever the annotation says."""
        return self.items[0] if self.items else None


@dataclass(frozen=True)
class PodUse:
    """Whether an association of this cluster uses a role; `unread` says why that is unknown, or is "".

    A trust statement for pods.eks.amazonaws.com may only be removed if no association uses the role:
    otherwise the association's pods would lose it.
    """

    user: Association | None = None
    unread: Sentence = ""

    @property
    def is_possible(self) -> bool:
        return bool(self.user or self.unread)

    @property
    def words(self) -> Sentence:
        """A clause that follows "because"."""
        if self.user:
            return f"the Pod Identity association {self.user.id} of {self.user.subject} uses the role"
        if self.unread:
            return "it is not known whether a Pod Identity association uses the role (" + self.unread + ")"
        return "no Pod Identity association of this cluster uses the role"


NOT_LOOKED_AT = "Pod Identity associations were not read"
NOT_LOOKED_FOR = PodUse(unread=NOT_LOOKED_AT)
UNASKED = SeenAssociations(unread=NOT_LOOKED_AT)
NONE = SeenAssociations()


def gets(association: Association, named: str) -> str:
    """The effect of the association on new pods; completes "serviceaccount web/app ". `named` is the role in
    the annotation, or ""."""
    what = f"has the Pod Identity association {association.id}: its pods get"
    if not association.given:
        return f"{what} the association's role, which could not be read"
    if association.given == named:
        return f"{what} {named} from the Pod Identity agent, not through the annotation"
    return f"{what} {association.given}" + (f", not {named}" if named else " from the Pod Identity agent")
