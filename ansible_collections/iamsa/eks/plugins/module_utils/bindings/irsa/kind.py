# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM roles for service accounts: the annotation names the role, and pods assume it with a token.

Source: https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from ...identity.account import RoleHome
from ...identity.arn import Arn
from ...identity.cluster import ClusterRef
from ...identity.keys import ANNOTATION_ROLE_ARN
from ...identity.subject import Subject
from ...model.binding import BindingRecord
from ...model.desired import USUAL_KIND, DeleteRequest, Desired
from ...model.observed import ClusterFacts, Observed, ServiceAccount
from ...model.steps.step import BindingStep, Step
from ...model.target import BindingTarget, Target
from ...model.verification import Reason, RoleLook, Verification
from ...trust.web_identity import WebIdentityGrant
from ..binding import Sides, StalePods, Tokens
from . import effects, rules, unbind


class Irsa:
    """Keeps no record: all that binds stands on the ServiceAccount, and the core writes that.

    So it has no steps of its own either.
    """

    name = USUAL_KIND

    def grant(
        self, cluster: ClusterRef, home: RoleHome, subjects: tuple[Subject, ...], audience: str
    ) -> WebIdentityGrant:
        return rules.grant(cluster, home, subjects, audience)

    def resolve(
        self, desired: Desired, facts: ClusterFacts, observed: Observed, role_arn: str
    ) -> BindingTarget:
        return rules.resolve(desired, facts, observed, role_arn)

    def observe(self, _subject: Subject, _sides: Sides) -> None:
        return None

    def observe_all(self, _namespace: str | None, _sides: Sides) -> Mapping[Subject, BindingRecord]:
        return {}

    def bound_role(self, account: ServiceAccount | None, _record: BindingRecord | None) -> str | None:
        return account.annotations.get(ANNOTATION_ROLE_ARN) if account else None

    def audience(self, account: ServiceAccount | None) -> str:
        return rules.audience_in_use(account)

    def required(self, target: Target, facts: ClusterFacts) -> Iterator[Step]:
        return rules.provider_steps(target, facts)

    def bind(self, target: Target, facts: ClusterFacts, observed: Observed) -> Iterator[Step]:
        return rules.bind(target, facts, observed)

    def release(self, removal: DeleteRequest, facts: ClusterFacts, observed: Observed) -> Iterator[Step]:
        return unbind.release_steps(removal, facts, observed)

    def end(self, removal: DeleteRequest, facts: ClusterFacts, observed: Observed) -> Iterator[Step]:
        return unbind.end_steps(removal, facts, observed)

    def stale_pods(self, steps: Iterable[Step]) -> StalePods | None:
        return rules.stale_pods(steps)

    def forecast(self, step: BindingStep, _observed: Observed) -> Observed:
        raise _unknown(step)

    def apply(self, step: BindingStep, _sides: Sides) -> None:
        raise _unknown(step)

    def provable_role(self, account: ServiceAccount | None, _record: BindingRecord | None) -> Arn | Reason:
        return rules.role_to_assume(account)

    def prove(self, blank: Verification, role: Arn, tokens: Tokens, sides: Sides) -> Verification:
        return effects.prove(blank, role, tokens, sides)

    def explain(self, found: Verification, role: Arn, look: Callable[[Arn], RoleLook]) -> Verification:
        return effects.explain(found, role, look)


def _unknown(step: BindingStep) -> AssertionError:
    return AssertionError(f"{step} is no step of this kind")


IRSA = Irsa()
