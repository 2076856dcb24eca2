# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes requests for one or many ServiceAccounts from the options of a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from ..model.desired import DeleteRequest, Desired
from ..request.check import CheckedRequest, check
from ..request.durations import wait_seconds
from ..request.request import Request
from ..request.twins import refuse_twins
from .arguments import DEFAULTS, SERVICE_ACCOUNT_ARGUMENTS
from .field_names import named, option_of
from .scalar import scalar


@dataclass(frozen=True)
class Item:
    """The checked request for one ServiceAccount.

    `wait` is the time limit for waiting for the role in seconds, 0 for no wait.
    """

    asked: CheckedRequest
    state: str
    wait: int

    def in_namespace(self, default: str) -> Desired | DeleteRequest:
        return self.asked.desired(default) if self.state == "present" else self.asked.deletion(default)


def read_items(params: Mapping[str, Any], *, check_mode: bool) -> list[Item]:
    """Return one item for the task, or one for each item of service_accounts.

    An item uses the options of the task that it does not set itself.

    Raises:
        InvalidValue, InvalidFile: an option has an invalid value, or names an invalid file.
    """
    if params["service_accounts"] is None:
        return [_item(params, check_mode=check_mode)]
    told = {name: params[name] for name in (*SERVICE_ACCOUNT_ARGUMENTS, "state")}
    items = [_item({**told, **_said(item)}, check_mode=check_mode) for item in params["service_accounts"]]
    refuse_twins([item.asked.request for item in items], named)
    return items


def _item(options: Mapping[str, Any], *, check_mode: bool) -> Item:
    given = {**DEFAULTS, **_said(options)}
    wait = wait_seconds(given["wait_timeout"], named("wait_timeout")) if given["wait"] else 0
    return Item(check(_request(given, check_mode=check_mode), named), given["state"], wait)


def _said(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _request(given: Mapping[str, Any], *, check_mode: bool) -> Request:
    options = {field.name: option_of(field.name) for field in fields(Request)}
    values = {field: given[option] for field, option in options.items() if option in given}
    # An empty variable means that there is no boundary to set: removing one has its own option.
    values["permissions_boundary"] = given.get("permissions_boundary") or None
    values["tags"] = [(str(key), scalar(value)) for key, value in given["tags"].items()]
    # In check mode, an earlier task that would create the namespace has not created it.
    return Request(**values, assume_namespace=check_mode and not given["create_namespace"])
