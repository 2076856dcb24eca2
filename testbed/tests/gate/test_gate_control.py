"""The control API: what it takes, what it refuses, and the clusters that it can change."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from gate.bench import ACCOUNT, ISSUER, Bench, refusal

FAULT = {"upstream": "aws", "action": "iam:*", "effect": {"delay": 0}}


@pytest.mark.parametrize(
    ("path", "body", "status", "part"),
    [
        ("/faults", b"{", 400, "not JSON"),
        ("/faults", [], 400, "JSON object"),
        ("/faults", {**FAULT, "acton": "x"}, 400, "'acton'"),
        ("/faults", {**FAULT, "upstream": "gcp"}, 400, "'gcp'"),
        ("/faults", {**FAULT, "action": 1}, 400, "glob"),
        ("/faults", {**FAULT, "times": 0}, 400, "times"),
        ("/faults", {**FAULT, "times": True}, 400, "times"),
        ("/faults", {**FAULT, "skip": -1}, 400, "skip"),
        ("/faults", {**FAULT, "effect": None}, 400, "effect"),
        ("/faults", {**FAULT, "effect": {}}, 400, "exactly one"),
        ("/faults", {**FAULT, "effect": {"delay": 1, "hang": True}}, 400, "exactly one"),
        ("/faults", {**FAULT, "effect": {"explode": True}}, 400, "'explode'"),
        ("/faults", {**FAULT, "effect": {"delay": "3"}}, 400, "seconds"),
        ("/faults", {**FAULT, "effect": {"drop": "during"}}, 400, "before"),
        ("/faults", {**FAULT, "effect": {"hold": True}}, 400, "before"),
        ("/faults", {**FAULT, "effect": {"hang": False}}, 400, "true"),
        ("/faults", {**FAULT, "effect": {"error": 5}}, 400, "code"),
        ("/faults", {**FAULT, "effect": {"status": 99}}, 400, "200 to 599"),
        ("/faults", {**FAULT, "effect": {"status": 503, "message": "x"}}, 400, "message"),
        ("/settings", {"lags": 1}, 400, "'lags'"),
        ("/settings", {"latency": "1"}, 400, "latency"),
        ("/settings", {"latency": -1}, 400, "latency"),
        ("/settings", {"lag": -1}, 400, "lag"),
        ("/settings", {"policy": {"Version": "2012-10-17"}}, 400, "policy"),
        ("/settings", {"cluster": {"state": "ACTIVE"}}, 400, "'state'"),
        ("/settings", {"clusters": ["a"]}, 400, "clusters"),
        ("/settings", {"quotas": {"Roles": 1}}, 400, "'Roles'"),
        ("/settings", {"quotas": {"RolesPerAccount": -1}}, 400, "RolesPerAccount"),
        ("/settings", {"unregistered_providers": "maybe"}, 400, "accepted, refused"),
        ("/settings", {"webhook_cache": True}, 400, "fresh, frozen"),
        ("/settings", {"session_policy": {"Version": "2012-10-17"}}, 400, "policy"),
    ],
)
def test_what_it_does_not_understand_is_refused_in_a_sentence(
    bench: Bench, path: str, body: Any, status: int, part: str
) -> None:
    code, answer = bench.answer("POST", path, body)
    assert code == status
    assert part in answer["error"]
    assert answer["error"].endswith(".")


def test_settings_that_are_refused_change_nothing(bench: Bench) -> None:
    assert bench.answer("POST", "/settings", {"latency": 1, "cluster": {"x": 1}})[0] == 400
    status, settings = bench.answer("GET", "/settings", {})
    assert status == 200
    assert settings.items() >= {"latency": 0.0, "policy": None, "cluster": {}}.items()


def test_what_a_settings_object_does_not_name_stays(bench: Bench) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": statement}
    bench.control.settings(latency=0.01, policy=policy)
    bench.control.settings(cluster={"status": "CREATING"}, lag=0.0)
    settings = bench.answer("GET", "/settings", {})[1]
    assert settings["latency"] == 0.01
    assert settings["policy"] == policy
    assert settings["cluster"] == {"status": "CREATING"}


def test_faults_are_listed_with_what_is_left_of_them(bench: Bench) -> None:
    bench.control.fault("aws", "iam:GetRole", {"error": "Throttling"}, times=2, skip=1)
    bench.control.fault("kube", "kube:get:*", {"hold": "after"}, times=None)
    fault = {"upstream": "aws", "action": "iam:GetRole", "effect": {"error": "Throttling"}}
    listed = bench.answer("GET", "/faults", {})[1]
    assert listed[0] == {**fault, "times": 2, "skip": 1}
    assert listed[1]["times"] is None
    refusal(lambda: bench.aws("iam").get_role(RoleName="x"))
    assert bench.answer("GET", "/faults", {})[1][0] == {**fault, "times": 2, "skip": 0}
    bench.control.clear_faults()
    assert bench.answer("GET", "/faults", {})[1] == []


def test_the_cluster_as_aws_describes_it(bench: Bench) -> None:
    cluster = bench.aws("eks").describe_cluster(name="demo")["cluster"]
    assert cluster["arn"] == f"arn:aws:eks:us-east-1:{ACCOUNT}:cluster/demo"
    assert cluster["endpoint"] == f"https://127.0.0.1:{bench.kube_port}"
    assert cluster["identity"] == {"oidc": {"issuer": ISSUER}}
    assert base64.b64decode(cluster["certificateAuthority"]["data"]) == bench.ca.read_bytes()
    assert cluster["status"] == "ACTIVE"
    assert cluster["accessConfig"]["authenticationMode"] == "API_AND_CONFIG_MAP"
    assert cluster["createdAt"].year >= 2025
    assert bench.aws("eks").list_clusters()["clusters"] == ["demo"]


def test_a_cluster_that_is_not_there(bench: Bench) -> None:
    missing = ("ResourceNotFoundException", 404, "No cluster found for name: other.")
    assert refusal(lambda: bench.aws("eks").describe_cluster(name="other")) == missing
    told = refusal(lambda: bench.aws("eks").list_addons(clusterName="other"))
    assert told == missing


def test_a_cluster_is_in_one_region(bench: Bench) -> None:
    elsewhere = bench.aws("eks", "eu-west-1")
    told = refusal(lambda: elsewhere.describe_cluster(name="demo"))
    assert told == ("ResourceNotFoundException", 404, "No cluster found for name: demo.")
    assert elsewhere.list_clusters()["clusters"] == []


def test_what_eks_has_besides_is_said_to_be_missing(bench: Bench) -> None:
    told = refusal(lambda: bench.aws("eks").list_access_entries(clusterName="demo"))
    assert told == ("NotImplementedException", 501, "eks:ListAccessEntries is not part of this world.")


def test_the_cluster_can_be_described_otherwise(bench: Bench) -> None:
    eks = bench.aws("eks")
    bench.control.settings(cluster={"status": "UPDATING", "identity": None, "endpoint": "https://x"})
    cluster = eks.describe_cluster(name="demo")["cluster"]
    assert (cluster["status"], cluster["endpoint"]) == ("UPDATING", "https://x")
    assert "identity" not in cluster
    bench.control.settings(cluster=None)
    assert eks.describe_cluster(name="demo")["cluster"]["status"] == "ACTIVE"


def test_further_clusters(bench: Bench) -> None:
    eks = bench.aws("eks")
    bench.control.settings(clusters={"two": {}, "three": {"status": "DELETING"}})
    assert eks.list_clusters()["clusters"] == ["demo", "three", "two"]
    two = eks.describe_cluster(name="two")["cluster"]
    assert two["arn"].endswith(":cluster/two")
    assert two["identity"]["oidc"]["issuer"] not in (ISSUER, None)
    assert eks.describe_cluster(name="three")["cluster"]["status"] == "DELETING"
