# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""States of the world from which a create has to get to its end: name, how to get there, what is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from _pytest.mark.structures import ParameterSet
from unit.fakes.examples import (
    ACCOUNT,
    BOUNDARY,
    EARLIER_ISSUER,
    HOME,
    OPS_STATEMENT,
    READ_S3,
    READ_SQS,
    ROLE_NAME,
    by_arn,
    desired,
    document,
    inline,
    our_role,
    our_statement,
    recorded,
    retagged,
    service_account,
    trusting,
)
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import Desired
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.policy.limits import TAGS
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import trust_policy

Arrange = Callable[[World], None]
S3 = by_arn(READ_S3)
MANY = [ManagedPolicy(f"p{n}", f"arn:aws:iam::{ACCOUNT}:policy/p{n}") for n in range(10)]
PLAIN = desired(S3)
BOUND = desired(S3, permissions_boundary=BOUNDARY)
MINE = {ANNOTATION_ROLE_ARN: "kubectl-iamsa"}


def nothing(_: World) -> None:
    pass


def ready(world: World) -> None:
    """Role, policy and ServiceAccount as a run of before left them."""
    world.account.put(our_role(), READ_S3)
    world.kubernetes.put(service_account(managers=MINE))


def without_namespace(world: World) -> None:
    world.kubernetes.namespaces = {"web": "missing"}


def without_provider(world: World) -> None:
    world.account.providers.clear()


def without_audience(world: World) -> None:
    world.account.providers = dict.fromkeys(world.account.providers, ("other",))


def plain_service_account(world: World) -> None:
    world.kubernetes.put(service_account({"team": "web"}))


def drifted(world: World) -> None:
    """Trust, tags, boundary and annotation have all been changed by hand."""
    ready(world)
    wrong = trust_policy([{**our_role().trust["Statement"][0], "Action": "sts:AssumeRole"}])
    world.account.put(retagged(our_role(BOUND, permissions_boundary=None, trust=wrong), iamsa__manager=None))
    world.account.add(ManagedPolicy("boundary", BOUNDARY))
    world.kubernetes.put(service_account({}))


def drifted_by_name(world: World) -> None:
    ready(world)
    world.account.put(
        replace(our_role(), trust=trust_policy([])), READ_SQS, old=document(), reader=document()
    )


def full(world: World) -> None:
    world.account.put(our_role(), *MANY)
    world.kubernetes.put(service_account(managers=MINE))


def crammed(world: World) -> None:
    """The inline policies leave no room for another."""
    big = document("s3:" + "a" * 4_000)
    world.account.put(our_role(), one=big, two=big)
    world.kubernetes.put(service_account(managers=MINE))


def tagged_to_the_limit(world: World) -> None:
    """With room for one more tag."""
    world.account.put(_with_tags(our_role(), TAGS - 1))


def tagged_beyond(world: World) -> None:
    """Without room for another, unless a policy goes."""
    world.account.put(_with_tags(recorded(our_role(), READ_SQS), TAGS), READ_SQS)


def _with_tags(role: Role, count: int) -> Role:
    more = {f"t{number}": "" for number in range(count - len(role.tags))}
    return replace(role, tags={**role.tags, **more})


def unmanaged(world: World) -> None:
    world.account.put(our_role(tags={"team": "ops"}, trust=trust_policy([OPS_STATEMENT])), READ_SQS)


def with_addition(world: World) -> None:
    ready(world)
    world.account.put(trusting(our_role(), OPS_STATEMENT), READ_S3)


def of_an_earlier_cluster(world: World) -> None:
    ready(world)
    stale = trust_policy([our_statement(EARLIER_ISSUER)])
    world.account.put(retagged(our_role(trust=stale), iamsa__issuer=EARLIER_ISSUER), READ_S3)


def of_another_role(world: World) -> None:
    world.kubernetes.put(
        service_account({ANNOTATION_ROLE_ARN: HOME.role_arn("/", "old")}, {ANNOTATION_ROLE_ARN: "helm"})
    )


def start(name: str, arrange: Arrange, wanted: Desired) -> ParameterSet:
    return pytest.param(arrange, wanted, id=name)


STARTS = [
    start("nothing-there", nothing, PLAIN),
    start("two-policies-and-a-file", nothing, desired(S3, by_arn(READ_SQS), inline())),
    start(
        "every-option",
        lambda world: world.account.add(ManagedPolicy("boundary", BOUNDARY)),
        desired(
            S3,
            name=ROLE_NAME,
            path="/team/",
            permissions_boundary=BOUNDARY,
            tags={"team": "web"},
            description="reads",
            max_session_duration=7200,
            sts_regional_endpoints=True,
            token_expiration=3600,
        ),
    ),
    start("namespace-missing", without_namespace, desired(S3, create_namespace=True)),
    start("provider-missing", without_provider, desired(S3, create_oidc_provider=True)),
    start("audience-missing", without_audience, desired(S3, create_oidc_provider=True)),
    start("own-audience", without_audience, desired(S3, audience="vault", create_oidc_provider=True)),
    start("plain-service-account", plain_service_account, PLAIN),
    start("all-there", ready, PLAIN),
    start("all-drifted", drifted, desired(S3, name=ROLE_NAME)),
    start("purge", drifted_by_name, desired(S3, inline(), purge=True)),
    start("purge-at-the-quota", full, desired(S3, by_arn(MANY[0]), by_arn(MANY[1]), purge=True)),
    start("purge-to-make-room", crammed, desired(inline(action="s3:" + "b" * 5_000), purge=True)),
    start("last-tag", tagged_to_the_limit, desired(S3, name=ROLE_NAME)),
    start("purge-for-a-tag", tagged_beyond, desired(S3, name=ROLE_NAME, purge=True)),
    start("adopt", unmanaged, desired(S3, name=ROLE_NAME, adopt=True)),
    start("adopt-and-replace-trust", unmanaged, desired(S3, name=ROLE_NAME, adopt=True, replace_trust=True)),
    start("keep-an-addition", with_addition, desired(S3, adopt=True)),
    start("remove-an-addition", with_addition, desired(S3, replace_trust=True)),
    start("rebind", of_an_earlier_cluster, desired(S3, rebind=True)),
    start("move", of_another_role, desired(S3, name=ROLE_NAME, force_conflicts=True)),
    start("new-settings", ready, desired(S3, description="x", tags={"a": "b"}, token_expiration=600)),
]
