"""`kubectl iamsa list` in the world: what is there, by how many calls. What is shown how is in unit/runs."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from e2e.shop import ROLE_ARN, S3, SQS, Shop, aws_managed
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


def test_a_document_has_what_create_says_of_the_same_role(made: Shop) -> None:
    listed = json.loads(made.iamsa("list", "-n", made.namespace, "-o", "json").stdout)
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


def test_who_may_not_list_everywhere_is_told_what_to_do(shop: Shop) -> None:
    narrow = {**shop.world.environ, "KUBECONFIG": shop.world.variables["WORLD_KUBECONFIG_NARROW"]}
    done = shop.iamsa("list", "-A", code=1, environ=narrow)
    assert done.stdout == ""
    assert 'cannot list resource "serviceaccounts"' in done.stderr
    assert done.stderr.endswith("; use -n NAMESPACE instead of -A, or ask for a ClusterRole that allows it\n")
