# SPDX-License-Identifier: GPL-3.0-or-later

"""EKS Pod Identity associations as they were read, and what they mean for a ServiceAccount's pods.

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
    """One association; `owner` is the ARN of the add-on that made it, or "".

    `role_arn` is "" where only the list was read, which does not show the role. With a `target_arn` EKS goes
    on from there to a role of another account, whose credentials pods get.
    """

    id: str
    role_arn: str = ""
    owner: str = ""
    subject: Subject | None = None
    target_arn: str = ""

    @property
    def given(self) -> str:
        """The role whose credentials pods get; "" where it was not read."""
        return self.target_arn or self.role_arn


class AssociationPage(NamedTuple):
    """One page of a list of associations, without their roles; `next_token` is "" for the last one."""

    items: tuple[Association, ...] = ()
    next_token: str = ""


@dataclass(frozen=True)
class SeenAssociations:
    """Those of one ServiceAccount, of which there is one at most; `unread` says why they were not read."""

    items: tuple[Association, ...] = ()
    unread: Sentence = ""

    @property
    def in_force(self) -> Association | None:
        """The one that new pods get their role from, whatever the annotation says."""
        return self.items[0] if self.items else None


@dataclass(frozen=True)
class PodUse:
    """Whether an association of this cluster names a role; `unread` says why that is not known.

    Who trusts pods.eks.amazonaws.com may only be taken off a role that none names: its pods would lose it.
    """

    user: Association | None = None
    unread: Sentence = ""

    @property
    def is_possible(self) -> bool:
        return bool(self.user or self.unread)

    @property
    def words(self) -> Sentence:
        """Completes "because"."""
        if self.user:
            return f"the Pod Identity association {self.user.id} of {self.user.subject} uses the role"
        if self.unread:
            return "it is not known whether a Pod Identity association uses the role (" + self.unread + ")"
        return "no Pod Identity association of this cluster uses the role"


NOT_LOOKED_AT = "they were not looked at"
NOT_LOOKED_FOR = PodUse(unread=NOT_LOOKED_AT)
UNASKED = SeenAssociations(unread=NOT_LOOKED_AT)
NONE = SeenAssociations()


def gets(association: Association, named: str) -> str:
    """What the association means for new pods; completes "serviceaccount web/app". `named` is the role that
    the annotation names, or ""."""
    what = f"has the Pod Identity association {association.id}: its pods get"
    if not association.given:
        return f"{what} the role of the association, which could not be read"
    if association.given == named:
        return f"{what} {named} from the Pod Identity agent, not by the annotation"
    return f"{what} {association.given}" + (f", not {named}" if named else " from the Pod Identity agent")
