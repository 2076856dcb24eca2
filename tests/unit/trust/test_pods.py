# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which trust statements EKS Pod Identity needs, and under which heading they come."""

from __future__ import annotations

from typing import Any

import pytest
from unit.fakes.examples import AUDIENCE, ISSUER, PROVIDER_ARN, SUBJECT

from ansible_collections.iamsa.eks.plugins.module_utils.model.association import Association, PodUse
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import (
    POD_SERVICE,
    is_for_pods_alone,
    names_pods,
    read_trust,
    trust_policy,
    trusts_pods,
)
from ansible_collections.iamsa.eks.plugins.module_utils.trust.web_identity import WebIdentityGrant

GRANT = WebIdentityGrant(PROVIDER_ARN, ISSUER, AUDIENCE, (SUBJECT,))
USED, UNUSED, UNKNOWN = PodUse(Association("a-1", subject=SUBJECT)), PodUse(), PodUse(unread="denied")


def statement(principal: Any, **changes: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **changes}


PODS = statement({"Service": POD_SERVICE})
MIXED = statement({"Service": [POD_SERVICE, "ec2.amazonaws.com"]})


@pytest.mark.parametrize(
    ("one", "trusts", "alone"),
    [
        pytest.param(PODS, True, True, id="service"),
        pytest.param(statement({"Service": [POD_SERVICE]}), True, True, id="list"),
        pytest.param({**PODS, "Condition": {"StringEquals": {"a": "b"}}}, True, True, id="condition"),
        pytest.param(MIXED, True, False, id="two services"),
        pytest.param(statement({"Service": POD_SERVICE, "AWS": "*"}), True, False, id="also an account"),
        pytest.param({**PODS, "Effect": "Deny"}, False, False, id="deny"),
        pytest.param(statement({"Service": "ec2.amazonaws.com"}), False, False, id="ec2"),
        pytest.param(statement({"AWS": POD_SERVICE}), False, False, id="not a service"),
        pytest.param(statement("*"), False, False, id="everybody"),
        pytest.param({"Effect": "Allow", "NotPrincipal": {"Service": POD_SERVICE}}, False, False, id="not"),
        pytest.param("text", False, False, id="no statement"),
    ],
)
def test_whom_a_statement_trusts(one: Any, trusts: bool, alone: bool) -> None:
    assert (trusts_pods(one), is_for_pods_alone(one)) == (trusts, alone)
    assert names_pods(trust_policy([GRANT.statement()]) | {"Statement": [one]}) == trusts


@pytest.mark.parametrize(
    ("one", "use", "headings"),
    [
        pytest.param(PODS, USED, {"pods"}, id="used"),
        pytest.param(PODS, UNKNOWN, {"pods"}, id="unknown"),
        pytest.param(PODS, UNUSED, {"unmanaged", "removable"}, id="unused"),
        pytest.param(MIXED, USED, {"unmanaged", "held"}, id="mixed and used"),
        pytest.param(MIXED, UNKNOWN, {"unmanaged", "held"}, id="mixed and unknown"),
        pytest.param(MIXED, UNUSED, {"unmanaged", "removable"}, id="mixed and unused"),
        pytest.param({**PODS, "Effect": "Deny"}, USED, {"unmanaged", "removable"}, id="deny"),
    ],
)
def test_the_heading_depends_on_who_uses_the_role(one: Any, use: PodUse, headings: set[str]) -> None:
    reading = read_trust(trust_policy([GRANT.statement(), one]), GRANT, may_serve_pods=use.is_possible)
    assert len(reading.ours) == 1
    names = ("stale", "unmanaged", "pods", "held", "removable")
    assert {name for name in names if getattr(reading, name)} == headings
