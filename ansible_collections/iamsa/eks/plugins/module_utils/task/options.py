# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One option's value, from Ansible's to the core's; None where it is not given or the module has none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..model import values


def checked(params: Mapping[str, Any], name: str, check: Callable[[str, str], str]) -> str | None:
    """What `check` makes of the value and the option's name; it raises InvalidValue."""
    value = params.get(name)
    return None if value is None else check(value, name)


def text(params: Mapping[str, Any], name: str) -> str | None:
    """Raises InvalidValue where it is empty, passes 4096 characters or has a control character."""
    return checked(params, name, lambda value, field: values.check_text(value, field, 4096))


def seconds(params: Mapping[str, Any], name: str, bounds: tuple[int, int]) -> int | None:
    """Raises InvalidValue where it is no duration, or outside of `bounds`, both in seconds."""
    value = params.get(name)
    return None if value is None else values.parse_duration(value, name, *bounds)


def scalar(value: Any) -> str:
    """As YAML spells it: `yes` and `true` arrive as a bool, nothing as None."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
