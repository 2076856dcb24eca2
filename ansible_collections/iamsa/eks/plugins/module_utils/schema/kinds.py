# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of the documents that iamsa prints and modules return."""

from __future__ import annotations

API_VERSION = "iamsa/v1alpha1"

ROLE_KIND = "ServiceAccountRole"
LIST_KIND = "ServiceAccountRoleList"
PROVIDER_KIND = "OIDCProvider"
VERSION_KIND = "Version"
