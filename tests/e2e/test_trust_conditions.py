"""Further conditions on our own trust statement: kept and said, and removed by --replace-trust alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from e2e.shop import Json, Shop
from pocket_eks.pods import pod_token
from pocket_eks.world import World

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]
HERE = {"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}
ELSEWHERE = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}


def under(shop: Shop, condition: Json, **changes: object) -> Json:
    statement = shop.statement()
    return {**statement, "Condition": {**statement["Condition"], **condition}, **changes}


@pytest.fixture
def is_let_in(made: Shop, world: World, aws: Callable[..., object]) -> Callable[[], bool]:
    """Whether AWS gives the role to a pod of the ServiceAccount."""
    made.start_pod()
    sts = aws("sts", config=Config(signature_version=UNSIGNED))

    def ask() -> bool:
        token = pod_token(world.environ, made.namespace, "app")
        arguments = {"RoleArn": made.role_arn, "RoleSessionName": "test", "WebIdentityToken": token}
        try:
            sts.assume_role_with_web_identity(**arguments)  # type: ignore[attr-defined]
        except ClientError as error:
            if error.response["Error"]["Code"] != "AccessDenied":
                raise
            return False
        return True

    return ask


def test_create_leaves_a_condition_and_says_so(made: Shop, writes: Writes) -> None:
    made.set_trust(under(made, HERE))
    before = made.trust()
    writes()
    done = made.create()
    assert "aws:SourceIp IpAddress 127.0.0.0/8" in done.stderr
    assert (done.stdout.splitlines()[0], made.trust()) == ("serviceaccount/shop unchanged", before)


@pytest.mark.parametrize(
    ("condition", "let_in"), [(HERE, True), (ELSEWHERE, False)], ids=["here", "elsewhere"]
)
def test_a_repair_keeps_the_condition(
    made: Shop, is_let_in: Callable[[], bool], condition: Json, let_in: bool
) -> None:
    made.set_trust(under(made, condition, Action="sts:AssumeRole"))
    assert not is_let_in()
    made.create()
    assert made.trust() == [under(made, condition)]
    assert is_let_in() == let_in


def test_only_replace_trust_removes_it_and_a_dry_run_prints_what_goes(
    made: Shop, is_let_in: Callable[[], bool]
) -> None:
    made.set_trust(under(made, ELSEWHERE))
    words = ("--replace-trust",)
    printed = [made.create(*words, "--dry-run").stdout, made.create(*words).stdout]
    gone = "removed: condition aws:SourceIp IpAddress 192.0.2.0/24"
    assert [gone in lines for lines in printed] == [True, True]
    assert made.trust() == [made.statement()]
    assert is_let_in()
