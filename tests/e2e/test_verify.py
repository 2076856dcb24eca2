"""`kubectl iamsa verify`: AWS itself says whether pods of a ServiceAccount get their role."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from e2e.shop import ROLE_ARN, Json, Shop
from e2e.verification import ASSUME, Verify, document, verification
from pocket_eks.control import Control

pytestmark = pytest.mark.warm


@pytest.fixture
def granted() -> tuple[str, ...]:
    """With create's own rights, which a test needs that begins with it; see the first test for verify's."""
    return ("base", "verify")


class TestYes:
    def test_it_names_who_the_pods_are_and_how_long_it_took(self, made: Shop, verify: Verify) -> None:
        done = verify()
        session = f"iamsa-verify-{made.namespace}-shop"
        arn = f"arn:aws:sts::{made.world.account}:assumed-role/{made.role_name}/{session}"
        assert re.fullmatch(rf"serviceaccount/shop verified: assumed {arn} in \d+\.\d\d s\n", done.stdout), (
            done.stdout
        )
        assert done.stderr == ""

    @pytest.mark.usefixtures("made")
    def test_it_takes_four_aws_calls_and_two_to_kubernetes_and_writes_nothing(
        self, verify: Verify, control: Control, writes: Callable[[], list[str]]
    ) -> None:
        verify()
        assert sorted(call["action"] for call in control.calls()) == [
            "eks:DescribeCluster",
            "eks:ListPodIdentityAssociations",
            "kube:create:serviceaccounts/token",
            "kube:get:serviceaccounts",
            ASSUME,
            "sts:GetCallerIdentity",
        ]
        assert writes() == []

    def test_its_document(self, made: Shop, verify: Verify) -> None:
        found = document(verify)
        assert (found["apiVersion"], found["kind"]) == ("iamsa/v1alpha1", "ServiceAccountRole")
        assert (found["metadata"]["name"], found["metadata"]["namespace"]) == ("shop", made.namespace)
        assert found["status"]["cluster"]["arn"] == made.world.cluster_arn
        assert found["status"]["role"]["arn"] == made.role_arn
        proof = found["status"]["verification"]
        assert (proof["verdict"], proof["attempts"]) == ("yes", 1)
        assert f"assumed-role/{made.role_name}/" in proof["assumedRole"]["arn"]
        assert (proof["reason"], proof["error"], proof["permissions"]) == (None, None, [])
        other = yaml.safe_load(verify("-o", "yaml").stdout)
        proof["seconds"] = other["status"]["verification"]["seconds"] = 0
        assert other == found

    def test_its_table_and_its_name(self, made: Shop, verify: Verify) -> None:
        header, row = verify("-o", "wide").stdout.splitlines()
        assert header.split()[:4] == ["NAME", "ROLE", "VERIFIED", "REASON"]
        assert row.split()[:4] == ["shop", made.role_name, "yes", "<none>"]
        assert verify("-o", "wide", "--no-headers").stdout.splitlines()[0].split()[0] == "shop"
        assert verify("-o", "name").stdout == "serviceaccount/shop\n"

    def test_with_an_audience_of_its_own_the_token_is_for_that(
        self, shop: Shop, verify: Verify, provider: str, iam: Any
    ) -> None:
        iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=provider, ClientID="bank")
        shop.create("--audience", "bank")
        assert document(verify)["status"]["audience"] == "bank"

    @pytest.mark.parametrize("granted", [("verify",)], ids=["verify"])
    def test_its_own_document_is_enough(self, shop: Shop, verify: Verify) -> None:
        arn = shop.make_role(trust=[shop.statement()])
        shop.make_service_account({ROLE_ARN: arn})
        assert verify().stdout.startswith("serviceaccount/shop verified: ")
        shop.set_trust(shop.statement(audience="vault"))
        assert "trust policy does not allow it to assume the role" in verify(code=1).stdout


class TestUnknown:
    def test_who_may_not_make_tokens_is_told_what_would_allow_it(
        self, made: Shop, verify: Verify, control: Control
    ) -> None:
        made.ok("delete", "rolebinding", "iamsa-verify", "-n", made.namespace)
        done = verify(code=3)
        assert done.stdout == ""
        assert "you are not allowed to create serviceaccounts/token in namespace" in done.stderr
        assert "/docs/permissions/rbac-verify.yaml" in done.stderr
        assert ASSUME not in [call["action"] for call in control.calls()]

    @pytest.mark.parametrize(
        ("upstream", "action", "effect", "words"),
        [
            ("aws", ASSUME, {"hang": True}, f"{ASSUME}: .* did not answer"),
            ("aws", "sts:GetCallerIdentity", {"status": 500}, "sts:GetCallerIdentity failed: 500"),
            ("aws", ASSUME, {"error": "Throttling"}, f"AWS throttled {ASSUME}"),
            ("aws", "eks:DescribeCluster", {"error": "AccessDenied"}, "AWS denied eks:DescribeCluster"),
            ("kube", "kube:create:serviceaccounts/token", {"status": 503}, "returned 503"),
            (
                "kube",
                "kube:get:serviceaccounts",
                {"error": "Forbidden"},
                "you are not allowed to get serviceaccounts",
            ),
        ],
    )
    @pytest.mark.usefixtures("made")
    def test_what_does_not_answer_is_no_no(
        self,
        verify: Verify,
        control: Control,
        upstream: str,
        action: str,
        effect: Json,
        words: str,
    ) -> None:
        control.fault(upstream, action, effect, times=None)
        done = verify("--request-timeout=1s", "--timeout=6s", code=3)
        assert done.stdout == ""
        assert done.stderr.startswith("error: ")
        assert re.search(f"{words}|timed out after 6 s .*", done.stderr), done.stderr

    @pytest.mark.parametrize("effect", [{"drop": "before"}, {"drop": "after"}, {"status": 503}])
    @pytest.mark.parametrize(
        ("upstream", "action"), [("aws", ASSUME), ("kube", "kube:create:serviceaccounts/token")]
    )
    @pytest.mark.usefixtures("made")
    def test_what_fails_once_is_outlived(
        self, verify: Verify, control: Control, upstream: str, action: str, effect: Json
    ) -> None:
        control.fault(upstream, action, effect)
        assert verification(verify)["verdict"] == "yes"

    def test_its_document_says_what_is_in_the_way(self, made: Shop, verify: Verify) -> None:
        made.ok("delete", "rolebinding", "iamsa-verify", "-n", made.namespace)
        found = verification(verify, code=3)
        assert (found["verdict"], found["reason"], found["error"]["kind"]) == ("unknown", None, "denied")
