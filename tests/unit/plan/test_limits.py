# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM's limits, judged on what the role will have: whole runs are refused before the first write, or fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from unit.fakes.examples import (
    FACTS,
    OPS_STATEMENT,
    READ_S3,
    READ_SQS,
    ROLE_NAME,
    by_arn,
    desired,
    document,
    inline,
    observed,
    our_role,
    planned,
    recorded,
    service_account,
    trusting,
)
from unit.fakes.starts import MANY, MINE, S3
from unit.fakes.wire import raises
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Denied, Refused, RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.role import (
    DeleteInlinePolicy,
    PutInlinePolicy,
)
from ansible_collections.iamsa.eks.plugins.module_utils.policy.document import document_size
from ansible_collections.iamsa.eks.plugins.module_utils.policy.limits import Quotas
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import InlinePolicy
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import trust_policy

RAISED = Quotas(attachments=20, trust=4096, inline=10_240)


def sized(size: int, spaces: int = 0) -> dict[str, Any]:
    """A document of so many characters, and besides of so many spaces within a string."""
    made = document()
    made["Statement"][0]["Resource"] += "a" * (size - document_size(made).least) + " " * spaces
    return made


def of_size(name: str, size: int, spaces: int = 0) -> InlinePolicy:
    return InlinePolicy(name, sized(size, spaces), f"./{name}.json")


def statements(size: int) -> list[dict[str, Any]]:
    """Statements of others with so many characters and the commas between them."""
    one = {**OPS_STATEMENT, "Sid": ""}
    rest = size - document_size(one).least
    return [{**one, "Sid": "s" * rest}]


def crowded(trust: int, **changes: Any) -> Role:
    """A role of others whose trust policy has so many characters."""
    bare = document_size(trust_policy([])).least
    return our_role(trust=trust_policy(statements(trust - bare)), tags={"team": "ops"}, **changes)


def with_inline(world: World, **policies: Mapping[str, Any]) -> None:
    """Our role with these policies, of which iamsa has put `ours` there."""
    role = recorded(our_role(), inline("ours"))
    world.account.put(role, **policies)
    world.kubernetes.put(service_account(managers=MINE))


# Inline policies together.


@pytest.mark.parametrize("dry_run", ["none", "client", "server"])
def test_inline_policies_that_are_too_long_together_are_refused_before_any_write(
    world: World, dry_run: Any
) -> None:
    with_inline(world, theirs=sized(5_300))

    error = world.refusal(desired(of_size("mine", 5_300)), dry_run)

    assert (type(error), str(error.resource)) == (Refused, f"role/{ROLE_NAME}")
    assert all(number in error.problem for number in ("10,600", "10,240", "5,300", "theirs"))
    assert "<purge>" in error.remedy
    assert "raise" not in error.remedy
    assert world.wire.writes == []


def test_inline_policies_that_fill_the_limit_to_the_last_character_are_put(world: World) -> None:
    with_inline(world, theirs=sized(5_240))
    world.create(desired(of_size("mine", 5_000)))
    assert set(world.account.inline[ROLE_NAME]) == {"theirs", "mine"}


def test_a_policy_that_is_replaced_counts_once(world: World) -> None:
    with_inline(world, ours=sized(6_000))
    world.create(desired(of_size("ours", 9_000)))
    assert world.account.inline[ROLE_NAME]["ours"] == sized(9_000)


def test_what_shrinks_is_put_before_what_grows(world: World) -> None:
    with_inline(world, ours=sized(9_000))
    world.create(desired(of_size("new", 6_000), of_size("ours", 1_000)))
    assert set(world.account.inline[ROLE_NAME]) == {"ours", "new"}


def test_a_purge_that_makes_room_goes_first_and_that_is_said(world: World) -> None:
    with_inline(world, one=sized(4_000), two=sized(4_000))

    outcome = world.create(desired(of_size("mine", 6_000), purge=True))

    assert set(world.account.inline[ROLE_NAME]) == {"mine"}
    inline_writes = [name for name in world.wire.writes if "RolePolicy" in name]
    assert inline_writes == ["iam:DeleteRolePolicy", "iam:PutRolePolicy", "iam:DeleteRolePolicy"]
    assert any("one" in notice and "mine" in notice for notice in outcome.notices)


def test_a_purge_goes_last_where_there_is_room(world: World) -> None:
    with_inline(world, one=sized(4_000))
    outcome = world.create(desired(of_size("mine", 6_000), purge=True))
    assert [name for name in world.wire.writes if "RolePolicy" in name][-1] == "iam:DeleteRolePolicy"
    assert outcome.notices == ()


def test_what_is_to_be_absent_makes_room_too(world: World) -> None:
    with_inline(world, old=sized(8_000))
    world.create(desired(of_size("mine", 6_000), absent=(inline("old"),)))
    assert set(world.account.inline[ROLE_NAME]) == {"mine"}


@pytest.mark.parametrize("counts", [10_240, 10_300])
def test_between_the_bounds_of_what_iam_counts_the_put_is_tried(world: World, counts: int) -> None:
    with_inline(world, theirs=sized(5_000))
    world.account.quotas_kept = world.account.quotas_kept._replace(inline=counts)
    wanted = desired(S3, of_size("mine", 5_200, spaces=100), description="new")
    if counts == 10_300:
        world.create(wanted)
        return

    error = world.refusal(wanted)

    assert isinstance(error, RemoteError)
    assert error.code == "LimitExceeded"
    assert world.wire.writes == ["iam:TagRole", "iam:PutRolePolicy", "iam:UntagRole"]


def test_documents_that_may_not_be_read_do_not_stop_a_put(world: World) -> None:
    with_inline(world, theirs=sized(2_000), ours=sized(100))
    read = world.iam.policies.inline

    def only_ours(role: str, name: str) -> Any:
        if name == "theirs":
            raise Denied("no", action="iam:GetRolePolicy")
        return read(role, name)

    world.iam.policies.inline = only_ours  # type: ignore[method-assign]
    world.create(desired(of_size("ours", 5_000)))
    assert world.account.inline[ROLE_NAME]["ours"] == sized(5_000)


def test_names_that_may_not_be_read_do_not_stop_a_repair(world: World) -> None:
    with_inline(world, theirs=sized(2_000), ours=sized(100))
    world.wire.on("iam:ListRolePolicies", raises(Denied("no", action="iam:ListRolePolicies")))
    world.create(desired(of_size("ours", 5_000)))
    assert world.account.inline[ROLE_NAME]["ours"] == sized(5_000)


def test_the_other_documents_are_not_read_where_nothing_is_put(world: World) -> None:
    with_inline(world, theirs=sized(2_000), ours=sized(100))
    world.create(desired(of_size("ours", 100)))
    assert world.wire.names("iam:GetRolePolicy") == ["iam:GetRolePolicy"]
    assert world.wire.names("iam:ListRolePolicies") == []


SIZES = st.dictionaries(st.sampled_from("abcde"), st.integers(200, 6_000), max_size=4)


@given(there=SIZES, asked=SIZES, purge=st.booleans())
def test_what_fits_in_the_end_fits_all_the_way_and_the_rest_is_refused(
    there: dict[str, int], asked: dict[str, int], purge: bool
) -> None:
    assume(sum(there.values()) <= 10_240)
    policies = [of_size(name, size) for name, size in asked.items()]
    documents = {name: sized(size) for name, size in there.items()}
    seen = observed(
        recorded(our_role(), *map(inline, there)),
        service_account(),
        *policies,
        inline={name: documents[name] if name in asked else None for name in there if purge or name in asked},
        other_inline={name: documents[name] for name in there if name not in asked},
    )
    end = {**({} if purge else there), **asked}
    try:
        steps = planned(desired(purge=purge), FACTS, seen)
    except Refused:
        assert sum(end.values()) > 10_240
        return
    now = dict(there)
    for step in steps:
        if isinstance(step, PutInlinePolicy):
            now[step.name] = document_size(step.document).least
            assert sum(now.values()) <= 10_240
        elif isinstance(step, DeleteInlinePolicy):
            del now[step.name]
    assert now == end


# The trust policy.


ADOPT = desired(S3, name=ROLE_NAME, adopt=True)


@pytest.mark.parametrize("dry_run", ["none", "client", "server"])
def test_a_trust_policy_without_room_is_refused_before_any_write(world: World, dry_run: Any) -> None:
    world.account.put(crowded(1_900))

    error = world.refusal(ADOPT, dry_run)

    assert (type(error), str(error.resource)) == (Refused, f"role/{ROLE_NAME}")
    assert all(number in error.problem for number in ("1,900", "2,048"))
    assert "<replace_trust>" in error.remedy
    assert world.wire.writes == []


def test_the_remedy_of_a_trust_policy_without_room_works(world: World) -> None:
    world.account.put(crowded(1_900))
    world.create(replace(ADOPT, overrides=replace(ADOPT.overrides, replace_trust=True)))
    assert len(world.role.trust["Statement"]) == 1


def test_a_quota_that_was_raised_counts(world: World) -> None:
    world.account.put(crowded(1_900))
    world.account.quotas_read = world.account.quotas_kept = RAISED
    world.create(ADOPT)
    assert len(world.role.trust["Statement"]) == 2


def test_a_trust_policy_that_already_lets_us_in_needs_no_room(world: World) -> None:
    role = crowded(2_040)
    world.account.put(replace(role, trust=trusting(our_role(), *role.trust["Statement"]).trust))
    world.create(ADOPT)
    assert world.wire.names("iam:GetAccountSummary") == []


@pytest.mark.parametrize(
    "role", [crowded(1_900), trusting(our_role(trust=trust_policy([])), *statements(1_850))]
)
def test_a_role_that_must_first_be_allowed_is_not_offered_what_would_fail(world: World, role: Role) -> None:
    world.account.put(role)
    error = world.refusal(desired(S3, name=ROLE_NAME))
    assert isinstance(error, Refused)
    assert "<replace_trust>" in error.remedy
    assert "add <adopt> to" not in error.remedy


def test_where_the_quota_may_not_be_read_the_trust_policy_is_written_first(world: World) -> None:
    world.account.put(crowded(1_900), READ_SQS)
    world.account.quotas_read = None

    error = world.refusal(desired(S3, inline(), name=ROLE_NAME, adopt=True, description="new"))

    assert isinstance(error, RemoteError)
    assert world.wire.writes == ["iam:UpdateAssumeRolePolicy"]


def test_what_is_taken_from_the_role_is_taken_before_it_lets_us_in(world: World) -> None:
    world.account.put(crowded(1_900), READ_SQS)
    world.account.quotas_read, world.account.quotas_kept = None, RAISED
    world.create(desired(S3, name=ROLE_NAME, adopt=True, purge=True))
    writes = world.wire.writes
    assert writes.index("iam:DetachRolePolicy") < writes.index("iam:UpdateAssumeRolePolicy")


# Attached policies.


def test_where_the_quota_may_not_be_read_a_purge_makes_room_up_to_the_default(world: World) -> None:
    world.account.put(our_role(), *MANY)
    world.kubernetes.put(service_account(managers=MINE))
    world.account.quotas_read = None
    world.create(desired(S3, by_arn(MANY[0]), purge=True))
    assert len(world.account.attached[ROLE_NAME]) == 2


def test_an_attachment_that_may_be_refused_comes_before_inline_policies(world: World) -> None:
    world.account.put(our_role(), *MANY)
    world.account.quotas_read = None

    error = world.refusal(desired(S3, inline(), name=ROLE_NAME))

    assert isinstance(error, RemoteError)
    assert "iam:PutRolePolicy" not in world.wire.writes


# Tags.


def tagged(count: int) -> Role:
    """Our role with so many tags in all."""
    ours = our_role()
    more = {f"t{number}": "" for number in range(count - len(ours.tags))}
    return replace(ours, tags={**ours.tags, **more})


def test_more_tags_than_iam_allows_are_refused_before_any_write(world: World) -> None:
    world.account.put(tagged(49))
    error = world.refusal(desired(S3, name=ROLE_NAME, tags={"a": "", "b": ""}))
    assert (type(error), str(error.resource)) == (Refused, f"role/{ROLE_NAME}")
    assert world.wire.writes == []


def test_a_tag_that_is_removed_makes_room_for_the_record(world: World) -> None:
    world.account.put(tagged(50))
    world.create(desired(S3, name=ROLE_NAME, removed_tags=("t1",)))
    assert len(world.role.tags) == 50


@pytest.mark.parametrize("dry_run", ["client", "none"])
def test_what_a_purge_takes_away_makes_room_for_the_entry_of_what_it_puts(world: World, dry_run: Any) -> None:
    role = recorded(our_role(), READ_SQS)
    world.account.put(replace(role, tags={**tagged(49).tags, **role.tags}), READ_SQS)

    outcome = world.create(desired(S3, name=ROLE_NAME, purge=True), dry_run)

    assert len(outcome.role.tags) == 50
    assert any(READ_SQS.name in notice for notice in outcome.notices)
    if dry_run == "none":
        assert list(world.account.attached[ROLE_NAME]) == [READ_S3.arn]
        assert world.wire.writes[:4] == [
            *("iam:DetachRolePolicy", "iam:UntagRole", "iam:TagRole", "iam:AttachRolePolicy"),
        ]


def test_a_role_without_room_for_our_tags_is_not_offered_for_adoption(world: World) -> None:
    world.account.put(replace(our_role(), tags={f"t{number}": "" for number in range(44)}))
    error = world.refusal(desired(S3, name=ROLE_NAME))
    assert isinstance(error, Refused)
    assert "<adopt>" not in error.remedy


def test_tags_of_aws_itself_may_not_count(world: World) -> None:
    role = tagged(48)
    aws = {f"aws:cloudformation:{number}": "" for number in range(3)}
    world.account.put(replace(role, tags={**role.tags, **aws}))
    world.create(desired(S3, name=ROLE_NAME))
    assert len(world.role.tags) == 52


def test_a_new_role_with_more_tags_than_iam_allows_is_not_made(world: World) -> None:
    error = world.refusal(desired(S3, tags={f"t{number}": "" for number in range(45)}))
    assert isinstance(error, Refused)
    assert world.wire.writes == []


# Beside the role.


def test_an_audience_for_which_the_provider_has_no_room_is_refused_before_any_write(world: World) -> None:
    (provider,) = world.account.providers
    world.account.providers[provider] = tuple(f"a{number}" for number in range(100))
    error = world.refusal(desired(S3, create_oidc_provider=True))
    assert isinstance(error, Refused)
    assert str(error.resource).startswith("oidc-provider/")
    assert world.wire.writes == []


@pytest.mark.parametrize("dry_run", ["none", "client"])
def test_annotations_for_which_a_service_account_has_no_room_are_refused(world: World, dry_run: Any) -> None:
    world.kubernetes.put(service_account({"blob": "b" * (256 * 1024 - 20)}))
    error = world.refusal(desired(S3), dry_run)
    assert (type(error), str(error.resource)) == (Refused, "serviceaccount/my-sa")
    assert world.wire.writes == []
