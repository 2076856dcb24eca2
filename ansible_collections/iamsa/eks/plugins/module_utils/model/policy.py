# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The policies that a role is to have: what the user typed, what it refers to, and what it resolves to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .identity import Arn

Document = Mapping[str, Any]


@dataclass(frozen=True)
class PolicyArn:
    """A managed policy by its ARN, AWS's own or an account's."""

    arn: Arn


@dataclass(frozen=True)
class PolicyName:
    """A managed policy by name; which one it means is looked up in the account."""

    name: str


@dataclass(frozen=True)
class PolicyFile:
    """A policy document by the path that was typed; nothing is read yet."""

    path: str


@dataclass(frozen=True)
class InlinePolicy:
    """A policy document that becomes part of the role; `source` is the file it came from, for messages."""

    name: str
    document: Document
    source: str


@dataclass(frozen=True)
class ManagedPolicy:
    """A managed policy that exists."""

    name: str
    arn: str


PolicyReference = PolicyArn | PolicyName | InlinePolicy
ResolvedPolicy = ManagedPolicy | InlinePolicy
