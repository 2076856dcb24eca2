# SPDX-License-Identifier: GPL-3.0-or-later

"""Opens the connections to AWS and Kubernetes, from the options of a module."""

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
    """Return the access to the cluster, and log in to AWS with its credentials.

    Raises:
        InvalidValue: an option has an invalid value.
        Unlocated: the cluster or the region could not be determined.
    """
    params = module.params
    where = where_of(params)
    access = locate(where, os.environ, deadline_of(params, service_accounts=service_accounts))
    for notice in access.notices:
        module.warn(in_words(notice))
    access.log_in()
    return access
