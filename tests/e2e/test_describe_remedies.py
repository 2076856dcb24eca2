"""`kubectl iamsa describe` finds each problem, and the command that it prints fixes it."""

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


def drift_in_trust(shop: Shop) -> None:
    shop.set_trust({**shop.statement(), "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"]})


def of_an_earlier_cluster(shop: Shop) -> None:
    issuer = "https://oidc.eks.us-east-1.amazonaws.com/id/BEFORE"
    # Registered, or AWS would not take the statement.
    shop.iam.create_open_id_connect_provider(Url=issuer, ClientIDList=["sts.amazonaws.com"])
    shop.set_trust(shop.statement(issuer))
    shop.iam.tag_role(RoleName=shop.role_name, Tags=[{"Key": "iamsa/issuer", "Value": issuer}])
    arn = f"arn:aws:iam::{shop.world.account}:oidc-provider/{issuer.removeprefix('https://')}"
    shop.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)


def take_the_audience(shop: Shop) -> None:
    shop.iam.remove_client_id_from_open_id_connect_provider(
        OpenIDConnectProviderArn=shop.world.provider_arn, ClientID="sts.amazonaws.com"
    )


def another_ones_role(shop: Shop) -> None:
    other = Shop(shop.world, shop.namespace, shop.iam, shop.iamsa, shop.kubectl, name="other")
    other.create()
    shop.annotate(f"{ROLE_ARN}={other.role_arn}")


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
    pytest.param(drift_in_trust, [("trust", "was changed or duplicated")], id="trust-drifted"),
    pytest.param(
        of_an_earlier_cluster, [("trust", "the trust policy trusts the issuer")], id="cluster-made-anew"
    ),
    pytest.param(another_ones_role, [("trust", "to assume the role")], id="annotated-with-another-ones-role"),
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


@pytest.mark.usefixtures("provider")
def test_an_audience_that_was_taken_from_the_provider_is_put_back(made: Shop) -> None:
    take_the_audience(made)
    (problem,) = problems(made)
    assert (
        "tokens have the audience sts.amazonaws.com, but the OIDC provider accepts no audience"
        in problem["what"]
    )
    run(made, problem["remedy"])
    assert problems(made) == []


def test_a_boundary_that_was_removed_is_put_back(shop: Shop, boundary: str) -> None:
    shop.create("--permissions-boundary", boundary)
    shop.iam.delete_role_permissions_boundary(RoleName=shop.role_name)
    (problem,) = problems(shop)
    assert problem["what"] == f"the role's permissions boundary {boundary} was removed"
    run(shop, problem["remedy"])
    assert problems(shop) == []


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


def test_a_role_without_room_in_its_trust_policy_is_left_for_another(shop: Shop) -> None:
    crowd = {**trusting_account(shop.world.account), "Sid": "s" * 1_700}
    arn = shop.make_role("theirs-" + shop.namespace, trust=[crowd])
    shop.make_service_account({ROLE_ARN: arn})
    run(shop, problems(shop)[0]["remedy"])
    assert problems(shop) == []


def run(shop: Shop, remedy: str, *more: str) -> None:
    """Run a remedy; POLICY is replaced by a policy."""
    kubectl, iamsa, *words = [S3 if word == "POLICY" else word for word in shlex.split(remedy)]
    assert (kubectl, iamsa) == ("kubectl", "iamsa")
    shop.iamsa(*words, *more)
