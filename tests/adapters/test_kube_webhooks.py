# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a webhook's caBundle holds, and what comes of a pod that is tried."""

from __future__ import annotations

import base64

import pytest
from adapters.made_up_cluster import made_up_cluster
from breakages.cluster import certificate

from ansible_collections.iamsa.eks.plugins.module_utils.errors import RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.diagnostics import Diagnostics
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.webhooks import certificate_authority


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


# As kube-apiserver 1.35 answers.
TOKEN_VOLUME = "spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds"
TOO_LONG = "Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds"


def refused_pod(field: str) -> tuple[int, dict[str, str], object]:
    causes = [
        {
            "reason": "FieldValueNotFound",
            "message": "Not found",
            "field": "spec.containers[0].volumeMounts[1]",
        },
        {"reason": "FieldValueInvalid", "message": TOO_LONG, "field": field},
    ]
    return (
        422,
        {},
        {"kind": "Status", "reason": "Invalid", "message": "Pod is invalid", "details": {"causes": causes}},
    )


def test_a_pod_that_is_refused_for_the_webhooks_volume_tells_why() -> None:
    with made_up_cluster() as (server, cluster, _):
        server.replies = [refused_pod(TOKEN_VOLUME)]
        found = Diagnostics(cluster).probe(Subject("web", "app"))
    assert (found.is_told, found.refusal) == (False, f"{TOKEN_VOLUME}: {TOO_LONG}")


def test_a_pod_that_is_refused_for_something_else_says_nothing_of_the_webhook() -> None:
    with made_up_cluster() as (server, cluster, _):
        server.replies = [refused_pod("spec.containers[0].image")]
        with pytest.raises(RemoteError):
            Diagnostics(cluster).probe(Subject("web", "app"))


@pytest.mark.parametrize("name", ["iam-for-pods.amazonaws.com", "pod-identity-webhook.amazonaws.com"])
def test_a_webhook_that_does_not_answer_is_no_failure_of_the_probe(name: str) -> None:
    message = f'Internal error occurred: failed calling webhook "{name}": connection refused'
    with made_up_cluster() as (server, cluster, _):
        server.replies = [(500, {}, {"kind": "Status", "reason": "InternalError", "message": message})]
        assert Diagnostics(cluster).probe(Subject("web", "app")).is_unanswered


def test_a_webhook_of_another_tool_that_does_not_answer_is_a_failure() -> None:
    message = 'Internal error occurred: failed calling webhook "mutate.example.com": connection refused'
    with made_up_cluster() as (server, cluster, _):
        server.replies = [(500, {}, {"kind": "Status", "reason": "InternalError", "message": message})]
        with pytest.raises(RemoteError):
            Diagnostics(cluster).probe(Subject("web", "app"))
