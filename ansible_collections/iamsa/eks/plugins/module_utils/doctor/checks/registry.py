# SPDX-License-Identifier: GPL-3.0-or-later

"""All checks, in the order in which they run and are printed."""

from __future__ import annotations

from .annotation import ANNOTATION_CHECKS
from .check import Check
from .cluster import CLUSTER_CHECKS
from .mounted_token import MOUNTED_TOKEN_CHECKS
from .pod import POD_CHECKS
from .pod_credentials import POD_CREDENTIALS_CHECKS
from .pod_identity import POD_IDENTITY_CHECKS
from .pod_settings import POD_SETTING_CHECKS
from .role import ROLE_CHECKS
from .service_account import SERVICE_ACCOUNT_CHECKS
from .trust import TRUST_CHECKS
from .trust_too_wide import TRUST_TOO_WIDE_CHECKS
from .webhook import WEBHOOK_CHECKS

CHECKS: tuple[Check, ...] = (
    *CLUSTER_CHECKS,
    *WEBHOOK_CHECKS,
    *SERVICE_ACCOUNT_CHECKS,
    *ANNOTATION_CHECKS,
    *MOUNTED_TOKEN_CHECKS,
    *POD_IDENTITY_CHECKS,
    *ROLE_CHECKS,
    *TRUST_CHECKS,
    *TRUST_TOO_WIDE_CHECKS,
    *POD_CHECKS,
    *POD_CREDENTIALS_CHECKS,
    *POD_SETTING_CHECKS,
)
