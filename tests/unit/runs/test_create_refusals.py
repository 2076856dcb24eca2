"""What iamsa does not own it refuses to touch: nothing is written, and the sentence names the way out.

The way out then works, and the same command again has nothing left to do. What only a real API server says of
field managers is in e2e/test_refusals.py.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from unit.fakes.command_line import CommandLine
from unit.fakes.examples import (
    ACCOUNT,
    EARLIER_ISSUER,
    HOME,
    ISSUER,
    READ_S3,
    READ_SQS,
    SUBJECT,
    our_statement,
    recorded,
    target,
)
from unit.runs.shop import (
    ARN,
    CREATE,
    NAME,
    annotate,
    make_role,
    make_service_account,
    set_tags,
    set_trust,
    settled,
    trusted_besides,
    trusting_account,
)

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_AUDIENCE,
    ANNOTATION_ROLE_ARN,
    ANNOTATION_TOKEN_EXPIRATION,
)
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy

OURS = target().role.tags
OTHER_CLUSTER = f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/staging"
SQS = "AmazonSQSFullAccess"
AWS_SQS = f"arn:aws:iam::aws:policy/{SQS}"
OTHER_ROLE = HOME.role_arn("/", "theirs")
OPENED = f"Allow sts:AssumeRole to arn:aws:iam::{ACCOUNT}:root"


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ({"alpha.eksctl.io/cluster-name": "demo"}, f"role {NAME} is managed by eksctl according to its tags"),
        ({"ManagedBy": "terraform"}, f"role {NAME} is managed by Terraform according to its tags"),
        ({**OURS, "iamsa/cluster": OTHER_CLUSTER}, f"belongs to ServiceAccount {SUBJECT} of {OTHER_CLUSTER}"),
        (OURS, "trust policy"),  # forged: it does not trust the ServiceAccount
    ],
)
def test_a_role_of_somebody_else(line: CommandLine, tags: dict[str, str], says: str) -> None:
    make_role(line, tags=tags)
    error = line.refused(*CREATE)
    assert says in error
    assert "--adopt" in error


def test_another_name_is_the_way_around_a_role_of_somebody_else(line: CommandLine) -> None:
    make_role(line, tags={"ManagedBy": "terraform"})
    assert "--role-name" in line.refused(*CREATE)
    settled(line, "--role-name", "mine")


def test_adopt_takes_the_role_over_and_leaves_what_is_on_it(line: CommandLine) -> None:
    make_role(line, READ_SQS, tags={"Terraform": "true"})
    (entry,) = recorded(line.world.role, READ_S3).tags.keys() - {"Terraform"}
    assert settled(line, "--adopt") == [
        f"role/{NAME} tagged with {entry}",
        f"role/{NAME} policy {READ_S3.name} attached",
        f"role/{NAME} trust policy extended with iamsa's statement",
        f"role/{NAME} tagged with {', '.join(OURS)}, iamsa/adopted",
        "serviceaccount/my-sa created",
        HOME.role_arn("/", NAME),
    ]
    role = line.world.role
    assert role.trust["Statement"] == [trusting_account(), our_statement()]
    assert line.world.account.attached[NAME].keys() == {READ_S3.arn, READ_SQS.arn}
    assert {**role.tags, **OURS, "Terraform": "true", "iamsa/adopted": "true"} == role.tags


def test_an_unmanaged_statement_on_our_own_role(made: CommandLine) -> None:
    trusted_besides(made)
    error = made.refused(*CREATE)
    assert OPENED in error
    assert "--adopt" in error
    assert "--replace-trust" in error
    settled(made, "--adopt")
    assert made.world.role.trust["Statement"] == [our_statement(), trusting_account()]
    (first, *_) = settled(made, "--replace-trust")
    assert first == f"role/{NAME} trust policy repaired, removed: {OPENED}"
    assert made.world.role.trust["Statement"] == [our_statement()]


def test_a_trust_that_lets_more_service_accounts_in_is_not_ours(made: CommandLine) -> None:
    wider = our_statement()
    conditions = wider["Condition"]["StringEquals"]
    (sub,) = (key for key in conditions if key.endswith(":sub"))
    del conditions[sub]
    wider["Condition"]["StringLike"] = {sub: "system:serviceaccount:web:*"}
    set_trust(made, wider)
    assert "--replace-trust" in made.refused(*CREATE)


def test_a_role_of_an_earlier_cluster_of_the_same_name(made: CommandLine) -> None:
    set_trust(made, our_statement(EARLIER_ISSUER))
    set_tags(made, iamsa__issuer=EARLIER_ISSUER)
    error = made.refused(*CREATE)
    assert EARLIER_ISSUER in error
    assert "--rebind" in error
    made.world.wire.forget()
    lines = settled(made, "--rebind")
    assert made.world.wire.writes == ["iam:UpdateAssumeRolePolicy", "iam:TagRole"]
    assert lines == [
        f"role/{NAME} trust policy bound to the cluster's new issuer",
        f"role/{NAME} tagged with iamsa/issuer",
        ARN,
    ]
    assert made.world.role.trust["Statement"] == [our_statement()]
    settled(made)


class TestTheAnnotation:
    @pytest.fixture
    def gen3(self, line: CommandLine) -> str:
        """The ARN of a role that it names; the role's name is not gen3's for this ServiceAccount."""
        arn = make_role(line, name="demo-other-role", trust=[our_statement()])
        make_service_account(line, {ANNOTATION_ROLE_ARN: arn})
        return arn

    def test_names_a_role_that_iamsa_did_not_make(self, line: CommandLine, gen3: str) -> None:
        error = line.refused(*CREATE)
        assert "role demo-other-role was not created by iamsa" in error
        assert "--adopt" in error
        assert "--role-name and --force-conflicts" in error
        *_, tagged, arn = settled(line, "--adopt")
        assert tagged == f"role/demo-other-role tagged with {', '.join(OURS)}, iamsa/adopted"
        assert (arn, line.world.annotations) == (gen3, {ANNOTATION_ROLE_ARN: gen3})
        settled(line)  # now it is ours, and the annotation keeps naming it

    @pytest.mark.usefixtures("gen3")
    def test_can_be_moved_away_from_such_a_role(self, line: CommandLine) -> None:
        assert "--force-conflicts" in line.refused(*CREATE, "--role-name", "mine")
        settled(line, "--role-name", "mine", "--force-conflicts")
        mine = HOME.role_arn("/iamsa/", "mine")
        assert line.world.annotations == {ANNOTATION_ROLE_ARN: mine}
        assert line.world.account.roles["demo-other-role"].tags == {}
        # The annotation decides from now on, without a flag.
        assert line.run(*CREATE).out.splitlines() == ["serviceaccount/my-sa unchanged", mine]

    @pytest.mark.parametrize("arn", ["arn:aws:iam::999988887777:role/theirs", "rubbish\x1b[31m"])
    def test_names_what_is_not_a_role_of_this_account(self, line: CommandLine, arn: str) -> None:
        make_service_account(line, {ANNOTATION_ROLE_ARN: arn})
        error = line.refused(*CREATE)
        assert "is already bound to another role" in error
        assert "\x1b" not in error
        assert "--force-conflicts" in error
        settled(line, "--force-conflicts")
        assert line.world.annotations == {ANNOTATION_ROLE_ARN: ARN}

    @pytest.mark.parametrize(
        ("key", "value"), [(ANNOTATION_ROLE_ARN, OTHER_ROLE), (ANNOTATION_AUDIENCE, "vault")]
    )
    def test_names_the_field_manager(self, line: CommandLine, key: str, value: str) -> None:
        make_service_account(line, {key: value}, manager="argocd-controller")
        words = ("--role-name", "mine", "--audience", "sts.amazonaws.com")
        assert "(field manager argocd-controller)" in line.refused(*CREATE, *words)

    def test_names_a_role_that_is_gone(self, line: CommandLine) -> None:
        gone = HOME.role_arn("/", "gone")
        make_service_account(line, {ANNOTATION_ROLE_ARN: gone})
        assert "--role-name gone --path /" in line.refused(*CREATE)
        settled(line, "--role-name", "gone", "--path", "/")
        assert line.world.annotations == {ANNOTATION_ROLE_ARN: gone}

    def test_of_the_audience_says_otherwise(self, line: CommandLine) -> None:
        make_service_account(line, {ANNOTATION_AUDIENCE: "vault"})
        assert "--audience vault" in line.refused(*CREATE)

    @pytest.mark.parametrize("dry_run", ["client", "none"])
    def test_belongs_to_another_field_manager(self, made: CommandLine, dry_run: str) -> None:
        annotate(made, "gitops", **{ANNOTATION_TOKEN_EXPIRATION: "3600"})
        words = ("--token-expiration", "2h")
        error = made.refused(*CREATE, *words, f"--dry-run={dry_run}")
        for word in ("gitops", ANNOTATION_TOKEN_EXPIRATION, "--force-conflicts"):
            assert word in error
        settled(made, *words, "--force-conflicts")
        assert made.world.annotations[ANNOTATION_TOKEN_EXPIRATION] == "7200"


def test_no_provider_for_the_issuer(line: CommandLine) -> None:
    line.world.account.providers.clear()
    error = line.refused(*CREATE)
    assert ISSUER in error
    assert "--create-oidc-provider" in error
    (first, *_) = settled(line, "--create-oidc-provider")
    host = ISSUER.removeprefix("https://")
    assert first == f"oidc-provider/{host} created for audience sts.amazonaws.com"
    assert line.world.account.providers == {HOME.provider_arn(ISSUER): ("sts.amazonaws.com",)}


def test_an_audience_that_the_provider_does_not_list(line: CommandLine) -> None:
    words = ("--audience", "vault")
    assert "--create-oidc-provider" in line.refused(*CREATE, *words)
    (first, *_) = settled(line, *words, "--create-oidc-provider")
    assert first.endswith(" audience vault added")
    assert line.world.account.providers == {HOME.provider_arn(ISSUER): ("sts.amazonaws.com", "vault")}
    assert line.world.annotations[ANNOTATION_AUDIENCE] == "vault"


def test_a_namespace_that_does_not_exist(line: CommandLine) -> None:
    line.world.kubernetes.namespaces["web"] = "missing"
    error = line.refused(*CREATE)
    assert "namespace web does not exist" in error
    assert "--create-namespace" in error
    assert settled(line, "--create-namespace") == [
        "namespace/web created",
        f"role/{NAME} created",
        f"role/{NAME} policy {READ_S3.name} attached",
        "serviceaccount/my-sa created",
        ARN,
    ]


def test_a_namespace_that_is_being_deleted(line: CommandLine) -> None:
    line.world.kubernetes.namespaces["web"] = "terminating"
    assert "namespace web is being deleted" in line.refused(*CREATE)


def test_another_path_than_the_role_has(made: CommandLine) -> None:
    error = made.refused(*CREATE, "--path", "/team/")
    assert "/iamsa/" in error
    assert "omit --path" in error


def twins(line: CommandLine) -> None:
    line.world.account.add(*(ManagedPolicy("twin", own(f"{path}/twin")) for path in "ab"))


def nothing(_: CommandLine) -> None:
    pass


def own(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:policy/{name}"


@pytest.mark.parametrize(
    ("arrange", "policy", "says"),
    [
        (nothing, "AmazonS3ReadOnlyAcces", ["did you mean AmazonS3ReadOnlyAccess"]),
        (nothing, own("none"), ["does not exist"]),
        (nothing, "arn:aws:iam::999988887777:policy/theirs", [ACCOUNT]),
        (twins, "twin", [own("a/twin"), own("b/twin"), "ARN"]),
    ],
)
def test_a_policy_that_cannot_be_meant(
    line: CommandLine, arrange: Callable[[CommandLine], None], policy: str, says: list[str]
) -> None:
    arrange(line)
    error = line.refused("create", "my-sa", "-p", policy)
    assert [words for words in says if words not in error] == []


def test_a_boundary_that_does_not_exist(line: CommandLine) -> None:
    assert "--permissions-boundary" in line.refused(*CREATE, "--permissions-boundary", own("none"))
