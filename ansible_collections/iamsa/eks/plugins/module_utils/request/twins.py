# SPDX-License-Identifier: GPL-3.0-or-later

"""Several requests that would work on the same thing at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..errors import InvalidValue
from .request import FieldNames, Request


def refuse_twins(requests: Sequence[Request], named: FieldNames) -> None:
    """Raises InvalidValue where two are about one ServiceAccount, or ask for one role."""
    service_account = _twice(f"{one.namespace or ''}/{one.name}" for one in requests)
    if service_account:
        raise InvalidValue(
            named("service_accounts"),
            service_account.lstrip("/"),
            "is there twice",
            remedy="merge the two items",
        )
    # IAM's role names ignore case.
    role = _twice(one.role_name.casefold() for one in requests if one.role_name)
    if role:
        raise InvalidValue(
            named("role_name"),
            role,
            "is asked for by two items",
            remedy="give each ServiceAccount a role of its own",
        )


def _twice(texts: Iterable[str]) -> str | None:
    seen = list(texts)
    return next((text for text in seen if seen.count(text) > 1), None)
