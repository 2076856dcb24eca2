# SPDX-License-Identifier: GPL-3.0-or-later

"""What all steps have in common: what they change, when, and how the words for it begin."""

from __future__ import annotations

from enum import IntEnum
from typing import Literal, NoReturn


class Phase(IntEnum):
    """The order of operations: nothing of a phase starts before the phases above it are done.

    Who is to be kept out is kept out before a policy is attached, and a boundary goes after the policies that
    go: a run that is broken off never leaves somebody with more than either end would give.
    """

    NAMESPACE = 1
    PROVIDER = 2
    RELEASE = 3
    ROLE = 4
    BOUNDARY = 5
    EXCLUSION = 6
    RECORD = 7
    INLINE = 8
    MANAGED = 9
    PURGE = 10
    TRUST = 11
    UNBOUNDING = 12
    TAGS = 13
    ROLE_END = 14
    SERVICE_ACCOUNT = 15


Verb = Literal["create", "add", "attach", "detach", "put", "delete", "set", "remove"]


Part = Literal[
    "", "audience", "settings", "boundary", "inline policy", "policy", "trust policy", "tags", "annotations"
]


def never(step: NoReturn) -> NoReturn:
    """The last case of a `match` over a union: mypy refuses it where a class has no case of its own."""
    raise AssertionError(f"no case for {step!r}")
