# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The issuer of an OIDC provider, and which trust policies speak of it."""

from __future__ import annotations

from typing import Any

import pytest
from unit.fakes.examples import ISSUER, PROVIDER_ARN

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue
from ansible_collections.iamsa.eks.plugins.module_utils.model.provider import (
    check_issuer_url,
    issuer_of,
    lets_in,
)

WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"


@pytest.mark.parametrize(
    "url", [ISSUER, "https://issuer.example", "https://a.b/c/d", "https://oidc-eks.eu-west-1.api.aws/id/A1"]
)
def test_an_issuer(url: str) -> None:
    assert check_issuer_url(url, "issuer_url") == url


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("", "use a URL such as https://"),
        ("https://", "use a URL such as https://"),
        ("http://a.b/id/A", 'use "https://a.b/id/A"'),
        ("a.b/id/A", 'use "https://a.b/id/A"'),
        ("https://a.b/id/A/", 'use "https://a.b/id/A"'),
        (" https://a.b ", 'use "https://a.b"'),
        ("https://a.b:6443/id", "use a URL such as https://"),
        ("https://me@a.b/id", "use a URL such as https://"),
        ("https://a.b/id?x=y", "use a URL such as https://"),
        ("https://a.b//id", "use a URL such as https://"),
        ("https://a.b/id\n", 'use "https://a.b/id"'),
        (f"https://a.b/{'x' * 250}", "shorten it"),
    ],
)
def test_what_is_no_issuer(url: str, remedy: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        check_issuer_url(url, "issuer_url")
    assert caught.value.remedy.startswith(remedy)


def test_a_provider_s_arn_spells_its_issuer() -> None:
    assert issuer_of(PROVIDER_ARN) == ISSUER


@pytest.mark.parametrize(
    ("statement", "lets"),
    [
        ({"Effect": "Allow", "Principal": {"Federated": PROVIDER_ARN}, "Action": WEB_IDENTITY}, True),
        ({"Effect": "Allow", "Principal": {"Federated": ["x", PROVIDER_ARN]}, "Action": WEB_IDENTITY}, True),
        ({"Effect": "Allow", "Principal": {"Federated": f"{PROVIDER_ARN}2"}, "Action": WEB_IDENTITY}, False),
        ({"Effect": "Deny", "Principal": {"Federated": PROVIDER_ARN}, "Action": WEB_IDENTITY}, False),
        ({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}, False),
        ({"Effect": "Allow", "Principal": "*", "Action": "*"}, False),
        ("nonsense", False),
        ({"Effect": "Allow", "NotPrincipal": {"Federated": PROVIDER_ARN}, "Action": WEB_IDENTITY}, False),
        ({"Effect": "Allow", "NotPrincipal": {"AWS": "999999999999"}, "Action": WEB_IDENTITY}, False),
    ],
)
def test_whether_a_trust_policy_speaks_of_it(statement: Any, lets: bool) -> None:
    assert lets_in({"Version": "2012-10-17", "Statement": [statement]}, PROVIDER_ARN) is lets
    assert lets_in({"Version": "2012-10-17", "Statement": statement}, PROVIDER_ARN) is lets
