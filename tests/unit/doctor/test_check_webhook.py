# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings about the registration of the webhook; there are none if pods get their role all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from unit.fakes.chains import chain_of
from unit.fakes.examples import our_role, service_account

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.pod import POD_CHECKS
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.webhook import WEBHOOK_CHECKS
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.evidence import Evidence
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import examine
from ansible_collections.iamsa.eks.plugins.module_utils.model.pods import Container, Pod, PodTemplate
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import SeenRole
from ansible_collections.iamsa.eks.plugins.module_utils.model.webhook import (
    CertificateAuthority,
    Probe,
    Webhook,
)

RULE = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
WELL = Webhook("pod-identity-webhook", "w", rules=(RULE,), failure_policy="Ignore")
LABELLED = {"matchLabels": {"irsa": "enabled"}}
BLIND = replace(WELL, rules=())
OVER = replace(WELL, ca=CertificateAuthority(until="2020-01-01T00:00:00Z", is_over=True))
NOWHERE = replace(WELL, service="kube-system/gone", has_service=False)
NARROW = replace(WELL, namespace_selector=LABELLED)
PICKY = replace(WELL, object_selector=LABELLED)
POD = Pod("web", "app-1", PodTemplate("my-sa", containers=(Container("c0"),)))


def found(
    *webhooks: Webhook, probed: bool = False, refusal: str = "", pods: tuple[Pod, ...] = ()
) -> dict[str, str]:
    """The finding of each check that fails."""
    chain = chain_of(service_account(), SeenRole(our_role()))
    evidence = Evidence(chain, webhooks=webhooks, probe=Probe(probed, refusal), pods=pods)
    results = examine(evidence, (*WEBHOOK_CHECKS, *(one for one in POD_CHECKS if one.id == "pod-selected")))
    return {one.check.id: one.what for one in results if one.verdict == "fail"}


WRONG = [
    pytest.param((), "webhook-present", id="none"),
    pytest.param((BLIND,), "webhook-rules", id="no-rule"),
    pytest.param((OVER,), "webhook-ca", id="old-ca"),
    pytest.param((NOWHERE,), "webhook-address", id="no-service"),
    pytest.param((NARROW,), "webhook-namespace", id="another-namespace"),
]


@pytest.mark.parametrize(("webhooks", "check"), WRONG)
def test_what_is_wrong_is_found(webhooks: tuple[Webhook, ...], check: str) -> None:
    assert set(found(*webhooks)) == {check}


def test_a_pod_that_is_refused_for_the_webhooks_volume_is_a_failure() -> None:
    why = "spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 1"
    failed = found(WELL, refusal=why)
    assert (set(failed), why in failed["webhook-answers"]) == ({"webhook-answers"}, True)


@pytest.mark.parametrize(("webhooks", "check"), WRONG)
def test_a_new_pod_that_is_told_its_role_proves_that_all_is_well(
    webhooks: tuple[Webhook, ...], check: str
) -> None:
    assert check not in found(*webhooks, probed=True)


@pytest.mark.parametrize(("webhooks", "check"), WRONG)
def test_a_second_webhook_that_is_right_is_enough(webhooks: tuple[Webhook, ...], check: str) -> None:
    assert check not in found(*webhooks, WELL)


def test_a_pod_is_passed_over_only_if_no_webhook_is_asked_about_it() -> None:
    assert "pod-selected" in found(PICKY, pods=(POD,))
    assert "pod-selected" not in found(PICKY, WELL, pods=(POD,))


@pytest.mark.parametrize(
    ("policy", "unanswered", "words"),
    [
        ("Ignore", False, "or does not know the ServiceAccount's role, and with failurePolicy Ignore pods"),
        ("Fail", True, "; the webhook does not answer, and with failurePolicy Fail no pod can be created"),
        ("Fail", False, "; the webhook answers, but does not know the ServiceAccount's role"),
    ],
)
def test_whether_the_webhook_answered_is_said_as_far_as_it_is_known(
    policy: str, words: str, *, unanswered: bool
) -> None:
    webhook = replace(WELL, failure_policy=policy)
    chain = chain_of(service_account(), SeenRole(our_role()))
    evidence = Evidence(chain, webhooks=(webhook,), probe=Probe(is_unanswered=unanswered))
    (what,) = (one.what for one in examine(evidence, WEBHOOK_CHECKS) if one.check.id == "webhook-answers")
    assert words in what
