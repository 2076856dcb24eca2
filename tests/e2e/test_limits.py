"""IAM's limits are judged on what the role will have: nothing is written that would fail halfway."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from e2e.shop import Json, Shop, trusting_account

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]
PolicyFile = Callable[[str, int], str]


@pytest.fixture
def policy_file(tmp_path: Path) -> PolicyFile:
    """A file of that name whose policy has about so many characters."""

    def write(name: str, size: int) -> str:
        resource = "arn:aws:s3:::" + "b" * (size - 110)
        statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}
        file = tmp_path / f"{name}.json"
        file.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=4))
        return str(file)

    return write


def test_policies_that_do_not_fit_beside_those_on_the_role_are_refused(
    shop: Shop, policy_file: PolicyFile, writes: Writes
) -> None:
    shop.create(policies=[policy_file("a", 5_300)])
    before = writes()
    for words in ((), ("--dry-run",), ("--dry-run=server",)):
        error = shop.create(*words, policies=[policy_file("b", 5_300)], code=1).stderr
        assert all(word in error for word in (shop.role_name, "10,240", "of them in a"))
    assert writes() == before
    assert list(shop.inline()) == ["a"]


def test_a_purge_that_makes_room_deletes_before_it_puts_and_says_so(
    shop: Shop, policy_file: PolicyFile, writes: Writes
) -> None:
    one, two = policy_file("one", 6_000), policy_file("two", 6_000)
    shop.create(policies=[one])
    done = shop.create("--purge", policies=[two])
    assert list(shop.inline()) == ["two"]
    assert "no room" in done.stderr
    before = writes()
    assert shop.create("--purge", policies=[two]).stderr == ""
    assert writes() == before


def test_a_role_whose_trust_policy_has_no_room_is_adopted_only_as_the_remedy_says(
    shop: Shop, writes: Writes
) -> None:
    crowd: list[Json] = [{**trusting_account(shop.world.account), "Sid": "s" * 1_700}]
    shop.make_role(trust=crowd)
    before = writes()
    plain = shop.create("--role-name", shop.role_name, code=1).stderr
    error = shop.create("--role-name", shop.role_name, "--adopt", code=1).stderr
    assert "--replace-trust" in plain
    assert "--replace-trust" in error
    assert "2,048" in error
    assert writes() == before
    shop.create("--role-name", shop.role_name, "--adopt", "--replace-trust")
    assert shop.trust() == [shop.statement()]
