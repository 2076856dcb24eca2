# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A world with an office of badges, and the jobs that know its kind of binding."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from unit.bindings.badge import NAME, BadgeKind, Office
from unit.fakes.examples import (
    ROLE_NAME,
    SUBJECT,
    desired,
)
from unit.fakes.world import Told, World

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.writers import WRITERS
from ansible_collections.iamsa.eks.plugins.module_utils.documents.description import description_document
from ansible_collections.iamsa.eks.plugins.module_utils.documents.inventory import (
    inventory_document,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.delete import remove
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.describe import describe
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.doctor import (
    Diagnosis,
    examine_service_account,
)
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.inventory import inventory
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.reconcile import ensure
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.run import DryRun
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import Binding, DeleteRequest, Desired
from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import DeleteResult, Outcome

OTHER = Subject("web", "other")
STEPS = [
    f"role/{ROLE_NAME} created",
    "serviceaccount/my-sa created",
    "badge/my-sa issued",
]


def badged(wanted: Desired) -> Desired:
    return replace(wanted, bindings=(Binding(SUBJECT, NAME),))


WANTED = badged(desired(name=ROLE_NAME))


class Shop:
    """A world with an office of badges, whose jobs know the second kind."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.office = Office(world.wire)
        self.kinds = {**WRITERS, NAME: BadgeKind(self.office)}
        self.told = Told()

    def create(self, wanted: Desired = WANTED, dry_run: DryRun = "none") -> Outcome:
        self.told = Told()
        return ensure(wanted, self.world.access(), self.told, dry_run=dry_run, kinds=self.kinds)

    def delete(self, wanted: Desired = WANTED) -> DeleteResult:
        self.told = Told()
        return remove(DeleteRequest(wanted), self.world.access(), self.told, kinds=self.kinds)

    def listed(self) -> dict[str, Any]:
        """The items of the list's document, by name."""
        found = inventory_document(inventory(self.world.access(), "web", self.kinds))
        return {item["metadata"]["name"]: item for item in found["items"]}

    def described(self) -> Any:
        return description_document(describe(WANTED, self.world.access(), self.kinds), ())

    def examined(self) -> Diagnosis:
        return examine_service_account(WANTED, self.world.access(), kinds=self.kinds)

    @property
    def sentences(self) -> list[str]:
        return [step.sentence for step in self.told.steps]
