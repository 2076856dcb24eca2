"""`kubectl iamsa verify` of a chain that is broken by real means: AWS's reason, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from e2e.shop import AUDIENCE, EXPIRATION, ROLE_ARN, Shop
from e2e.verification import ASSUME, THEIRS, Verify, verification
from pocket_eks.control import Control

pytestmark = pytest.mark.warm


@pytest.fixture
def granted() -> tuple[str, ...]:
    """With create's own rights, which a test needs that begins with it; see the first test for verify's."""
    return ("base", "verify")


def no_annotation(shop: Shop) -> None:
    shop.annotate(f"{ROLE_ARN}-")


def no_arn(shop: Shop) -> None:
    shop.annotate(f"{ROLE_ARN}=my-role")


def no_service_account(shop: Shop) -> None:
    shop.ok("delete", "serviceaccount", "shop", "-n", shop.namespace)


def no_role(shop: Shop) -> None:
    shop.annotate(f"{ROLE_ARN}={shop.arn_of('none')}")


def another_path(shop: Shop) -> None:
    shop.annotate(f"{ROLE_ARN}={shop.arn_of(shop.role_name, path='/')}")


def another_account(shop: Shop) -> None:
    shop.annotate(f"{ROLE_ARN}={THEIRS}")


def another_subject(shop: Shop) -> None:
    shop.set_trust(replace(shop, name="other").statement())


def an_earlier_cluster(shop: Shop) -> None:
    """Its provider is still there, as after a cluster was made anew."""
    issuer = shop.world.issuer.replace("/id/", "/id/0")
    listed = shop.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    if not any(one["Arn"].endswith(issuer.removeprefix("https://")) for one in listed):
        shop.iam.create_open_id_connect_provider(Url=issuer, ClientIDList=["sts.amazonaws.com"])
    shop.set_trust(shop.statement(issuer))


def another_audience(shop: Shop) -> None:
    shop.annotate(f"{AUDIENCE}=vault")


def no_audience(shop: Shop) -> None:
    shop.annotate(f"{AUDIENCE}=")


def too_long(shop: Shop) -> None:
    shop.annotate(f"{EXPIRATION}=4294967297")


def no_provider(shop: Shop) -> None:
    shop.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=shop.world.provider_arn)


class TestNo:
    @pytest.mark.usefixtures("provider")
    @pytest.mark.parametrize(
        ("broken", "cause", "code", "words"),
        [
            (no_annotation, "notAnnotated", None, f"it has no annotation {ROLE_ARN}"),
            (
                no_arn,
                "malformedArn",
                None,
                'its annotation names "my-role", which is not the ARN of an IAM role',
            ),
            (no_service_account, "serviceAccountMissing", None, "does not exist"),
            (no_role, "roleMissing", "AccessDenied", "role none does not exist"),
            (
                another_path,
                "otherPath",
                "AccessDenied",
                "has a different path from the one in the annotation",
            ),
            (
                another_account,
                "providerMissing",
                "InvalidIdentityToken",
                "account 999999999999 has no OIDC provider for the cluster's issuer",
            ),
            (
                another_subject,
                "notTrusted",
                "AccessDenied",
                "the role's trust policy does not allow it to assume the role",
            ),
            (
                an_earlier_cluster,
                "notTrusted",
                "AccessDenied",
                "the role's trust policy does not allow it to assume the role",
            ),
            (
                another_audience,
                "audienceNotAccepted",
                "InvalidIdentityToken",
                "does not list the audience vault",
            ),
            (no_audience, "audienceNotAccepted", "InvalidIdentityToken", f"annotation {AUDIENCE} is empty"),
            (too_long, "podsRefused", None, f"its annotation {EXPIRATION} is 4294967297"),
            (no_provider, "providerMissing", "InvalidIdentityToken", "has no OIDC provider for the cluster"),
        ],
    )
    def test_aws_s_reason_is_told_in_words(
        self,
        made: Shop,
        verify: Verify,
        broken: Callable[[Shop], None],
        cause: str,
        code: str | None,
        words: str,
    ) -> None:
        broken(made)
        done = verify(code=1)
        line = done.stdout
        assert (line.count("\n"), done.stderr) == (1, "")
        assert line.startswith("serviceaccount/shop ")
        assert words in line
        assert code is None or f" ({code}); " in line
        assert line.endswith(f"; to find out why, run: kubectl iamsa doctor shop -n {made.namespace}\n")
        reason = verification(verify, code=1)["reason"]
        assert (reason["cause"], reason["code"]) == (cause, code)

    @pytest.mark.usefixtures("made")
    def test_thumbprints_that_do_not_match_are_no_missing_provider(
        self, verify: Verify, control: Control
    ) -> None:
        message = "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint"
        control.fault("aws", ASSUME, {"error": "InvalidIdentityToken", "message": message}, times=None)
        assert verification(verify, code=1)["reason"]["cause"] == "thumbprintMismatch"

    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("IDPCommunicationError", "AWS could not reach the cluster's issuer"),
            ("ExpiredTokenException", "AWS rejected a new token as expired"),
            ("InvalidIdentityToken", "AWS does not accept the token"),
        ],
    )
    @pytest.mark.usefixtures("made")
    def test_what_cannot_be_brought_about_here(
        self, verify: Verify, control: Control, code: str, words: str
    ) -> None:
        control.fault("aws", ASSUME, {"error": code}, times=None)
        assert f"{words}" in (line := verify(code=1).stdout)
        assert f" ({code}); " in line

    @pytest.mark.parametrize("granted", [("base",)])
    def test_who_may_not_read_the_role_is_told_both_that_it_may_be(
        self, made: Shop, verify: Verify, control: Control
    ) -> None:
        no_role(made)
        control.fault("aws", "iam:GetRole", {"error": "AccessDenied"})
        assert (
            "does not allow it to assume the role, or the role does not exist (AccessDenied)"
            in verify(code=1).stdout
        )

    def test_the_remedy_works_where_the_command_did(self, made: Shop, verify: Verify) -> None:
        no_annotation(made)
        where = ("--cluster-name", made.world.cluster, "--region", made.world.region)
        assert verify(*where, code=1).stdout.endswith(f" {' '.join(where)}\n")
