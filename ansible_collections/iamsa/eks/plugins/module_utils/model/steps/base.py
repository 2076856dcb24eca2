# SPDX-License-Identifier: GPL-3.0-or-later

"""The vocabulary of all steps: phases, verbs and the parts of a resource that they change."""

from __future__ import annotations

from enum import IntEnum
from typing import Literal, NoReturn


class Phase(IntEnum):
    """The order of steps: a phase starts only after all earlier phases are done.

    Trust is withdrawn before a policy is attached, and a boundary is removed after the policies that are
    removed. An interrupted run therefore never grants more than the state before or after the run.
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
    """The last case of a `match` over a union: mypy rejects it if a class of the union has no case."""
    raise AssertionError(f"no case for {step!r}")
