# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The finding and the remedy if AWS rejects a token although all other checks pass."""

from __future__ import annotations

import pytest
from kubectl_iamsa.spelling import spelled
from unit.fakes.chains import chain_of, changed
from unit.fakes.examples import (
    PROVIDER_ARN,
    READ_S3,
    ROLE_ARN,
    our_role,
    service_account,
)

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.chain import Chain
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.service_account import (
    SERVICE_ACCOUNT_CHECKS,
)
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.evidence import Evidence, Exchange
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import examine
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import SeenRole

SET_THUMBPRINT = (
    "aws iam update-open-id-connect-provider-thumbprint --open-id-connect-provider-arn"
    f" {PROVIDER_ARN} --thumbprint-list THUMBPRINT"
)
CHAIN = chain_of(service_account(), SeenRole(our_role(), {READ_S3.arn: READ_S3.name}))
ABROAD = service_account({ANNOTATION_ROLE_ARN: ROLE_ARN.replace("123456789012", "999999999999")})


def remedy(cause: str, chain: Chain = CHAIN) -> str:
    evidence = Evidence(chain, exchange=Exchange("words (Code)", cause))
    (found,) = (one for one in examine(evidence, SERVICE_ACCOUNT_CHECKS) if one.verdict == "fail")
    return spelled(found.remedy)


def test_thumbprints_that_do_not_match_are_set() -> None:
    assert remedy("thumbprintMismatch") == SET_THUMBPRINT


def test_another_accounts_provider_cannot_be_changed_from_here() -> None:
    assert remedy("thumbprintMismatch", changed(CHAIN, service_account=ABROAD, seen=None)) == ""


@pytest.mark.parametrize(
    "cause", ["issuerNotReachable", "issuerKeysMissing", "stsNotActivated", "notTrusted"]
)
def test_what_no_command_repairs_has_none(cause: str) -> None:
    assert remedy(cause) == ""
