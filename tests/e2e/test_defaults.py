"""IAMSA_* variables that name the cluster, and what -v shows. The rest is in unit/runs."""

from __future__ import annotations

from conftest import Iamsa
from e2e.shop import S3, Shop
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


def test_without_a_kubeconfig_they_name_the_cluster(iamsa: Iamsa, world: World) -> None:
    environ = {key: value for key, value in world.environ.items() if key != "KUBECONFIG"}
    environ |= {"HOME": "/nonexistent", "IAMSA_CLUSTER_NAME": world.cluster, "IAMSA_REGION": world.region}
    del environ["AWS_DEFAULT_REGION"]
    iamsa("list", environ=environ)


def test_what_the_context_tells_wins(iamsa: Iamsa, world: World) -> None:
    environ = {**world.environ, "IAMSA_CLUSTER_NAME": "another", "IAMSA_REGION": "eu-west-1"}
    iamsa("list", environ=environ)


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


def test_verbose_shows_no_secret(iamsa: Iamsa, shop: Shop) -> None:
    told = create(iamsa, shop, "--dry-run", "-v")
    assert shop.world.variables["AWS_SECRET_ACCESS_KEY"] not in told
