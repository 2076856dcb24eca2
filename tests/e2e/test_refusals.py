"""What iamsa does not own it refuses to touch: nothing is written, and the sentence names the way out.

The way out then works, and the same command again has nothing left to do.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from e2e.shop import (
    AUDIENCE,
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


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ({"alpha.eksctl.io/cluster-name": "demo"}, "is managed by eksctl, as its tags say"),
        ({"ManagedBy": "terraform"}, "is managed by Terraform, as its tags say"),
    ],
)
def test_a_role_of_somebody_else(shop: Shop, refused: Refused, tags: Json, words: str) -> None:
    shop.make_role(tags=tags)
    before = shop.role()
    sentence = refused()
    assert f"role {shop.role_name} {words}" in sentence
    assert "--adopt" in sentence
    assert "--role-name" in sentence
    assert shop.role() == before


def test_a_role_of_another_cluster(shop: Shop, refused: Refused) -> None:
    other = "arn:aws:eks:us-east-1:123456789012:cluster/staging"
    shop.make_role(tags={**shop.tags, "iamsa/cluster": other})
    sentence = refused()
    assert f"belongs to ServiceAccount {shop.namespace}/shop of {other}" in sentence
    assert "--adopt" in sentence


def test_adopt_takes_the_role_over_and_leaves_what_is_on_it(shop: Shop, settled: Settled) -> None:
    shop.make_role(tags={"Terraform": "true"})
    shop.iam.attach_role_policy(RoleName=shop.role_name, PolicyArn=aws_managed(SQS))
    lines = settled("--adopt")
    assert lines == [
        f"role/{shop.role_name} tagged with {entry_of(aws_managed(S3))}",
        f"role/{shop.role_name} policy {S3} attached",
        f"role/{shop.role_name} trust policy extended with our statement",
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


def test_a_foreign_statement_on_our_own_role(made: Shop, refused: Refused, settled: Settled) -> None:
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


def test_a_trust_that_lets_more_service_accounts_in_is_not_ours(made: Shop, refused: Refused) -> None:
    wider = made.statement()
    sub = next(key for key in wider["Condition"]["StringEquals"] if key.endswith(":sub"))
    conditions = wider["Condition"]["StringEquals"]
    del conditions[sub]
    wider["Condition"]["StringLike"] = {sub: f"system:serviceaccount:{made.namespace}:*"}
    made.set_trust(wider)
    assert "--replace-trust" in refused()


def test_forged_tags_do_not_make_a_role_ours(shop: Shop, refused: Refused) -> None:
    shop.make_role(tags=shop.tags)
    assert "trust policy" in refused()


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


def test_the_annotation_names_a_role_of_gen3(shop: Shop, refused: Refused, settled: Settled) -> None:
    gen3 = f"demo-{shop.namespace}-role"
    arn = shop.make_role(gen3, trust=[shop.statement()])
    shop.make_service_account({ROLE_ARN: arn})
    sentence = refused()
    assert f"role {gen3} was not made by iamsa" in sentence  # its name is not gen3's for this account
    assert "--adopt" in sentence
    assert "--role-name and --force-conflicts" in sentence
    assert shop.role() is None

    lines = settled("--adopt")
    assert lines == [
        f"role/{gen3} tagged with {entry_of(aws_managed(S3))}",
        f"role/{gen3} policy {S3} attached",
        f"role/{gen3} tagged with {', '.join(shop.tags)}, iamsa/adopted",
        arn,
    ]
    assert shop.annotations() == {ROLE_ARN: arn}
    settled()  # now it is ours, and the annotation keeps naming it


def test_moving_away_from_a_role_of_gen3(shop: Shop, refused: Refused, settled: Settled) -> None:
    gen3 = f"demo-{shop.namespace}-role"
    arn = shop.make_role(gen3, trust=[shop.statement()])
    shop.make_service_account({ROLE_ARN: arn})
    name = f"mine-{shop.namespace}"
    assert "--force-conflicts" in refused("--role-name", name)
    settled("--role-name", name, "--force-conflicts")
    assert shop.annotations() == {ROLE_ARN: shop.arn_of(name)}
    role = shop.role(gen3)
    assert role
    assert role["Tags"] == {}
    # The annotation decides from now on, without a flag.
    assert shop.create().stdout.splitlines() == ["serviceaccount/shop unchanged", shop.arn_of(name)]


@pytest.mark.parametrize("arn", ["arn:aws:iam::999988887777:role/theirs", "rubbish\x1b[31m"])
def test_the_annotation_names_what_is_not_a_role_of_this_account(
    shop: Shop, refused: Refused, settled: Settled, arn: str
) -> None:
    shop.make_service_account({ROLE_ARN: arn})
    sentence = refused()
    assert "names another role" in sentence
    assert "\x1b" not in sentence
    assert "--force-conflicts" in sentence
    settled("--force-conflicts")
    assert shop.annotations() == {ROLE_ARN: shop.role_arn}


def test_the_annotation_names_a_role_that_is_gone(shop: Shop, refused: Refused, settled: Settled) -> None:
    gone = f"gone-{shop.namespace}"
    shop.make_service_account({ROLE_ARN: shop.arn_of(gone, "/")})
    sentence = refused()
    assert f"--role-name {gone} --path /" in sentence
    settled("--role-name", gone, "--path", "/")
    assert shop.annotations() == {ROLE_ARN: shop.arn_of(gone, "/")}


def test_an_audience_annotation_that_says_otherwise(shop: Shop, refused: Refused) -> None:
    shop.make_service_account({AUDIENCE: "vault"})
    assert "--audience vault" in refused()


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


def test_an_audience_that_the_provider_does_not_list(
    shop: Shop, provider: str, refused: Refused, settled: Settled
) -> None:
    assert "--create-oidc-provider" in refused("--audience", "vault")
    lines = settled("--audience", "vault", "--create-oidc-provider")
    assert lines[0].endswith(" audience vault added")
    found = shop.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    assert found["ClientIDList"] == ["sts.amazonaws.com", "vault"]
    assert shop.annotations()[AUDIENCE] == "vault"


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


def test_a_namespace_that_is_being_deleted(shop: Shop, refused: Refused) -> None:
    keep = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "keep", "finalizers": ["example.com/keep"]},
    }
    shop.apply(keep)
    shop.ok("delete", "namespace", shop.namespace, "--wait=false")
    try:
        assert f"namespace {shop.namespace} is being deleted" in refused()
    finally:
        patch = ("patch", "configmap", "keep", "-n", shop.namespace, "--type=merge", "-p")
        shop.ok(*patch, '{"metadata":{"finalizers":null}}')


@pytest.mark.usefixtures("made")
def test_another_path_than_the_role_has(refused: Refused) -> None:
    sentence = refused("--path", "/team/")
    assert "/iamsa/" in sentence
    assert "leave out --path" in sentence


def test_a_policy_that_is_not_there(refused: Refused) -> None:
    sentence = refused(policies=["AmazonS3ReadOnlyAcces"])
    assert "did you mean AmazonS3ReadOnlyAccess" in sentence
    assert "does not exist" in refused(policies=["arn:aws:iam::123456789012:policy/none"])
    outside = refused(policies=["arn:aws:iam::999988887777:policy/theirs"])
    assert "123456789012" in outside


def test_a_policy_name_that_means_two(refused: Refused, own_policy: Callable[..., str], shop: Shop) -> None:
    name = f"twin-{shop.namespace}"
    arns = [own_policy(name, path="/a/"), own_policy(name, path="/b/")]
    sentence = refused(policies=[name])
    assert all(arn in sentence for arn in arns)
    assert "ARN" in sentence


def test_a_policy_name_that_is_aws_s_and_the_account_s_own(
    refused: Refused, own_policy: Callable[..., str]
) -> None:
    arn = own_policy("AmazonSQSFullAccess")
    sentence = refused(policies=["AmazonSQSFullAccess"])
    assert arn in sentence
    assert "arn:aws:iam::aws:policy/AmazonSQSFullAccess" in sentence


def test_a_boundary_that_does_not_exist(refused: Refused) -> None:
    sentence = refused("--permissions-boundary", "arn:aws:iam::123456789012:policy/none")
    assert "--permissions-boundary" in sentence
