# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cluster's Pod Identity associations in memory, with the methods of the real adapter."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from unit.fakes.examples import SUBJECT
from unit.fakes.wire import Wire

from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model.association import Association, AssociationPage

LIST_ASSOCIATIONS = "eks:ListPodIdentityAssociations"
DESCRIBE_ASSOCIATION = "eks:DescribePodIdentityAssociation"


@dataclass
class InMemoryPodIdentity:
    wire: Wire
    associated: dict[Subject, Association] = field(default_factory=dict)
    page_size: int = 100

    def associate(self, role_arn: str, subject: Subject = SUBJECT, target_arn: str = "") -> Association:
        """Have an association that gives the ServiceAccount's pods this role."""
        made = Association(f"a-{len(self.associated):017}", role_arn, subject=subject, target_arn=target_arn)
        self.associated[subject] = made
        return made

    def associations(
        self,
        *,
        namespace: str = "",
        service_account: str = "",
        token: str = "",
    ) -> AssociationPage:
        def look() -> AssociationPage:
            found = [
                replace(one, role_arn="", target_arn="")
                for subject, one in self.associated.items()
                if namespace in ("", subject.namespace) and service_account in ("", subject.name)
            ]
            start = int(token or 0)
            end = start + self.page_size
            return AssociationPage(tuple(found[start:end]), str(end) if end < len(found) else "")

        return self.wire.send(LIST_ASSOCIATIONS, look, about=f"{namespace}/{service_account}")

    def with_role(self, association: Association) -> Association | None:
        def look() -> Association | None:
            return next((one for one in self.associated.values() if one.id == association.id), None)

        return self.wire.send(DESCRIBE_ASSOCIATION, look, about=association.id)
