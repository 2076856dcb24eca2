"""Pod Identity associations, which the gate keeps: it says what EKS says, on every emulator."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from gate.bench import ACCOUNT, Bench, Json, refusal, short, trust

INVALID = "InvalidParameterException"
PODS = trust(Principal={"Service": "pods.eks.amazonaws.com"}, Action=["sts:AssumeRole", "sts:TagSession"])


@pytest.fixture
def eks(bench: Bench) -> Any:
    return bench.aws("eks")


@pytest.fixture
def role(bench: Bench) -> Iterator[str]:
    """The ARN of a role that EKS may assume for pods."""
    iam, name = bench.aws("iam"), f"pods-{uuid.uuid4().hex[:8]}"
    yield iam.create_role(RoleName=name, Path="/team/", AssumeRolePolicyDocument=PODS)["Role"]["Arn"]
    bench.control.reset()
    iam.delete_role(RoleName=name)


@pytest.fixture
def wanted(role: str) -> Json:
    """What a new association of a ServiceAccount that no other test uses is asked for with."""
    service_account = f"shop-{uuid.uuid4().hex[:8]}"
    return {"clusterName": "demo", "namespace": "web", "serviceAccount": service_account, "roleArn": role}


def of_service_account(eks: Any, wanted: Json) -> list[Json]:
    """The associations of its ServiceAccount, as they are listed."""
    keys = {key: wanted[key] for key in ("clusterName", "namespace", "serviceAccount")}
    found: list[Json] = eks.list_pod_identity_associations(**keys)["associations"]
    return found


def test_an_association_is_created_shown_and_listed(eks: Any, wanted: Json) -> None:
    made = eks.create_pod_identity_association(**wanted, tags={"team": "web"})["association"]
    name = f"arn:aws:eks:us-east-1:{ACCOUNT}:podidentityassociation/demo/{made['associationId']}"
    assert made["associationArn"] == name
    assert re.fullmatch("a-[a-z0-9]{17}", made["associationId"])
    assert {**wanted, "tags": {"team": "web"}, "disableSessionTags": False}.items() <= made.items()
    shown = eks.describe_pod_identity_association(clusterName="demo", associationId=made["associationId"])
    assert shown["association"] == made
    (listed,) = of_service_account(eks, wanted)
    assert listed == {key: made[key] for key in listed}
    assert set(listed) == {"clusterName", "namespace", "serviceAccount", "associationArn", "associationId"}


def test_an_association_can_be_changed_and_deleted(eks: Any, wanted: Json) -> None:
    made = eks.create_pod_identity_association(**wanted)["association"]
    which = {"clusterName": "demo", "associationId": made["associationId"]}
    eks.update_pod_identity_association(**which, disableSessionTags=True)
    assert eks.describe_pod_identity_association(**which)["association"]["disableSessionTags"] is True
    gone = eks.delete_pod_identity_association(**which)["association"]
    assert gone["associationArn"] == made["associationArn"]
    assert of_service_account(eks, wanted) == []
    told = refusal(lambda: eks.describe_pod_identity_association(**which))
    assert told[:2] == ("ResourceNotFoundException", 404)


@pytest.mark.parametrize("identifier", ["a-1", "a-" + 18 * "1"], ids=["short", "long"])
def test_an_id_that_is_none_is_refused(eks: Any, identifier: str) -> None:
    which = {"clusterName": "demo", "associationId": identifier}
    told = refusal(lambda: eks.delete_pod_identity_association(**which))
    assert told == (INVALID, 400, "The parameter associationId should be 19 characters long.")


def test_the_control_api_shows_those_of_the_world_s_cluster(bench: Bench, eks: Any, wanted: Json) -> None:
    eks.create_pod_identity_association(**wanted)
    query = f"namespace={wanted['namespace']}&serviceAccount={wanted['serviceAccount']}"
    assert bench.answer("GET", f"/associations?{query}", {}) == (200, of_service_account(eks, wanted))


def test_a_target_role_gets_an_external_id_to_be_trusted_by(eks: Any, wanted: Json) -> None:
    target = "arn:aws:iam::999999999999:role/target"
    made = eks.create_pod_identity_association(**wanted, targetRoleArn=target)["association"]
    assert made["targetRoleArn"] == target
    assert made["externalId"]


def test_a_service_account_has_one_association(eks: Any, wanted: Json) -> None:
    eks.create_pod_identity_association(**wanted)
    told = refusal(lambda: eks.create_pod_identity_association(**wanted))
    (there,) = of_service_account(eks, wanted)
    message = f"Association already exists: {there['associationId']}"
    assert told == ("ResourceInUseException", 409, message)


def test_the_same_request_token_is_the_same_call(eks: Any, wanted: Json) -> None:
    first = eks.create_pod_identity_association(**wanted, clientRequestToken="once")["association"]
    again = eks.create_pod_identity_association(**wanted, clientRequestToken="once")["association"]
    assert again == first


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/none"},
            "Role provided in the request does not exist.",
        ),
        (
            {"roleArn": "arn:aws:iam::999999999999:role/theirs"},
            "Role provided in the request does not exist.",
        ),
        ({"roleArn": "none"}, "Role provided in the request does not exist."),
        ({"policy": json.dumps({})}, "A policy requires that disableSessionTags is true."),
    ],
    ids=short,
)
def test_what_is_refused(eks: Any, wanted: Json, changes: Json, message: str) -> None:
    told = refusal(lambda: eks.create_pod_identity_association(**{**wanted, **changes}))
    assert told == (INVALID, 400, message)
    assert of_service_account(eks, wanted) == []


def test_a_role_that_does_not_trust_eks_is_refused(bench: Bench, eks: Any, wanted: Json) -> None:
    name = wanted["roleArn"].rpartition("/")[2]
    bench.aws("iam").update_assume_role_policy(RoleName=name, PolicyDocument=trust())
    told = refusal(lambda: eks.create_pod_identity_association(**wanted))
    assert told == (INVALID, 400, "Trust policy of the role provided is invalid.")


def test_a_new_role_is_not_there_for_eks_before_the_lag_is_over(bench: Bench, eks: Any, wanted: Json) -> None:
    bench.control.settings(lag=60)
    told = refusal(lambda: eks.create_pod_identity_association(**wanted))
    assert told == (INVALID, 400, "Role provided in the request does not exist.")
    bench.control.settings(lag=0)
    assert eks.create_pod_identity_association(**wanted)


def test_a_list_comes_in_pages(eks: Any, wanted: Json) -> None:
    namespace = f"many-{uuid.uuid4().hex[:8]}"
    for number in range(3):
        service_account = {"namespace": namespace, "serviceAccount": f"shop-{number}"}
        eks.create_pod_identity_association(**{**wanted, **service_account})
    keys = {"clusterName": "demo", "namespace": namespace}
    first = eks.list_pod_identity_associations(**keys, maxResults=2)
    rest = eks.list_pod_identity_associations(**keys, maxResults=2, nextToken=first["nextToken"])
    assert "nextToken" not in rest
    listed = [one["serviceAccount"] for one in first["associations"] + rest["associations"]]
    assert (len(first["associations"]), sorted(listed)) == (2, ["shop-0", "shop-1", "shop-2"])


def test_each_cluster_has_its_own(bench: Bench, eks: Any, wanted: Json) -> None:
    bench.control.settings(clusters={"other": {}})
    eks.create_pod_identity_association(**wanted)
    assert of_service_account(eks, {**wanted, "clusterName": "other"}) == []
    assert eks.create_pod_identity_association(**{**wanted, "clusterName": "other"})
    told = refusal(lambda: of_service_account(eks, {**wanted, "clusterName": "none"}))
    assert told == ("ResourceNotFoundException", 404, "No cluster found for name: none.")


def test_calls_are_logged_and_can_be_broken(bench: Bench, eks: Any, wanted: Json) -> None:
    bench.control.clear_calls()
    bench.control.fault("aws", "eks:CreatePodIdentityAssociation", {"error": "ServerException"})
    assert refusal(lambda: eks.create_pod_identity_association(**wanted))[:2] == ("ServerException", 500)
    eks.create_pod_identity_association(**wanted)
    of_service_account(eks, wanted)
    logged = [(one["action"], one["write"], one["status"], one["reached"]) for one in bench.control.calls()]
    assert logged == [
        ("eks:CreatePodIdentityAssociation", True, 500, False),
        ("eks:CreatePodIdentityAssociation", True, 200, True),
        ("eks:ListPodIdentityAssociations", False, 200, True),
    ]
