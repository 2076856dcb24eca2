# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a webhook's caBundle holds."""

from __future__ import annotations

import base64

import pytest
from e2e.breakages.cluster import certificate

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.webhooks import certificate_authority


def encoded(pem: bytes) -> str:
    return base64.b64encode(pem).decode()


def test_a_certificate_that_is_good_tells_until_when() -> None:
    found = certificate_authority(encoded(certificate(days=30)))
    assert (found.is_readable, found.is_over) == (True, False)
    assert found.until.endswith("Z")


def test_a_certificate_that_has_ended() -> None:
    assert certificate_authority(encoded(certificate(days=-1))).is_over


def test_of_several_the_last_to_end_counts() -> None:
    bundle = certificate(days=-1) + certificate(days=30)
    assert not certificate_authority(encoded(bundle)).is_over


@pytest.mark.parametrize("bundle", ["!", encoded(b"no certificate"), encoded(b"\xff")])
def test_what_is_no_certificate_cannot_be_read(bundle: str) -> None:
    assert not certificate_authority(bundle).is_readable


def test_without_a_bundle_the_systems_authorities_count() -> None:
    assert certificate_authority("").is_readable
