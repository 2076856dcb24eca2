# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The jobs that only look, against an AWS and a cluster in memory."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from unit.fakes.examples import (
    READ_S3,
    READ_SQS,
    ROLE_ARN,
    SUBJECT,
    desired,
    document,
    our_role,
    service_account,
)
from unit.fakes.wire import LONG_ENOUGH, raises
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, NotFound, Refused
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.describe import describe
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.inventory import inventory
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.role_policies import role_policies
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import RoleUse

USE = RoleUse("2026-11-24T10:00:00+00:00", "eu-west-1")


@pytest.fixture
def bound(world: World) -> World:
    """The ServiceAccount with our role `app`, which has two managed policies and an inline one."""
    world.account.put(our_role(), READ_SQS, READ_S3, reader=document())
    world.account.uses["app"] = USE
    world.kubernetes.put(service_account())
    return world


def is_another_cluster(world: World) -> None:
    world.kubernetes.connection = SimpleNamespace(
        verified_ca=frozenset({b"other"}), server="https://other.example", namespace="web"
    )
    world.kubernetes.issuer_url = "https://other.example/id"


class TestInventory:
    def test_it_shows_who_has_to_do_with_a_role(self, bound: World) -> None:
        bound.kubernetes.put(replace(service_account({"team": "web"}), subject=Subject("web", "plain")))
        (item,) = inventory(bound.access(), "web").items
        assert (item.service_account.subject, item.named, item.status.state) == (SUBJECT, ROLE_ARN, "ok")
        assert item.seen
        assert item.seen.policy_names == (READ_SQS.name, READ_S3.name, "reader")

    def test_other_namespaces_are_left_out_unless_all_are_asked_for(self, bound: World) -> None:
        bound.kubernetes.put(replace(service_account(), subject=Subject("db", "my-sa")))
        assert len(inventory(bound.access(), "web").items) == 1
        assert len(inventory(bound.access(), None).items) == 2

    def test_a_shared_role_is_judged_for_each_service_account(self, bound: World) -> None:
        bound.kubernetes.put(replace(service_account(), subject=Subject("db", "my-sa")))
        states = {
            item.service_account.subject.namespace: item.status.state
            for item in inventory(bound.access(), None).items
        }
        assert states == {"web": "ok", "db": "notTrusted"}
        assert bound.wire.names("iam:GetRole") == ["iam:GetRole"]

    def test_the_cluster_and_the_service_accounts_are_read_side_by_side(self, bound: World) -> None:
        bound.wire.latency = LONG_ENOUGH
        inventory(bound.access(), "web")
        assert bound.wire.longest_chain() == 2

    def test_without_a_kubeconfig_the_api_server_is_the_one_that_eks_names(self, bound: World) -> None:
        bound.by_name_only = True
        assert len(inventory(bound.access(), "web").items) == 1

    def test_two_clusters_are_not_taken_for_one(self, bound: World) -> None:
        is_another_cluster(bound)
        with pytest.raises(Refused, match="is not EKS cluster"):
            inventory(bound.access(), "web")

    def test_a_role_that_may_not_be_read_names_the_action(self, bound: World) -> None:
        bound.wire.on("iam:GetRole", raises(Denied("no", action="iam:GetRole")))
        with pytest.raises(Denied) as caught:
            inventory(bound.access(), "web")
        assert caught.value.action == "iam:GetRole"

    def test_nothing_is_written(self, bound: World) -> None:
        before = bound.state()
        inventory(bound.access(), None)
        assert (bound.wire.writes, bound.state()) == ([], before)


class TestRolePolicies:
    def test_managed_ones_in_iams_order_then_inline_ones(self, bound: World) -> None:
        found = role_policies(desired(), bound.access())
        assert found.managed == (READ_SQS, READ_S3)
        assert found.inline == ("reader",)

    def test_a_missing_service_account_is_told_before_a_missing_role(self, world: World) -> None:
        with pytest.raises(NotFound, match=r"serviceaccount web/my-sa does not exist"):
            role_policies(desired(), world.access())

    def test_where_it_is_not_required_only_the_role_counts(self, world: World) -> None:
        world.account.put(our_role(name="demo-my-sa-role"), READ_S3)
        wanted = desired(name_style="gen3")
        found = role_policies(wanted, world.access(), service_account_required=False)
        assert found.role.name == "demo-my-sa-role"

    def test_a_missing_role_names_both_ways_out(self, world: World) -> None:
        with pytest.raises(
            NotFound, match=r"role x of .* does not exist; create it .* <role_name>"
        ) as caught:
            role_policies(desired(name="x"), world.access())
        assert str(caught.value.resource) == "role/x"

    def test_an_annotation_that_names_no_role_of_this_account_is_told(self, bound: World) -> None:
        bound.kubernetes.put(service_account({ANNOTATION_ROLE_ARN: "arn:aws:iam::999999999999:role/x"}))
        with pytest.raises(NotFound, match="role of this account with <role_name>"):
            role_policies(desired(), bound.access())
        assert bound.wire.names("iam:") == []


class TestDescribe:
    def test_it_holds_all_that_was_read(self, bound: World) -> None:
        chain = describe(desired(), bound.access())
        assert chain.facts.provider
        assert chain.service_account == bound.kubernetes.service_accounts[SUBJECT]
        assert (chain.role, chain.use) == (bound.account.roles["app"], USE)
        assert chain.seen
        assert chain.seen.policy_names == (READ_SQS.name, READ_S3.name, "reader")

    def test_it_waits_for_two_calls_one_after_the_other(self, bound: World) -> None:
        bound.wire.latency = LONG_ENOUGH
        describe(desired(), bound.access())
        assert bound.wire.longest_chain() == 2

    def test_a_role_alone_is_shown(self, bound: World) -> None:
        bound.kubernetes.service_accounts.clear()
        chain = describe(desired(name="app"), bound.access())
        assert (chain.service_account, chain.role) == (None, bound.account.roles["app"])

    def test_a_service_account_alone_is_shown(self, bound: World) -> None:
        bound.account.roles.clear()
        chain = describe(desired(), bound.access())
        assert (chain.role, chain.role_name) == (None, "app")
        assert chain.service_account

    def test_neither_is_an_error(self, world: World) -> None:
        with pytest.raises(NotFound, match="serviceaccount web/my-sa does not exist"):
            describe(desired(), world.access())

    def test_a_role_of_another_account_is_not_read(self, bound: World) -> None:
        bound.kubernetes.put(service_account({ANNOTATION_ROLE_ARN: "arn:aws:iam::999999999999:role/x"}))
        chain = describe(desired(), bound.access())
        assert chain.elsewhere
        assert bound.wire.names("iam:") == ["iam:GetOpenIDConnectProvider"]

    def test_two_clusters_are_not_taken_for_one(self, bound: World) -> None:
        is_another_cluster(bound)
        with pytest.raises(Refused, match="is not EKS cluster"):
            describe(desired(), bound.access())


class TestRolesWithoutServiceAccount:
    """They are counted in the pages that list reads in any case."""

    @pytest.fixture
    def many(self, world: World) -> World:
        """More ServiceAccounts than are read one by one, and two roles of ServiceAccounts that are gone."""
        for name in "abcdefgh":
            subject = Subject("web", name)
            role = our_role(desired(subject=subject), name)
            world.account.put(role, READ_S3)
            world.kubernetes.put(replace(service_account({ANNOTATION_ROLE_ARN: role.arn}), subject=subject))
        for name in ("gone", "also-gone"):
            world.account.put(our_role(desired(subject=Subject("web", name)), name), READ_S3)
        return world

    def test_a_whole_sweep_counts_them(self, many: World) -> None:
        found = inventory(many.access(), None)
        assert (found.without_service_account, found.is_denied) == (2, False)

    def test_one_namespace_is_not_the_cluster(self, many: World) -> None:
        assert inventory(many.access(), "web").without_service_account is None

    def test_no_call_is_made_to_count_them(self, world: World) -> None:
        world.account.put(our_role(desired(subject=Subject("web", "gone")), "gone"), READ_S3)
        assert inventory(world.access(), None).without_service_account is None
        assert world.wire.names("iam:GetAccountAuthorizationDetails") == []

    def test_roles_of_others_are_not_counted(self, many: World) -> None:
        roles = many.account.roles
        roles["gone"] = replace(roles["gone"], tags={**roles["gone"].tags, "iamsa/issuer": "https://earlier"})
        roles["also-gone"] = replace(roles["also-gone"], tags={"terraform": "yes"})
        assert inventory(many.access(), None).without_service_account == 0

    def test_a_sweep_that_is_denied_counts_nothing(self, many: World) -> None:
        many.wire.on("iam:GetAccountAuthorizationDetails", raises(Denied("no", action="iam:any")))
        found = inventory(many.access(), None)
        assert (found.without_service_account, found.is_denied) == (None, True)
