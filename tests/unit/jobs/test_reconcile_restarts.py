# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run says of pods that still have an earlier role, or none."""

from __future__ import annotations

import pytest
from unit.fakes.examples import ROLE_ARN, ROLE_NAME, desired, service_account
from unit.fakes.starts import MINE, S3, ready
from unit.fakes.wire import Hook, fails, hangs
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils import concurrency
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.run import DryRun
from ansible_collections.iamsa.eks.plugins.module_utils.kube.api.pods import PodOwner

NAMED = desired(S3, name=ROLE_NAME)
WEB, OLD = PodOwner("Deployment", "web"), PodOwner("StatefulSet", "old")
RESTART_WEB = "kubectl rollout restart deployment/web -n web"
RESTART_OLD = "kubectl rollout restart statefulset/old -n web"


@pytest.fixture
def busy(world: World) -> World:
    """Two workloads run under the ServiceAccount, which has no annotation; one has the role already."""
    ready(world)
    world.kubernetes.put(service_account({}))
    world.kubernetes.pods = {WEB: ROLE_ARN, OLD: ""}
    return world


def test_pods_without_the_role_are_to_be_restarted(busy: World) -> None:
    assert busy.create(NAMED).restarts == (RESTART_OLD,)


def test_a_changed_token_lifetime_concerns_every_pod(busy: World) -> None:
    busy.kubernetes.put(service_account(managers=MINE))
    wanted = desired(S3, name=ROLE_NAME, token_expiration=600)
    assert busy.create(wanted).restarts == (RESTART_WEB, RESTART_OLD)


def test_without_a_change_nothing_is_to_be_restarted(busy: World) -> None:
    busy.create(NAMED)
    assert busy.create(NAMED).restarts == ()


@pytest.mark.parametrize("dry_run", ["client", "server"])
def test_a_dry_run_says_the_same(busy: World, dry_run: str) -> None:
    assert busy.create(NAMED, dry_run).restarts == (RESTART_OLD,)  # type: ignore[arg-type]


def test_pods_that_may_not_be_listed_make_a_notice(busy: World) -> None:
    busy.kubernetes.pods = None
    assert busy.create(NAMED).notices == (
        "pods could not be listed; restart any pods that run under serviceaccount web/my-sa",
    )


@pytest.mark.parametrize("dry_run", ["none", "client"])
@pytest.mark.parametrize("hook", [fails("InternalError"), hangs], ids=["failing", "hanging"])
def test_pods_that_cannot_be_listed_are_no_failure_once_all_is_done(
    busy: World, dry_run: DryRun, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy.wire.on("list pods", hook)
    monkeypatch.setattr(concurrency, "BESIDES_SECONDS", 0.0)
    assert busy.create(NAMED, dry_run).notices == (
        "pods could not be listed; restart any pods that run under serviceaccount web/my-sa",
    )
