# SPDX-License-Identifier: GPL-3.0-or-later

"""The protocol of a grant: the trust that a kind of binding needs for its ServiceAccounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol

from ..identity.subject import Subject
from ..policy.equality import Document
from .conditions import Conditions

Mismatch = Literal["principal", "issuer", "action", "audience", "subject", "wildcard", "condition"]


class Grant(Protocol):
    """The trust that ServiceAccounts need, and how existing statements compare with it.

    "Ours" is a statement for exactly these ServiceAccounts.
    """

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """The ServiceAccounts that can assume the role; statements are evaluated for the first."""

    @property
    def claims(self) -> Mapping[str, str]:
        """The claims of a token of the first subject, by condition key in lowercase."""

    @property
    def subject_key(self) -> str:
        """The condition key, in lowercase, that names a statement's ServiceAccounts."""

    def statement(self) -> dict[str, Any]:
        """The statement that the trust policy must contain."""

    def is_ours(self, statement: Document) -> bool:
        """Whether a statement is for exactly these ServiceAccounts, even if it has drifted."""

    def of_issuer(self, issuer: str) -> Grant:
        """The same grant under another issuer of the cluster."""

    def is_about(self, statement: Mapping[str, Any]) -> bool:
        """Whether a statement's principal and action match a pod's request, regardless of conditions."""

    def names_action(self, statement: Document) -> bool:
        """Whether a statement of ours names the action with which pods assume the role."""

    def lets_in(self, statement: Document) -> bool:
        """Whether a statement of ours allows pods to assume the role, if its further conditions hold."""

    def further(self, statement: Document) -> Conditions:
        """The conditions of a statement of ours that iamsa did not set."""

    def taking_over(self, statement: Document, earlier: Grant) -> Document:
        """A statement of `earlier`, the same grant under an earlier issuer, changed to this grant."""

    def mismatches(self, statement: Mapping[str, Any]) -> dict[Mismatch, str]:
        """Why an Allow statement does not apply to pods: each mismatch, and what the statement says."""
