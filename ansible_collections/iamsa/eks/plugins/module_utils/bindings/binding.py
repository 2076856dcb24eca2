# SPDX-License-Identifier: GPL-3.0-or-later

"""The protocol that a kind of binding implements for reading and verifying; `writer.py` adds writing.

Each kind has a folder of its own: `rules.py` is pure, and `effects.py` makes the calls that `Sides` offers.
Code outside these folders calls the kind's methods and never checks which kind it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

# Must be cheap to import: completion and list use only a few of these methods.
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
    """The Kubernetes side of a check: issues tokens for ServiceAccounts."""

    def request_token(self, subject: Subject, audience: str) -> Token | None:
        """A token of the ServiceAccount; None if the ServiceAccount does not exist."""


class TokenExchange(Protocol):
    """The AWS side of a check: exchanges a token for a role's credentials."""

    def assume(self, role_arn: str, token: Token, session_name: str) -> str | Refusal:
        """The ARN of the role session, or why AWS refused the token."""


class Sides(Protocol):
    """The adapters that a kind may call. A kind that needs another one adds it here, in terms of `model/`."""

    @property
    def deadline(self) -> Deadline: ...

    @property
    def sts(self) -> TokenExchange: ...


class BindingKind(Protocol):
    """One kind of binding.

    `service_account` is None if it does not exist, `record` if the kind keeps no record of it.
    """

    @property
    def name(self) -> str:
        """The kind's name in a document's `via`, such as `irsa`."""

    @property
    def bond(self) -> str:
        """The word for the binding in sentences, such as `annotation`."""

    @property
    def links(self) -> Collection[Link]:
        """The links through which pods get the role; doctor checks only these."""

    # Trust.

    def grant(
        self, cluster: ClusterRef, home: RoleHome, subjects: tuple[Subject, ...], audience: str
    ) -> Grant:
        """The trust that the role needs. It builds iamsa's trust statement and recognizes it."""

    # Reading.

    def observe(self, subject: Subject, sides: Sides) -> BindingRecord | None:
        """The part of the binding that is not on the ServiceAccount; makes no call if all of it is there."""

    def observe_all(self, namespace: str | None, sides: Sides) -> Mapping[Subject, BindingRecord]:
        """The records of a namespace, or of the whole cluster if `namespace` is None."""

    def bound_role(self, service_account: ServiceAccount | None, record: BindingRecord | None) -> str | None:
        """The role that new pods get, exactly as it was written, valid or not; None if they get none."""

    def bound_since(self, service_account: ServiceAccount | None, record: BindingRecord | None) -> str:
        """When the bound role was last written (RFC 3339); "" if unknown."""

    def audience(self, service_account: ServiceAccount | None) -> str:
        """The audience of the pods' tokens; "" if this kind gives them no tokens."""

    def spec(self, service_account: ServiceAccount, record: BindingRecord | None) -> Mapping[str, Any]:
        """The binding's fields in a document's `spec`, without `via` and values that no option can set."""

    def pods_refused(self, service_account: ServiceAccount) -> str:
        """Why no pod can be created, with "it" for the ServiceAccount; "" if the binding prevents none."""

    # Verifying.

    def provable_role(
        self, service_account: ServiceAccount | None, record: BindingRecord | None
    ) -> Arn | Reason:
        """The role that new pods would assume, or why they cannot assume one."""

    def prove(self, blank: Verification, role: Arn, tokens: Tokens, sides: Sides) -> Verification:
        """`blank` with the result of one attempt to assume `role` as a pod does."""

    def explain(self, found: Verification, role: Arn, look: Callable[[Arn], RoleLook]) -> Verification:
        """`found` with a more exact reason if AWS gave none; `look` reads the role."""


Kinds = Mapping[str, BindingKind]
