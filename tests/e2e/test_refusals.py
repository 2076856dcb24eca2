"""What iamsa does not own it refuses to touch: nothing is written, and the sentence names the way out.

The way out then works, and the same command again has nothing left to do. All other refusals
are in unit/runs/test_create_refusals.py.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from e2e.shop import (
    EXPIRATION,
    ROLE_ARN,
    S3,
    SQS,
    Json,
    Shop,
    aws_managed,
    entry_of,
    trusting_account,
)
from pocket_eks.control import Control
from pocket_eks.world import World

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]
EARLIER_ISSUER = "https://oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"


@pytest.fixture
def refused(shop: Shop, control: Control, writes: Writes) -> Callable[..., str]:
    """`refused(*words)`: the sentence that create ends with, after it has written nothing."""

    def run(*words: str, code: int = 1, **more: object) -> str:
        control.clear_calls()
        done = shop.create(*words, code=code, **more)  # type: ignore[arg-type]
        assert done.stdout == ""
        assert writes() == []
        (line,) = done.stderr.splitlines()
        assert line.startswith("error: ")
        return line

    return run


@pytest.fixture
def settled(shop: Shop, control: Control, writes: Writes) -> Callable[..., list[str]]:
    """`settled(*words)`: the lines of a create that succeeds, and that leaves nothing for the same again."""

    def run(*words: str) -> list[str]:
        lines = shop.create(*words).stdout.splitlines()
        control.clear_calls()
        again = shop.create(*words)
        assert (again.stdout.splitlines()[0], writes()) == ("serviceaccount/shop unchanged", [])
        return lines

    return run


Refused = Callable[..., str]
Settled = Callable[..., "list[str]"]


def test_adopt_takes_the_role_over_and_leaves_what_is_on_it(shop: Shop, settled: Settled) -> None:
    shop.make_role(tags={"Terraform": "true"})
    shop.iam.attach_role_policy(RoleName=shop.role_name, PolicyArn=aws_managed(SQS))
    lines = settled("--adopt")
    assert lines == [
        f"role/{shop.role_name} tagged with {entry_of(aws_managed(S3))}",
        f"role/{shop.role_name} policy {S3} attached",
        f"role/{shop.role_name} trust policy extended with iamsa's statement",
        f"role/{shop.role_name} tagged with {', '.join(shop.tags)}, iamsa/adopted",
        "serviceaccount/shop created",
        shop.arn_of(shop.role_name, "/"),
    ]
    assert shop.trust() == [trusting_account(shop.world.account), shop.statement()]
    assert shop.attached() == {S3, SQS}
    role = shop.role()
    assert role
    ours = {**shop.tags, **shop.recorded(S3), "iamsa/adopted": "true"}
    assert role["Tags"] == {"Terraform": "true", **ours}


def test_an_unmanaged_statement_on_our_own_role(made: Shop, refused: Refused, settled: Settled) -> None:
    made.set_trust(made.statement(), trusting_account(made.world.account))
    sentence = refused()
    assert f"Allow sts:AssumeRole to arn:aws:iam::{made.world.account}:root" in sentence
    assert "--adopt" in sentence
    assert "--replace-trust" in sentence

    settled("--adopt")
    assert made.trust() == [made.statement(), trusting_account(made.world.account)]

    (line, *_) = settled("--replace-trust")
    assert line == (
        f"role/{made.role_name} trust policy repaired,"
        f" removed: Allow sts:AssumeRole to arn:aws:iam::{made.world.account}:root"
    )
    assert made.trust() == [made.statement()]


def test_a_role_of_an_earlier_cluster_of_the_same_name(
    shop: Shop, control: Control, refused: Refused, settled: Settled, writes: Writes
) -> None:
    identity = {"oidc": {"issuer": EARLIER_ISSUER}}
    control.settings(cluster={"identity": identity})
    shop.create("--create-oidc-provider")
    control.settings(cluster=None)

    sentence = refused()
    assert EARLIER_ISSUER in sentence
    assert "--rebind" in sentence

    control.clear_calls()
    lines = shop.create("--rebind").stdout.splitlines()
    assert writes() == ["iam:UpdateAssumeRolePolicy", "iam:TagRole"]
    assert lines == [
        f"role/{shop.role_name} trust policy bound to the cluster's new issuer",
        f"role/{shop.role_name} tagged with iamsa/issuer",
        shop.role_arn,
    ]
    assert shop.trust() == [shop.statement()]
    settled()
    settled("--rebind")


@pytest.mark.parametrize("labels", [{}, {"app": "shop"}])
def test_an_annotation_that_another_field_manager_holds(
    shop: Shop, refused: Refused, settled: Settled, labels: Json
) -> None:
    # Of an object that was made without any field Kubernetes does not record who changed it later.
    shop.make_service_account(labels=labels)
    shop.annotate(f"{EXPIRATION}=3600", "--field-manager=gitops")
    words = ("--token-expiration", "2h")
    for dry_run in ("client", "none"):
        sentence = refused(*words, f"--dry-run={dry_run}")
        assert ("gitops" if labels else "before-first-apply") in sentence
        assert EXPIRATION in sentence
        assert "--force-conflicts" in sentence
    settled(*words, "--force-conflicts")
    assert shop.annotations() == {ROLE_ARN: shop.role_arn, EXPIRATION: "7200"}


def test_no_provider_for_the_issuer(
    shop: Shop, world: World, provider: str, refused: Refused, settled: Settled
) -> None:
    shop.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    sentence = refused()
    assert world.issuer in sentence
    assert "--create-oidc-provider" in sentence
    lines = settled("--create-oidc-provider")
    host = world.issuer.removeprefix("https://")
    assert lines[0] == f"oidc-provider/{host} created for audience sts.amazonaws.com"
    found = shop.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    assert found["ClientIDList"] == ["sts.amazonaws.com"]


@pytest.mark.usefixtures("cluster_admin")
def test_a_namespace_that_does_not_exist(shop: Shop, writes: Writes) -> None:
    missing = Shop(shop.world, f"{shop.namespace}-x", shop.iam, shop.iamsa, shop.kubectl)
    done = missing.create(code=1)
    assert writes() == []
    assert f"namespace {missing.namespace} does not exist" in done.stderr
    assert "--create-namespace" in done.stderr
    assert missing.create("--create-namespace").stdout.splitlines() == [
        f"namespace/{missing.namespace} created",
        f"role/{missing.role_name} created",
        f"role/{missing.role_name} policy {S3} attached",
        "serviceaccount/shop created",
        missing.role_arn,
    ]
    assert "unchanged" in missing.create("--create-namespace").stdout
    missing.ok("delete", "namespace", missing.namespace, "--wait=false")
