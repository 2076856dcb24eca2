"""`kubectl iamsa list`: which ServiceAccounts have a role, and how it stands."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from e2e.shop import AUDIENCE, MARKER, ROLE_ARN, S3, SQS, Shop, aws_managed
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

Listing = Callable[..., "list[str]"]
MANY = 40


@pytest.fixture
def listing(shop: Shop) -> Listing:
    """`listing("-o", "wide")`: what `kubectl iamsa list` prints of the shop's namespace, line by line."""

    def run(*words: str) -> list[str]:
        return shop.iamsa("list", "-n", shop.namespace, *words).stdout.splitlines()

    return run


@pytest.fixture
def state(listing: Listing) -> Callable[[], str]:
    """`state()`: the STATUS of the one ServiceAccount that is listed."""

    def run() -> str:
        (line,) = listing("--no-headers")
        return line.split("   ")[-1].strip()

    return run


def items(shop: Shop) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(shop.iamsa("list", "-n", shop.namespace, "-o", "json").stdout)[
        "items"
    ]
    return found


def named(shop: Shop, name: str) -> Shop:
    return Shop(shop.world, shop.namespace, shop.iam, shop.iamsa, shop.kubectl, name=name)


def make_many(shop: Shop) -> None:
    """ServiceAccounts with a role each, made past iamsa, which would take a minute."""
    service_accounts = []
    for number in range(MANY):
        one = named(shop, f"shop-{number:02}")
        arn = one.make_role(trust=[one.statement()], tags=one.tags, path="/iamsa/")
        shop.iam.attach_role_policy(RoleName=one.role_name, PolicyArn=aws_managed(S3))
        metadata = {"name": one.name, "namespace": one.namespace, "annotations": {ROLE_ARN: arn}}
        service_accounts.append({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata})
    shop.ok(
        "create", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": service_accounts})
    )


def aws_calls(control: Control) -> list[str]:
    return [call["action"] for call in control.calls() if call["upstream"] == "aws"]


def test_a_table_shows_role_policies_and_state(shop: Shop, listing: Listing) -> None:
    shop.create(policies=(S3, SQS))
    header, line = listing()
    assert header.split() == ["NAME", "ROLE", "POLICIES", "STATUS"]
    assert line.split() == ["shop", shop.role_name, f"{S3},{SQS}", "Ready"]
    assert [header.index(word) for word in ("ROLE", "STATUS")] == [
        line.index(shop.role_name),
        line.rindex("Ready"),
    ]


@pytest.mark.usefixtures("made")
def test_no_headers_leaves_the_lines(listing: Listing) -> None:
    assert listing("--no-headers") == listing()[1:]


def test_wide_shows_arn_owner_boundary_and_audience(shop: Shop, listing: Listing, boundary: str) -> None:
    shop.create("--permissions-boundary", boundary)
    header, line = listing("-o", "wide")
    assert header.split()[4:] == ["ROLE", "ARN", "OWNER", "BOUNDARY", "AUDIENCE"]
    assert line.split()[4:] == [shop.role_arn, "iamsa", boundary, "sts.amazonaws.com"]


@pytest.mark.usefixtures("made")
def test_names_alone(listing: Listing) -> None:
    assert listing("-o", "name") == ["serviceaccount/shop"]


@pytest.mark.parametrize(("output", "load"), [("json", json.loads), ("yaml", yaml.safe_load)])
def test_a_document_has_what_create_says_of_the_same_role(
    made: Shop, output: str, load: Callable[[str], Any]
) -> None:
    listed = load(made.iamsa("list", "-n", made.namespace, "-o", output).stdout)
    created = json.loads(made.create("-o", "json").stdout)
    assert (listed["apiVersion"], listed["kind"]) == ("iamsa/v1alpha1", "ServiceAccountRoleList")
    (item,) = listed["items"]
    assert listed["metadata"]["cluster"] == created["metadata"]["cluster"]
    for part in ("apiVersion", "kind", "metadata"):
        assert item[part] == created[part]
    found, known = item["status"], created["status"]
    for part in ("cluster", "owner", "audience", "policies", "serviceAccount", "podIdentityAssociations"):
        assert found[part] == known[part]
    assert found["role"].items() <= known["role"].items()
    assert (found["state"], found["owner"]["name"]) == ("ok", "iamsa")


@pytest.mark.usefixtures("cluster_admin")
def test_all_namespaces_are_told_apart(made: Shop) -> None:
    header, *lines = made.iamsa("list", "-A").stdout.splitlines()
    assert header.split()[0] == "NAMESPACE"
    assert [made.namespace, "shop", made.role_name, S3, "Ready"] in [line.split() for line in lines]


def test_nothing_found_is_no_error(shop: Shop) -> None:
    shop.make_service_account()
    done = shop.iamsa("list", "-n", shop.namespace)
    assert done.stdout == ""
    assert done.stderr == f"No ServiceAccounts with a role found in {shop.namespace} namespace.\n"


def test_the_status_is_colored_on_request(made: Shop) -> None:
    words = ("list", "-n", made.namespace, "--color")
    assert made.iamsa(*words, "always").stdout.endswith("\x1b[32mReady\x1b[0m\n")
    assert "\x1b" not in made.iamsa(*words, "auto").stdout


def test_nothing_found_is_an_empty_list_for_a_machine(shop: Shop) -> None:
    assert items(shop) == []


class TestState:
    def test_a_role_that_is_gone(self, shop: Shop, state: Callable[[], str]) -> None:
        shop.make_service_account({ROLE_ARN: shop.role_arn})
        assert state() == "RoleMissing"

    def test_a_namesake_under_another_path_is_another_role(
        self, shop: Shop, state: Callable[[], str]
    ) -> None:
        shop.make_role(trust=[shop.statement()], tags=shop.tags, path="/team/")
        shop.make_service_account({ROLE_ARN: shop.role_arn})
        assert state() == "RoleMissing"

    def test_a_trust_policy_for_somebody_else(self, made: Shop, state: Callable[[], str]) -> None:
        made.set_trust(named(made, "other").statement())
        assert state() == "NotTrusted"

    def test_a_trust_policy_for_another_audience(self, made: Shop, state: Callable[[], str]) -> None:
        made.annotate(f"{AUDIENCE}=example.com")
        assert state() == "NotTrusted"

    def test_a_role_that_iamsa_did_not_make(self, shop: Shop, state: Callable[[], str]) -> None:
        arn = shop.make_role(trust=[shop.statement()], tags={"managed-by": "terraform"})
        shop.make_service_account({ROLE_ARN: arn})
        assert state() == "Unmanaged"
        assert items(shop)[0]["status"]["owner"]["name"] == "Terraform"

    def test_a_role_of_another_account_is_not_read(
        self, shop: Shop, state: Callable[[], str], control: Control
    ) -> None:
        shop.make_service_account({ROLE_ARN: "arn:aws:iam::999999999999:role/theirs"})
        control.clear_calls()
        assert state() == "Unmanaged"
        assert sorted(aws_calls(control)) == ["eks:DescribeCluster", "eks:ListPodIdentityAssociations"]

    def test_a_service_account_that_has_lost_its_role(self, made: Shop, state: Callable[[], str]) -> None:
        made.annotate(f"{ROLE_ARN}-")
        assert MARKER in made.annotations()
        assert state() == "NoRole"

    def test_a_delete_that_was_broken_off(self, made: Shop, state: Callable[[], str]) -> None:
        made.annotate(f"{ROLE_ARN}-", f"iamsa/deleting-role={made.role_arn}")
        assert state() == "Deleting"

    def test_an_annotation_that_is_no_arn(self, shop: Shop, state: Callable[[], str]) -> None:
        shop.make_service_account({ROLE_ARN: "\x1b[31mnone\nof these"})
        assert state() == "InvalidARN"
        assert "\x1b" not in shop.iamsa("list", "-n", shop.namespace).stdout


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("role", ["${ROLE}", "", "x" * 65])
def test_a_name_that_no_role_can_have_hides_no_other(shop: Shop, control: Control, role: str) -> None:
    named(shop, "broken").make_service_account({ROLE_ARN: shop.arn_of(role)})
    control.clear_calls()
    states = {item["metadata"]["name"]: item["status"]["state"] for item in items(shop)}
    assert states == {"shop": "ok", "broken": "invalidArn"}
    assert {call["status"] for call in control.calls() if call["upstream"] == "aws"} == {200}


class TestCalls:
    @pytest.mark.usefixtures("made")
    def test_one_role_is_read_by_itself(self, listing: Listing, control: Control) -> None:
        listing()
        assert sorted(aws_calls(control)) == [
            "eks:DescribeCluster",
            "eks:ListPodIdentityAssociations",
            "iam:GetRole",
            "iam:ListAttachedRolePolicies",
            "iam:ListRolePolicies",
        ]

    def test_forty_roles_take_ten_calls_at_most(self, shop: Shop, listing: Listing, control: Control) -> None:
        make_many(shop)
        control.clear_calls()
        lines = listing("--no-headers")
        assert len(aws_calls(control)) <= 10
        assert len([call for call in control.calls() if call["upstream"] == "kube"]) == 1
        assert [line.split()[-2:] for line in lines] == [[S3, "Ready"]] * MANY

    def test_where_the_account_may_not_be_read_each_role_takes_three(
        self, shop: Shop, listing: Listing, control: Control
    ) -> None:
        make_many(shop)
        whole = listing()
        control.clear_calls()
        control.fault("aws", "iam:GetAccount*", {"error": "AccessDenied"}, times=None)
        assert listing() == whole
        of_roles = [action for action in aws_calls(control) if "Account" not in action]
        assert len(of_roles) == 2 + 3 * MANY

    @pytest.mark.usefixtures("made")
    def test_nothing_is_written(self, listing: Listing, control: Control) -> None:
        listing("-o", "wide")
        assert not any(call["write"] for call in control.calls())


def test_who_may_not_list_everywhere_is_told_what_to_do(shop: Shop) -> None:
    narrow = {**shop.world.environ, "KUBECONFIG": shop.world.variables["WORLD_KUBECONFIG_NARROW"]}
    done = shop.iamsa("list", "-A", code=1, environ=narrow)
    assert done.stdout == ""
    assert 'cannot list resource "serviceaccounts"' in done.stderr
    assert done.stderr.endswith(
        "; give -n NAMESPACE instead of -A, or ask for a ClusterRole that allows it\n"
    )
