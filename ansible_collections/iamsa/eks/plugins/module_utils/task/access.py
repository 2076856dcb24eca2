# SPDX-License-Identifier: GPL-3.0-or-later

"""The way to both sides, from a module's options."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..cluster.access import Access
from ..cluster.locate import locate
from .target import deadline_of, where_of
from .words import in_words

if TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


def opened(module: AnsibleModule, *, service_accounts: int = 1) -> Access:
    """The way to both sides; nothing is asked of them yet, but for a session that MFA was needed for.

    Raises:
        InvalidValue: an option that cannot be right.
        Unlocated: cluster or region cannot be told.
    """
    params = module.params
    where = where_of(params)
    access = locate(where, os.environ, deadline_of(params, service_accounts=service_accounts))
    for notice in access.notices:
        module.warn(in_words(notice))
    access.log_in()
    return access
