# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Doctor finds what a kind that the core does not know has bound, and judges it by what the kind says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from documents import check
from unit.bindings.shop import OTHER, Shop, badged
from unit.fakes.api_server import pod
from unit.fakes.examples import (
    OPS_STATEMENT,
    READ_S3,
    ROLE_NAME,
    SUBJECT,
    by_arn,
    desired,
)
from unit.fakes.world import Told

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.check import Result
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import is_well
from ansible_collections.iamsa.eks.plugins.module_utils.documents.diagnosis import diagnosis_document
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.doctor import (
    Diagnosis,
    examine_all,
    examine_workload,
)
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.reconcile import ensure
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ServiceAccount


def by_check(found: Diagnosis) -> dict[str, Result]:
    return {result.check.id: result for result in found.results}


class TestDoctor:
    @pytest.fixture
    def well(self, shop: Shop) -> Shop:
        """With a role that has a policy."""
        shop.create(badged(desired(by_arn(READ_S3), name=ROLE_NAME)))
        shop.world.wire.forget()
        return shop

    def test_nothing_is_wrong_and_the_kind_has_proven_it(self, well: Shop) -> None:
        found = well.examined()
        assert is_well(found.results)
        assert by_check(found)["token-exchange"].verdict == "ok"
        assert well.world.wire.names("badge:Look")
        assert not well.world.wire.names("sts:AssumeRoleWithWebIdentity")

    def test_its_document_is_as_the_schema_says(self, bound: Shop) -> None:
        found = check(diagnosis_document(bound.examined(), SUBJECT))
        assert found["status"]["diagnosis"]["summary"]["fail"] == 1

    def test_what_it_does_without_is_not_looked_at(self, well: Shop) -> None:
        well.world.account.providers.clear()
        well.world.kubernetes.connection.pods = [pod(SUBJECT)]
        found = well.examined()
        assert is_well(found.results)
        unused = {name for name, one in by_check(found).items() if one.what == "not used by its badge"}
        assert {"provider-exists", "webhook-present", "webhook-answers", "pod-variables"} <= unused

    def test_whom_the_role_trusts_is_judged_by_the_kind(self, well: Shop) -> None:
        world = well.world
        world.account.put(replace(world.role, trust={**world.role.trust, "Statement": [OPS_STATEMENT]}))
        found = by_check(well.examined())["trust-principal"]
        assert (found.verdict, found.what[:37]) == ("fail", "the trust policy trusts somebody else")

    def test_a_proof_that_fails_says_why(self, well: Shop) -> None:
        arn = well.world.role.arn
        well.world.wire.on("badge:Look", lambda _: arn)
        well.world.wire.on("badge:Look", lambda _: f"{arn}-2")
        found = by_check(well.examined())["token-exchange"]
        assert (found.verdict, "its badge is for another role" in found.what) == ("fail", True)

    @pytest.mark.parametrize("namespace", ["web", None])
    def test_it_is_found_among_others(self, well: Shop, namespace: str | None) -> None:
        ensure(desired(by_arn(READ_S3), subject=OTHER), well.world.access(), Told(), kinds=well.kinds)
        well.world.kubernetes.put(ServiceAccount(Subject("web", "plain"), {}))
        found = examine_all(namespace, well.world.access(), kinds=well.kinds)
        assert [(one.subject, is_well(one.results)) for one in found] == [(SUBJECT, True), (OTHER, True)]

    def test_it_is_what_a_workload_without_a_role_is_pointed_to(self, well: Shop) -> None:
        kubernetes = well.world.kubernetes
        kubernetes.put(ServiceAccount(Subject("web", "default"), {}))
        kubernetes.connection.workloads["/apis/apps/v1/namespaces/web/deployments/app"] = {
            "spec": {"selector": {}, "template": {"spec": {}}}
        }
        found = examine_workload("Deployment", "app", well.world.access(), kinds=well.kinds)
        assert "which has no role, unlike my-sa" in by_check(found)["workload-account"].what
