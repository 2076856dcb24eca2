# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task says of the ServiceAccounts that it has processed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.identity.account import RoleHome
from ansible_collections.iamsa.eks.plugins.module_utils.identity.cluster import ClusterRef
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.batch import BatchItem
from ansible_collections.iamsa.eks.plugins.module_utils.model.association import Association, SeenAssociations
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import Binding, Desired, RoleSpec
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ClusterFacts
from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import Outcome
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Verification, by_association
from ansible_collections.iamsa.eks.plugins.module_utils.task.running import Failed
from ansible_collections.iamsa.eks.plugins.module_utils.task.service_accounts import Recorder, _all, _result

SUBJECT = Subject("web", "shop")
ROLE_ARN, OTHER = (f"arn:aws:iam::123456789012:role/{name}" for name in ("shop", "other"))
CLUSTER = ClusterRef("https://issuer.example", "arn:aws:eks:us-east-1:123456789012:cluster/demo", "us-east-1")
JOB = BatchItem(Desired(RoleSpec(), (Binding(SUBJECT),)), Recorder(dry_run=False))


def outcome(association: Association) -> Outcome:
    """Nothing was to do."""
    return Outcome(
        facts=ClusterFacts(CLUSTER, RoleHome("aws", "123456789012"), None),
        subject=SUBJECT,
        role=Role("shop", "/", ROLE_ARN, {}),
        attached={},
        inline={},
        annotations={},
        steps=(),
        via="irsa",
        audience="sts.amazonaws.com",
        binding={},
        notices=("an association wins",),
        associations=SeenAssociations((association,)),
    )


def test_it_is_a_warning_and_in_the_result() -> None:
    told = _result(JOB, outcome(Association("a-1", OTHER)), "none")
    assert (told["failed"], told["warnings"]) == (False, ["an association wins"])
    assert told["service_account_role"]["status"]["podIdentityAssociations"] == [
        {"id": "a-1", "roleArn": OTHER, "targetRoleArn": None, "ownerArn": None}
    ]


@pytest.mark.parametrize("given", [OTHER, ROLE_ARN], ids=["another role", "the same role"])
def test_a_wait_for_what_cannot_be_proven_fails(given: str) -> None:
    association = Association("a-1", given)
    proof = Verification(
        CLUSTER, SUBJECT, ROLE_ARN, "sts.amazonaws.com", "irsa", reason=by_association(association, ROLE_ARN)
    )
    told = _result(JOB, replace(outcome(association), verification=proof), "none")
    assert told["failed"]
    assert "a-1" in told["msg"]


def one(name: str, *, changed: bool = False, msg: str = "") -> dict[str, object]:
    return {
        "service_account": {"namespace": "web", "name": name},
        "changed": changed,
        "failed": bool(msg),
        "msg": msg,
    }


def test_the_message_of_many_counts_them() -> None:
    told = _all([one("a", changed=True), one("b"), one("c")])
    assert told["msg"] == "3 ServiceAccounts: 1 changed, 2 unchanged"


def test_the_message_of_a_failure_begins_with_what_failed() -> None:
    with pytest.raises(Failed) as caught:
        _all([one("a", changed=True), one("b", msg="it broke"), one("c")])
    assert (
        caught.value.result["msg"] == "web/b: it broke. 3 ServiceAccounts: 1 failed, 1 changed, 1 unchanged"
    )
