"""IAMSA_* variables in real runs, and -v, which tells where each value comes from."""

from __future__ import annotations

import pytest
from conftest import Iamsa
from e2e.shop import S3, Shop
from pocket_eks.control import Control
from pocket_eks.world import World

BOUNDARY = "arn:aws:iam::aws:policy/PowerUserAccess"
VARIABLES = {
    "IAMSA_PATH": "/team/",
    "IAMSA_PERMISSIONS_BOUNDARY": BOUNDARY,
    "IAMSA_TAGS": "team=web,cost=7",
}


def create(iamsa: Iamsa, shop: Shop, *words: str, **variables: str) -> str:
    """What create says on stderr."""
    environ = {**shop.world.environ, **variables}
    return iamsa("create", shop.name, "-n", shop.namespace, "-p", S3, *words, environ=environ).stderr


def test_a_new_role_is_made_as_they_say(iamsa: Iamsa, shop: Shop) -> None:
    create(iamsa, shop, **VARIABLES)
    role = shop.role() or {}
    assert role["Path"] == "/team/"
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY
    assert {"team": "web", "cost": "7"}.items() <= role["Tags"].items()


def test_a_flag_wins(iamsa: Iamsa, shop: Shop) -> None:
    create(iamsa, shop, "--path", "/mine/", "--tag", "cost=8", **VARIABLES)
    role = shop.role() or {}
    assert role["Path"] == "/mine/"
    assert {"team": "web", "cost": "8"}.items() <= role["Tags"].items()


@pytest.mark.parametrize("verb", ["create", "update"])
def test_a_role_that_is_there_keeps_what_it_has(
    iamsa: Iamsa, made: Shop, control: Control, verb: str
) -> None:
    before = made.role()
    control.clear_calls()
    environ = {**made.world.environ, **VARIABLES}
    iamsa(verb, made.name, "-n", made.namespace, "-p", S3, environ=environ)
    assert made.role() == before
    assert [call for call in control.calls() if call["write"]] == []


def test_without_a_kubeconfig_they_name_the_cluster(iamsa: Iamsa, world: World) -> None:
    environ = {key: value for key, value in world.environ.items() if key != "KUBECONFIG"}
    environ |= {"HOME": "/nonexistent", "IAMSA_CLUSTER_NAME": world.cluster, "IAMSA_REGION": world.region}
    del environ["AWS_DEFAULT_REGION"]
    iamsa("list", environ=environ)


def test_what_the_context_tells_wins(iamsa: Iamsa, world: World) -> None:
    environ = {**world.environ, "IAMSA_CLUSTER_NAME": "another", "IAMSA_REGION": "eu-west-1"}
    iamsa("list", environ=environ)


def test_one_that_cannot_be_right_stops_the_run_before_any_call(
    iamsa: Iamsa, world: World, control: Control
) -> None:
    done = iamsa("create", "app", "-p", S3, code=1, environ={**world.environ, "IAMSA_PATH": "team"})
    assert done.stderr == (
        "error: invalid value \"team\" for IAMSA_PATH: does not begin and end with a slash; write '/team/'\n"
    )
    assert control.calls() == []


def test_verbose_tells_where_each_value_comes_from(iamsa: Iamsa, shop: Shop) -> None:
    told = create(iamsa, shop, "--dry-run", "-v", "--tag", "cost=8", **VARIABLES)
    context = f"context {shop.world.cluster_arn}"
    assert [" ".join(line.split()) for line in told.splitlines()[:9]] == [
        f"cluster {shop.world.cluster} the name of the cluster of {context}",
        f"region {shop.world.region} {context}",
        "profile none the environment",
        f"namespace {shop.namespace} --namespace",
        "role from the annotation, else derived default",
        "path of a new role /team/ IAMSA_PATH",
        f"boundary of a new role {BOUNDARY} IAMSA_PERMISSIONS_BOUNDARY",
        "tags of a new role team=web, cost=8 IAMSA_TAGS and --tag",
        "audience sts.amazonaws.com default",
    ]


@pytest.mark.parametrize("level", ["-v=0", "-v=00"])
def test_level_0_tells_nothing(iamsa: Iamsa, shop: Shop, level: str) -> None:
    assert "IAMSA" not in create(iamsa, shop, "--dry-run", level, **VARIABLES)


def test_verbose_shows_no_secret(iamsa: Iamsa, shop: Shop) -> None:
    told = create(iamsa, shop, "--dry-run", "-v")
    assert shop.world.variables["AWS_SECRET_ACCESS_KEY"] not in told
