# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom a role is to trust for its ServiceAccounts, whatever the kind of binding says it by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol

from ..identity.subject import Subject
from ..policy.equality import Document
from .conditions import Conditions

Mismatch = Literal["principal", "issuer", "action", "audience", "subject", "wildcard", "condition"]


class Grant(Protocol):
    """What our statement says, and the judgement of statements by it."""

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """The ServiceAccounts that may assume the role; judged is the first."""

    @property
    def claims(self) -> Mapping[str, str]:
        """What a pod's request says of the first of them, by condition key in lower case."""

    @property
    def subject_key(self) -> str:
        """The condition key, in lower case, by which a statement says which ServiceAccounts it is for."""

    def statement(self) -> dict[str, Any]:
        """What the trust policy must say."""

    def is_ours(self, statement: Document) -> bool:
        """Whether a statement is for exactly these ServiceAccounts, though it may have drifted."""

    def of_issuer(self, issuer: str) -> Grant:
        """What it said while that was the cluster's issuer."""

    def is_about(self, statement: Mapping[str, Any]) -> bool:
        """Whether a statement's principal and action are those of a pod's request; conditions aside."""

    def names_action(self, statement: Document) -> bool:
        """Whether a statement of ours allows the action with which pods assume the role."""

    def lets_in(self, statement: Document) -> bool:
        """Whether a statement of ours lets pods in, wherever its further conditions hold."""

    def further(self, statement: Document) -> Conditions:
        """The conditions of a statement of ours that iamsa did not set."""

    def taking_over(self, statement: Document, earlier: Grant) -> Document:
        """A statement of `earlier`, which is this grant of an earlier issuer, as one of this."""

    def mismatches(self, statement: Mapping[str, Any]) -> dict[Mismatch, str]:
        """What keeps an Allow statement from letting pods in, each with the words found there."""
