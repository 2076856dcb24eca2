# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A role annotation with a misspelled key, or with white space around the ARN."""

from __future__ import annotations

import pytest
from kubectl_iamsa.spelling import spelled
from unit.fakes.chains import chain_of
from unit.fakes.examples import ROLE_ARN, our_role, service_account

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.annotation import ANNOTATION_CHECKS
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.check import Result
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.role import ROLE_CHECKS
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.evidence import Evidence
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import examine
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_RECORD,
    ANNOTATION_ROLE_ARN,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import SeenRole

ANNOTATE = "kubectl annotate --overwrite serviceaccount my-sa -n web"
CHECKS = (*ANNOTATION_CHECKS, *ROLE_CHECKS)


def results(annotations: dict[str, str], seen: SeenRole | None = None) -> dict[str, Result]:
    chain = chain_of(service_account(annotations), seen)
    return {one.check.id: one for one in examine(Evidence(chain), CHECKS)}


@pytest.mark.parametrize(
    "key",
    [
        *("eks.amazon.com/role-arn", "eks.amazonaws.com/role_arn", "eks.amazonaws.com/roleArn"),
        *("eks.amazonaws.com/rolearn", "EKS.amazonaws.com/role-arn", "eks.amazonaws.com/role"),
        *("eks.amazonaws.com/iam-role-arn", "sts.amazonaws.com/role-arn", "eks.amazonws.com/role-arn"),
    ],
)
def test_a_misspelled_key_is_named_and_renamed(key: str) -> None:
    found = results({key: ROLE_ARN})["annotation-present"]
    assert f"; the similar annotation {key} has no effect" in found.what
    assert spelled(found.remedy) == f"{ANNOTATE} {ANNOTATION_ROLE_ARN}={ROLE_ARN} {key}-"


@pytest.mark.parametrize(
    "key",
    [
        *(ANNOTATION_AUDIENCE, "eks.amazonaws.com/sts-regional-endpoints", "iam.amazonaws.com/role"),
        *("meta.helm.sh/release-name", "eks.amazonaws.com/token-expiration", "iamsa/created-for"),
    ],
)
def test_other_keys_are_not_similar(key: str) -> None:
    assert "similar" not in results({key: ROLE_ARN})["annotation-present"].what


def test_the_record_of_a_delete_is_not_similar() -> None:
    assert "similar" not in str(results({ANNOTATION_RECORD: ROLE_ARN})["annotation-present"].what)


def test_a_misspelled_key_without_an_arn_is_only_named() -> None:
    found = results({"eks.amazon.com/role-arn": "my-role"})["annotation-present"]
    assert "similar annotation eks.amazon.com/role-arn" in found.what
    assert spelled(found.remedy).startswith("kubectl iamsa create")


@pytest.mark.parametrize("value", [f"{ROLE_ARN} ", f" {ROLE_ARN}", f"{ROLE_ARN}\n", f"{ROLE_ARN}\t"])
def test_the_role_of_an_arn_with_white_space_is_kept(value: str) -> None:
    found = results({ANNOTATION_ROLE_ARN: value})["annotation-form"]
    assert found.verdict == "fail"
    assert spelled(found.remedy) == f"{ANNOTATE} {ANNOTATION_ROLE_ARN}={ROLE_ARN}"


def test_whether_the_role_exists_waits_for_a_valid_annotation() -> None:
    found = results({ANNOTATION_ROLE_ARN: f"{ROLE_ARN} "})
    assert (found["role-exists"].verdict, found["role-exists"].waits) == ("skipped", True)
    assert found["role-exists"].what == "annotation-form must pass first"
    assert found["policies-attached"].verdict == "skipped"


def test_a_role_that_exists_is_checked_in_any_case() -> None:
    found = results({ANNOTATION_ROLE_ARN: "x"}, SeenRole(our_role()))
    assert (found["role-exists"].verdict, found["policies-attached"].verdict) == ("ok", "fail")
