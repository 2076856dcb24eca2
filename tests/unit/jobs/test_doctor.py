# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What doctor does where one of its looks does not end."""

from __future__ import annotations

from typing import Any

import pytest
from unit.fakes.chains import binding_of
from unit.fakes.examples import CLUSTER, HOME, SUBJECT, service_account
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.bindings.writers import WRITERS
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.cluster_evidence import ClusterEvidence
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.collect import bare_evidence
from ansible_collections.iamsa.eks.plugins.module_utils.errors import TimedOut
from ansible_collections.iamsa.eks.plugins.module_utils.jobs import doctor
from ansible_collections.iamsa.eks.plugins.module_utils.model.observed import ClusterFacts


def test_a_trial_with_aws_that_hangs_is_left_and_leaves_half_of_the_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = world.access()
    given: list[float] = []

    def hang(*arguments: Any) -> None:
        given.append(arguments[-1].deadline.seconds)
        raise TimedOut("timed out verifying")

    monkeypatch.setattr(doctor, "prove", hang)
    kubernetes: Any = world.kubernetes
    examining = doctor._Doctor(access, (), world.source.described, kubernetes, WRITERS)
    evidence = bare_evidence(
        SUBJECT, binding_of(None), ClusterEvidence(ClusterFacts(CLUSTER, HOME, provider=None))
    )
    found = examining._with_exchange(evidence, service_account({}))
    assert found.unread["exchange"] == "timed out verifying"
    assert given == [access.deadline.seconds / 2]
