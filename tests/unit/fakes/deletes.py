# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deletes of every kind: each ServiceAccount beside each role, with all that may be kept or allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from unit.fakes.examples import (
    CLUSTER,
    EARLIER_ISSUER,
    FACTS,
    HOME,
    READ_S3,
    ROLE_ARN,
    ROLE_NAME,
    SUBJECT,
    delete_request,
    inline,
    observed,
    our_role,
    our_statement,
    recorded,
    retagged,
    service_account,
)

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.writers import WRITERS
from ansible_collections.iamsa.eks.plugins.module_utils.errors import NotFound, Refused
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_MARKER,
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_TOKEN_EXPIRATION,
    FIELD_MANAGER,
)
from ansible_collections.iamsa.eks.plugins.module_utils.identity.ownership import marker
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import Observed, ServiceAccount
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step
from ansible_collections.iamsa.eks.plugins.module_utils.plan.delete import plan_deletion
from ansible_collections.iamsa.eks.plugins.module_utils.plan.forecast import forecast_role
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import trust_policy

NAMED, RECORD = {ANNOTATION_ROLE_ARN: ROLE_ARN}, {ANNOTATION_RECORD: ROLE_ARN}
OTHER = {ANNOTATION_ROLE_ARN: HOME.role_arn("/iamsa/", "other")}
ELSEWHERE = {ANNOTATION_ROLE_ARN: f"arn:aws:iam::999999999999:role/iamsa/{ROLE_NAME}"}
MARKED, COPIED = marker(CLUSTER, SUBJECT), {ANNOTATION_MARKER: f"{CLUSTER.id}/other/my-sa"}


def there(*annotations: dict[str, str], owner: str = FIELD_MANAGER, deleting: bool = False) -> ServiceAccount:
    """With a setting of iamsa's, one of Helm's, and an annotation that is none of iamsa's business."""
    held = {"team": "web", ANNOTATION_TOKEN_EXPIRATION: "3600", ANNOTATION_AUDIENCE: "sts.amazonaws.com"}
    for one in annotations:
        held.update(one)
    managers = {**dict.fromkeys(held, owner), ANNOTATION_AUDIENCE: "helm"}
    return service_account(held, managers, deleting=deleting)


SERVICE_ACCOUNTS = {
    "absent": None,
    "made-here": there(NAMED, MARKED),
    "anothers": there(NAMED),
    "anothers-annotation": there(NAMED, owner="helm"),
    "made-with-anothers-annotation": there(NAMED, MARKED, owner="helm"),
    "copied": there(NAMED, COPIED),
    "names-another-role": there(OTHER),
    "made-but-names-another-role": there(OTHER, MARKED),
    "names-a-role-elsewhere": there(ELSEWHERE, MARKED),
    "names-none": there(),
    "made-but-names-none": there(MARKED),
    "made-but-names-nothing": there({ANNOTATION_ROLE_ARN: ""}, MARKED),
    "begun": there(RECORD),
    "made-and-begun": there(RECORD, MARKED),
    "being-deleted": there(NAMED, MARKED, deleting=True),
}
NOT_BOUND = {
    *("absent", "names-another-role", "made-but-names-another-role", "names-a-role-elsewhere", "names-none"),
}
MADE = {
    *("made-here", "made-with-anothers-annotation"),
    *("made-but-names-none", "made-but-names-nothing", "made-and-begun"),
}
ANOTHERS = {"anothers-annotation", "made-with-anothers-annotation"}

FULL = recorded(our_role(), READ_S3, inline())
STALE = trust_policy([our_statement(EARLIER_ISSUER)])
EARLIER = "role_of_earlier_cluster"
ROLES = {
    "none": None,
    "ours": FULL,
    "adopted": retagged(FULL, iamsa__adopted="true"),
    "unmanaged": replace(FULL, tags={"Terraform": "true"}),
    "earlier": retagged(replace(FULL, trust=STALE), iamsa__issuer=EARLIER_ISSUER),
}
# The override that lets a role go; an unmanaged one never does.
NEEDED = {"ours": frozenset[str](), "adopted": frozenset({"adopted_role"}), "earlier": frozenset({EARLIER})}
OVERRIDES = ("adopted_role", EARLIER, "annotations_of_others")


@dataclass(frozen=True)
class Case:
    """One combination, and what is planned for it."""

    service_account: str
    role: str
    keep_role: bool
    keep_service_account: bool
    overrides: frozenset[str]

    @property
    def request(self) -> DeleteRequest:
        overrides = dict.fromkeys(self.overrides, True)
        return delete_request(self.keep_role, self.keep_service_account, **overrides)

    @property
    def observed(self) -> Observed:
        role: Role | None = ROLES[self.role]
        if role is None:
            return observed(None, SERVICE_ACCOUNTS[self.service_account])
        return observed(
            role, SERVICE_ACCOUNTS[self.service_account], attached=(READ_S3,), inline={"reader": None}
        )

    @cached_property
    def refusal(self) -> Refused | NotFound | None:
        try:
            self.planned(self.observed)
        except (Refused, NotFound) as refusal:
            return refusal
        return None

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        return () if self.refusal else self.planned(self.observed)

    def planned(self, observed: Observed) -> tuple[Step, ...]:
        return plan_deletion(self.request, FACTS, observed, WRITERS)

    def after(self, steps: Iterable[Step], observed: Observed | None = None) -> Observed:
        return forecast_role(observed or self.observed, steps, WRITERS)

    @property
    def may_go(self) -> bool:
        """Whether there is a role that is to go, and that may."""
        allowed = self.role in NEEDED and NEEDED[self.role] <= self.overrides
        return allowed and not self.keep_role

    @property
    def is_stopped(self) -> bool:
        """Whether something that is to go is not iamsa's to take."""
        stopped_by_role = self.role != "none" and not self.keep_role and not self.may_go
        takes_annotation = self.may_go or self.service_account not in MADE or self.keep_service_account
        return stopped_by_role or (
            self.service_account in ANOTHERS
            and "annotations_of_others" not in self.overrides
            and takes_annotation
        )


CASES = [
    Case(name, role, keep_role, keep_service_account, frozenset(overrides))
    for name, role, keep_role, keep_service_account in product(
        SERVICE_ACCOUNTS, ROLES, (False, True), (False, True)
    )
    for overrides in (
        {one for one, given in zip(OVERRIDES, flags, strict=True) if given}
        for flags in product((False, True), repeat=len(OVERRIDES))
    )
]
