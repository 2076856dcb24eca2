# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM roles for service accounts: the annotation names the role, and pods assume it with a token.

Source: https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...model.desired import USUAL_KIND
from .annotations import audience_in_use, bound_role, bound_since, pods_refused, spec

# Completion and list read only annotations: the code that verifies is imported when it is called.
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from ...identity.account import RoleHome
    from ...identity.arn import Arn
    from ...identity.cluster import ClusterRef
    from ...identity.subject import Subject
    from ...model.binding import BindingRecord, Link
    from ...model.observed import ServiceAccount
    from ...model.verification import Reason, RoleLook, Verification
    from ...trust.web_identity import WebIdentityGrant
    from ..binding import Sides, Tokens


class Irsa:
    """Keeps no record: the whole binding is in annotations of the ServiceAccount, which the core writes."""

    name = USUAL_KIND
    bond = "annotation"
    links: tuple[Link, ...] = ("oidcProvider", "webhook")

    def grant(
        self, cluster: ClusterRef, home: RoleHome, subjects: tuple[Subject, ...], audience: str
    ) -> WebIdentityGrant:
        from ...trust.web_identity import WebIdentityGrant  # noqa: PLC0415

        return WebIdentityGrant(home.provider_arn(cluster.issuer), cluster.issuer, audience, subjects)

    def observe(self, _subject: Subject, _sides: Sides) -> None:
        return None

    def observe_all(self, _namespace: str | None, _sides: Sides) -> Mapping[Subject, BindingRecord]:
        return {}

    def bound_role(self, service_account: ServiceAccount | None, _record: BindingRecord | None) -> str | None:
        return bound_role(service_account)

    def bound_since(self, service_account: ServiceAccount | None, _record: BindingRecord | None) -> str:
        return bound_since(service_account)

    def audience(self, service_account: ServiceAccount | None) -> str:
        return audience_in_use(service_account)

    def spec(self, service_account: ServiceAccount, _record: BindingRecord | None) -> Mapping[str, Any]:
        return spec(service_account)

    def pods_refused(self, service_account: ServiceAccount) -> str:
        return pods_refused(service_account)

    def provable_role(
        self, service_account: ServiceAccount | None, _record: BindingRecord | None
    ) -> Arn | Reason:
        from . import refusals  # noqa: PLC0415

        return refusals.role_to_assume(service_account)

    def prove(self, blank: Verification, role: Arn, tokens: Tokens, sides: Sides) -> Verification:
        from . import effects  # noqa: PLC0415

        return effects.prove(blank, role, tokens, sides)

    def explain(self, found: Verification, role: Arn, look: Callable[[Arn], RoleLook]) -> Verification:
        from . import effects  # noqa: PLC0415

        return effects.explain(found, role, look)


IRSA = Irsa()
