# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole job of the OIDC provider, in memory: lost answers, and others who are at work too."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from unit.fakes.examples import AUDIENCE, HOME, ISSUER, PROVIDER_ARN, our_role
from unit.fakes.sources import ApiServerSource
from unit.fakes.wire import Hook, answers, fails, loses_the_answer, meanwhile, raises
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, Refused, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.oidc_provider import ensure_provider
from ansible_collections.iamsa.eks.plugins.module_utils.model.provider import ProviderOutcome, ProviderSpec
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import Step
from ansible_collections.iamsa.eks.plugins.module_utils.observe.oidc_provider import (
    given_issuer,
    issuer_of_cluster,
)
from ansible_collections.iamsa.eks.plugins.module_utils.task.words import in_words

CREATE, DELETE = "iam:CreateOpenIDConnectProvider", "iam:DeleteOpenIDConnectProvider"
ADD, REMOVE = "iam:AddClientIDToOpenIDConnectProvider", "iam:RemoveClientIDFromOpenIDConnectProvider"
TAG, GET = "iam:TagOpenIDConnectProvider", "iam:GetOpenIDConnectProvider"
SWEEP = "iam:GetAccountAuthorizationDetails"
EXACT = ProviderSpec((AUDIENCE,), purges_audiences=True, tags={"team": "web"})

Run = Callable[..., ProviderOutcome]


@pytest.fixture
def told() -> list[Step]:
    """The steps that the job has told of."""
    return []


@pytest.fixture
def run(world: World, told: list[Step]) -> Run:
    """`run(spec)`, or with None absent, of the cluster's issuer; `url=True`: of the issuer as it is given."""

    def act(spec: ProviderSpec | None, *, url: bool = False, **options: bool) -> ProviderOutcome:
        aws: Any = SimpleNamespace(iam=world.iam, deadline=world.deadline())
        if url:
            issuer = given_issuer(ISSUER, lambda: world.wire.send("sts:GetCallerIdentity", lambda: HOME))
        else:
            issuer = issuer_of_cluster(world.source.describe)
        return ensure_provider(spec, issuer, aws, told.append, **options)

    return act


@pytest.fixture
def empty(world: World) -> World:
    """An account without the provider, and with a role that trusts it."""
    world.account.providers.clear()
    world.account.put(our_role())
    return world


def there(world: World) -> tuple[set[str], dict[str, str]] | None:
    audiences = world.account.providers.get(PROVIDER_ARN)
    return None if audiences is None else (set(audiences), world.account.provider_tags.get(PROVIDER_ARN, {}))


@pytest.mark.parametrize(
    ("url", "asked"), [(False, "eks:DescribeCluster"), (True, "sts:GetCallerIdentity")], ids=["name", "url"]
)
def test_where_nothing_is_to_do_two_reads_are_enough(world: World, run: Run, url: bool, asked: str) -> None:
    assert not run(ProviderSpec(), url=url).changed
    assert world.wire.names() == [asked, GET]


def test_a_cluster_that_eks_does_not_run_has_a_provider_too(world: World, run: Run) -> None:
    world.account.providers.clear()
    other = "https://kind.example/id"
    world.kubernetes.issuer_url = other
    world.source = ApiServerSource(world.wire, world.kubernetes)
    assert run(ProviderSpec()).issuer == other
    assert world.account.providers == {HOME.provider_arn(other): (AUDIENCE,)}
    assert "eks:DescribeCluster" not in world.wire.names()


def test_a_dry_run_predicts_and_writes_nothing(empty: World, run: Run) -> None:
    predicted = run(EXACT, dry_run=True)
    assert (empty.wire.writes, there(empty)) == ([], None)
    assert run(EXACT) == predicted
    assert there(empty) == ({AUDIENCE}, {"team": "web"})


@pytest.mark.parametrize(
    ("spec", "action"),
    [(EXACT, CREATE), (EXACT, ADD), (EXACT, REMOVE), (EXACT, TAG), (None, DELETE)],
    ids=["create", "add", "remove", "tag", "delete"],
)
def test_an_answer_that_is_lost_makes_no_difference(
    world: World, run: Run, spec: ProviderSpec | None, action: str
) -> None:
    world.account.providers[PROVIDER_ARN] = ("other",)
    if action == CREATE:
        world.account.providers.clear()
    world.wire.on(action, loses_the_answer)
    outcome = run(spec)
    assert action in world.wire.writes
    assert outcome.changed
    assert there(world) == (None if spec is None else ({AUDIENCE}, {"team": "web"}))


def test_a_provider_that_somebody_else_makes_meanwhile_is_planned_with_what_it_has(
    empty: World, run: Run
) -> None:
    empty.wire.on(CREATE, meanwhile(lambda: empty.account.providers.update({PROVIDER_ARN: ("theirs",)})))
    outcome = run(ProviderSpec())
    assert [step.verb for step in outcome.steps] == ["add"]
    assert there(empty) == ({"theirs", AUDIENCE}, {})


def test_a_provider_that_is_deleted_meanwhile_is_made_again(world: World, run: Run) -> None:
    world.wire.on(ADD, meanwhile(world.account.providers.clear))
    outcome = run(ProviderSpec(("vault",)))
    assert [step.verb for step in outcome.steps] == ["create"]
    assert there(world) == ({"vault"}, {})


def test_after_the_first_write_a_deletion_by_somebody_else_is_an_error(
    world: World, run: Run, told: list[Step]
) -> None:
    world.wire.on(TAG, meanwhile(world.account.providers.clear))
    with pytest.raises(RemoteError, match="was deleted by another process; run the same command again"):
        run(ProviderSpec(("vault",), tags={"team": "web"}))
    assert [step.verb for step in told] == ["add"]


def test_it_waits_until_iam_shows_what_was_written(empty: World, run: Run) -> None:
    empty.wire.on(GET, answers(None), skip=1, times=3)
    assert run(ProviderSpec()).notices == ()
    assert empty.wire.names().count(GET) == 5


def test_what_iam_does_not_show_for_a_minute_is_a_notice(empty: World, run: Run) -> None:
    empty.wire.on(GET, answers(None), times=999)
    (notice,) = run(ProviderSpec()).notices
    assert notice == f"IAM does not show the change to the OIDC provider {PROVIDER_ARN} yet"


def test_what_others_add_meanwhile_is_not_waited_for_to_go(world: World, run: Run) -> None:
    def added() -> None:
        world.account.providers[PROVIDER_ARN] += ("theirs",)

    world.wire.on(GET, meanwhile(added), skip=1)
    assert run(ProviderSpec(("vault",))).notices == ()
    assert world.wire.names().count(GET) == 2


def test_absent_of_what_is_not_there_reads_no_roles(empty: World, run: Run) -> None:
    assert not run(None).changed
    assert empty.wire.names() == ["eks:DescribeCluster", GET]


def test_a_role_that_trusts_it_stops_the_deletion_before_any_write(world: World, run: Run) -> None:
    world.account.put(our_role())
    with pytest.raises(Refused, match="is trusted by role app; "):
        run(None)
    assert world.wire.writes == []


def test_with_force_no_role_is_read(world: World, run: Run) -> None:
    world.account.put(our_role())
    assert run(None, force=True).changed
    assert SWEEP not in world.wire.names()
    assert there(world) is None


def test_where_roles_may_not_be_read_the_way_out_is_named(world: World, run: Run) -> None:
    world.wire.on(SWEEP, raises(Denied(f"AWS denied {SWEEP}: no", action=SWEEP)))
    with pytest.raises(Denied) as caught:
        run(None)
    assert caught.value.action == SWEEP
    assert in_words(caught.value.remedy) == (
        f"allow {SWEEP}, for example with https://github.com/iamsa/iamsa/blob/main/docs/permissions/inventory.json,"
        " or set force: true to delete the provider without this check"
    )


def test_another_error_is_told_as_it_is(empty: World, run: Run) -> None:
    empty.wire.on(CREATE, fails("LimitExceeded", "too many"))
    with pytest.raises(RemoteError, match="too many"):
        run(ProviderSpec())


def lost(work: Callable[[], Any]) -> None:
    """The call is made, and the connection dies."""
    work()
    raise RemoteError("no answer", code="ConnectionClosed", uncertain=True)


def test_a_provider_that_somebody_makes_after_a_lost_answer_stays(world: World, run: Run) -> None:
    def anew() -> None:
        world.account.providers[PROVIDER_ARN] = ("theirs",)
        world.account.provider_made += 1

    world.wire.on(DELETE, lost)
    world.wire.on(GET, meanwhile(anew), skip=1)
    run(None, force=True)
    assert world.account.providers == {PROVIDER_ARN: ("theirs",)}
    assert world.wire.names().count(DELETE) == 1


@pytest.mark.parametrize(
    ("fault", "sent"),
    [(lost, 1), (fails("Throttling"), 2), (fails("ConcurrentModification"), 2)],
    ids=["lost", "throttled", "concurrent"],
)
def test_a_deletion_is_sent_again_only_where_the_provider_is_still_there(
    world: World, run: Run, fault: Hook, sent: int
) -> None:
    world.wire.on(DELETE, fault)
    run(None, force=True)
    assert (world.account.providers, world.wire.names().count(DELETE)) == ({}, sent)
