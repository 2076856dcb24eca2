# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Findings about Pod Identity associations, with and without the annotation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from unit.fakes.chains import chain_of, changed
from unit.fakes.examples import ROLE_ARN, SUBJECT, our_role, service_account

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.chain import Chain
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.annotation import ANNOTATION_CHECKS
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.pod_identity import POD_IDENTITY_CHECKS
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.service_account import (
    SERVICE_ACCOUNT_CHECKS,
)
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.evidence import Evidence
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import examine
from ansible_collections.iamsa.eks.plugins.module_utils.model.association import Association
from ansible_collections.iamsa.eks.plugins.module_utils.model.pods import PodTemplate, Workload
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import SeenRole
from ansible_collections.iamsa.eks.plugins.module_utils.model.webhook import Probe

OTHER = Association("a-1", "arn:aws:iam::123456789012:role/other")
SAME = Association("a-1", ROLE_ARN)
CHECKS = (*SERVICE_ACCOUNT_CHECKS, *ANNOTATION_CHECKS, *POD_IDENTITY_CHECKS)

ANNOTATED = chain_of(service_account(), SeenRole(our_role()))
BARE = changed(ANNOTATED, service_account=replace(service_account(), annotations={}), seen=None)


def found(
    chain: Chain, *associations: Association, has_agent: bool = True, unread_too: str = "", **more: Any
) -> dict[str, str]:
    """The verdict of each check that fails or warns."""
    unread: Any = {"exchange": "not tried", **({unread_too: "denied"} if unread_too else {})}
    evidence = Evidence(chain, unread, associations=associations, has_agent=has_agent, **more)
    results = examine(evidence, CHECKS)
    return {one.check.id: one.verdict for one in results if one.verdict in ("fail", "warn")}


def test_another_role_overrides_the_annotation() -> None:
    assert found(ANNOTATED, OTHER) == {"pod-identity-association": "fail"}


def test_the_same_role_by_both_ways_only_warns() -> None:
    assert found(ANNOTATED, SAME) == {"pod-identity-association": "warn"}


def test_without_annotation_and_association_pods_get_no_role() -> None:
    assert found(BARE) == {"annotation-present": "fail"}


def test_an_association_alone_is_well() -> None:
    assert found(BARE, OTHER) == {}


def test_an_association_alone_needs_the_agent_too() -> None:
    assert found(BARE, OTHER, has_agent=False) == {"pod-identity-agent": "fail"}


def test_a_workload_with_an_association_is_under_the_right_service_account() -> None:
    workload = Workload("Deployment", "web", "app", PodTemplate("my-sa"))
    assert found(BARE, OTHER, workload=workload, neighbours=("shop",)) == {}


def test_a_workload_that_names_no_service_account_is_shown_the_one_with_a_role() -> None:
    default = replace(BARE, subject=replace(SUBJECT, name="default"))
    workload = Workload("Deployment", "web", "app", PodTemplate("default"))
    assert found(default, workload=workload, neighbours=("shop",)) == {"workload-account": "fail"}


def test_a_workload_that_names_its_service_account_is_not_given_a_neighbours() -> None:
    workload = Workload("Deployment", "web", "app", PodTemplate("my-sa"))
    assert found(BARE, workload=workload, neighbours=("shop",)) == {"annotation-present": "fail"}


BY_AGENT = Probe(is_told=True, is_by_agent=True)


def test_a_new_pod_tells_of_an_association_that_may_not_be_read() -> None:
    fails = {"pod-identity-admission": "fail"}
    assert found(ANNOTATED, unread_too="associations", probe=BY_AGENT) == fails
    assert found(ANNOTATED, probe=BY_AGENT) == fails


def test_a_new_pod_with_the_annotation_s_role_tells_of_none() -> None:
    assert found(ANNOTATED, unread_too="associations", probe=Probe(is_told=True)) == {}


def test_an_association_that_was_read_is_told_once() -> None:
    assert found(ANNOTATED, OTHER, probe=BY_AGENT) == {"pod-identity-association": "fail"}
