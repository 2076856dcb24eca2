# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks that several requests do not change the same ServiceAccount or role at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..errors import InvalidValue
from .request import FieldNames, Request


def refuse_twins(requests: Sequence[Request], named: FieldNames) -> None:
    """Raises InvalidValue if two requests name the same ServiceAccount or the same role."""
    service_account = _twice(f"{one.namespace or ''}/{one.name}" for one in requests)
    if service_account:
        raise InvalidValue(
            named("service_accounts"),
            service_account.lstrip("/"),
            "must not occur twice",
            remedy="merge the two items",
        )
    # IAM's role names ignore case.
    role = _twice(one.role_name.casefold() for one in requests if one.role_name)
    if role:
        raise InvalidValue(
            named("role_name"),
            role,
            "must not be used by two items",
            remedy="use a separate role for each ServiceAccount",
        )


def _twice(texts: Iterable[str]) -> str | None:
    seen = list(texts)
    return next((text for text in seen if seen.count(text) > 1), None)
