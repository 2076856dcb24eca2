# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a ServiceAccount's annotations say of its binding."""

from __future__ import annotations

from unit.fakes.examples import ROLE_ARN, SUBJECT

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.irsa.kind import IRSA
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_ROLE_ARN,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount

OLD, NEW = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"


def test_it_is_bound_since_the_role_was_written() -> None:
    written = {ANNOTATION_ROLE_ARN: OLD, ANNOTATION_AUDIENCE: NEW}
    account = ServiceAccount(SUBJECT, {ANNOTATION_ROLE_ARN: ROLE_ARN}, written_at=written)
    assert IRSA.bound_since(account, None) == OLD


def test_since_when_is_not_known_where_no_manager_is_recorded() -> None:
    assert IRSA.bound_since(ServiceAccount(SUBJECT, {ANNOTATION_ROLE_ARN: ROLE_ARN}), None) == ""
