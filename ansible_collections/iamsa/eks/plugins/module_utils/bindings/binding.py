# SPDX-License-Identifier: GPL-3.0-or-later

"""What a kind of binding has to answer to whoever reads and proves it; `writer.py` has what it writes.

A kind stands in a folder of its own: `rules.py` is pure, `effects.py` calls what `Sides` offers. Whoever has
to know something of a binding asks the kind, and never which one it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

# What is asked has to be cheap to import: completion and list ask but a little of it.
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any

    from ..deadline import Deadline
    from ..identity.account import RoleHome
    from ..identity.arn import Arn
    from ..identity.cluster import ClusterRef
    from ..identity.subject import Subject
    from ..model.binding import BindingRecord, Link
    from ..model.observed import ServiceAccount
    from ..model.verification import Reason, Refusal, RoleLook, Token, Verification
    from ..trust.grant import Grant


class Tokens(Protocol):
    """Who issues tokens of ServiceAccounts."""

    def request_token(self, subject: Subject, audience: str) -> Token | None: ...


class TokenExchange(Protocol):
    """Who takes such a token for a role: the ARN of the session, or why not."""

    def assume(self, role_arn: str, token: Token, session_name: str) -> str | Refusal: ...


class Sides(Protocol):
    """What a kind may call. A kind that needs more adds it here, in the words of the model."""

    @property
    def deadline(self) -> Deadline: ...

    @property
    def sts(self) -> TokenExchange: ...


class BindingKind(Protocol):
    """One kind. `service_account` is None where there is none, `record` where the kind keeps none."""

    @property
    def name(self) -> str:
        """What `via` calls it."""

    @property
    def bond(self) -> str:
        """What sentences call that which binds, such as annotation."""

    @property
    def links(self) -> Collection[Link]:
        """By which of them pods get the role: doctor looks at no others."""

    # What must the trust policy say, and is a statement ours: the Grant says both.

    def grant(
        self, cluster: ClusterRef, home: RoleHome, subjects: tuple[Subject, ...], audience: str
    ) -> Grant: ...

    # How is it observed, and what is bound now.

    def observe(self, subject: Subject, sides: Sides) -> BindingRecord | None:
        """What the ServiceAccount itself does not tell; no call where it tells all."""

    def observe_all(self, namespace: str | None, sides: Sides) -> Mapping[Subject, BindingRecord]:
        """The same of a namespace, or with None of the cluster."""

    def bound_role(self, service_account: ServiceAccount | None, record: BindingRecord | None) -> str | None:
        """The role that new pods are to get, right or wrong as it is spelled; None where they get none."""

    def bound_since(self, service_account: ServiceAccount | None, record: BindingRecord | None) -> str:
        """When that was last written (RFC 3339); "" where it is not known."""

    def audience(self, service_account: ServiceAccount | None) -> str:
        """Of the tokens that pods get; "" where they get none of this kind."""

    def spec(self, service_account: ServiceAccount, record: BindingRecord | None) -> Mapping[str, Any]:
        """What a document's `spec` says of the binding beside `via`; not what no option could have set."""

    def pods_refused(self, service_account: ServiceAccount) -> str:
        """Why no pod can be created, with "it" for the ServiceAccount; "" where the kind hinders none."""

    # How is the binding proven.

    def provable_role(
        self, service_account: ServiceAccount | None, record: BindingRecord | None
    ) -> Arn | Reason:
        """The role that new pods would ask for, or why it cannot be one."""

    def prove(self, blank: Verification, role: Arn, tokens: Tokens, sides: Sides) -> Verification:
        """One go at what a pod does."""

    def explain(self, found: Verification, role: Arn, look: Callable[[Arn], RoleLook]) -> Verification:
        """The same with a better reason where AWS does not say it; `look` finds out about the role."""


Kinds = Mapping[str, BindingKind]
