"""Remedies that `kubectl iamsa describe` prints, run as printed. `breakages` tries those of all checks."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from typing import Any

import pytest
from e2e.shop import ROLE_ARN, S3, Shop, aws_managed, trusting_account

pytestmark = pytest.mark.warm

Break = Callable[[Shop], Any]


def problems(shop: Shop) -> list[dict[str, str]]:
    done = shop.iamsa("describe", "shop", "-n", shop.namespace, "-o", "json")
    found: list[dict[str, str]] = json.loads(done.stdout)["status"]["problems"]
    return found


def delete_role(shop: Shop) -> None:
    shop.iam.detach_role_policy(RoleName=shop.role_name, PolicyArn=aws_managed(S3))
    shop.iam.delete_role(RoleName=shop.role_name)


# The suite of doctor breaks every link; describe judges by the same checks.
BROKEN: list[Any] = [
    pytest.param(
        lambda shop: shop.annotate(f"{ROLE_ARN}="),
        [("serviceAccount", "is empty")],
        id="annotation-emptied",
    ),
    pytest.param(delete_role, [("role", "does not exist")], id="role-deleted"),
    pytest.param(
        lambda shop: shop.set_trust(trusting_account(shop.world.account)),
        [("trust", "not the cluster's OIDC provider")],
        id="trust-replaced",
    ),
]


@pytest.mark.parametrize(("break_it", "expected"), BROKEN)
@pytest.mark.usefixtures("provider")
def test_each_problem_is_named_and_its_remedy_mends_it(
    made: Shop, break_it: Break, expected: list[tuple[str, str]]
) -> None:
    break_it(made)
    found = problems(made)
    assert [problem["link"] for problem in found] == [link for link, _ in expected]
    for problem, (_, words) in zip(found, expected, strict=True):
        assert words in problem["what"]
    (remedy,) = {problem["remedy"] for problem in found}
    run(made, remedy)
    assert problems(made) == []


def test_a_missing_provider_is_made_by_its_remedy(made: Shop, provider: str) -> None:
    made.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    (problem,) = problems(made)
    assert problem["link"] == "oidcProvider"
    run(made, problem["remedy"])
    assert problems(made) == []


def test_a_role_that_somebody_else_made_is_taken_over(shop: Shop) -> None:
    arn = shop.make_role("theirs-" + shop.namespace)
    shop.make_service_account({ROLE_ARN: arn})
    assert {problem["link"] for problem in problems(shop)} == {"trust", "policies"}
    run(shop, problems(shop)[0]["remedy"])
    assert problems(shop) == []


def test_a_delete_that_was_broken_off_is_finished(made: Shop) -> None:
    made.annotate(f"{ROLE_ARN}-", f"iamsa/deleting-role={made.role_arn}")
    (problem,) = problems(made)
    assert problem["remedy"] == f"kubectl iamsa delete shop -n {made.namespace}"
    run(made, problem["remedy"], "--yes")
    assert (made.role(), made.service_account()) == (None, None)


def test_a_remedy_says_where_to_work_as_the_command_did(made: Shop) -> None:
    made.annotate(f"{ROLE_ARN}-")
    where = ("--context", made.world.cluster_arn, "--region", made.world.region)
    done = made.iamsa("describe", "shop", "-n", made.namespace, *where, "-o", "json")
    (problem,) = json.loads(done.stdout)["status"]["problems"]
    words = shlex.split(problem["remedy"])
    assert words[words.index("--region") :] == ["--region", made.world.region, "--context", where[1]]


def run(shop: Shop, remedy: str, *more: str) -> None:
    """Run a remedy; POLICY is replaced by a policy."""
    kubectl, iamsa, *words = [S3 if word == "POLICY" else word for word in shlex.split(remedy)]
    assert (kubectl, iamsa) == ("kubectl", "iamsa")
    shop.iamsa(*words, *more)
