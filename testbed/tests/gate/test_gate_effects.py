"""Every effect, seen by a real client, and what the log says of it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from gate.bench import Bench, Json, refusal, trust, wait_for

GET = {"upstream": "aws", "action": "iam:GetRole"}
CREATE_ROLE = """
import sys, urllib.parse, urllib.request
port, name, trust = sys.argv[1:]
form = {"Action": "CreateRole", "RoleName": name, "AssumeRolePolicyDocument": trust}
scope = "Credential=testing/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0"
headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}", "User-Agent": "killed"}
body = urllib.parse.urlencode(form).encode()
urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/", body, headers)).read()
"""


def get_role(bench: Bench, name: str = "none") -> Any:
    return bench.aws("iam").get_role(RoleName=name)


def exists(bench: Bench, name: str) -> bool:
    try:
        get_role(bench, name)
    except ClientError:
        return False
    return True


def create_role(bench: Bench) -> tuple[subprocess.Popen[bytes], str]:
    """A process that creates a role, and the role's name."""
    name = f"Held-{uuid.uuid4().hex[:8]}"
    argv = [sys.executable, "-c", CREATE_ROLE, str(bench.aws_port), name, trust()]
    return subprocess.Popen(argv, stderr=subprocess.DEVNULL), name


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("Throttling", 400),
        ("AccessDenied", 403),
        ("NoSuchEntity", 404),
        ("ConcurrentModification", 409),
        ("ServiceFailure", 500),
        ("ServiceUnavailable", 503),
        ("SomethingNew", 400),
    ],
)
def test_an_error_of_the_query_protocol(bench: Bench, error: str, status: int) -> None:
    bench.control.fault("aws", "iam:Get*", {"error": error})
    assert refusal(lambda: get_role(bench))[:2] == (error, status)
    [call] = bench.control.calls()
    assert (call["action"], call["status"], call["reached"]) == ("iam:GetRole", status, False)


def test_an_error_with_a_message(bench: Bench) -> None:
    bench.control.fault("aws", "*", {"error": "AccessDenied", "message": "User: <me> & co"})
    assert refusal(lambda: get_role(bench)) == ("AccessDenied", 403, "User: <me> & co")


@pytest.mark.parametrize(("error", "status"), [("ServerException", 500), ("AccessDeniedException", 403)])
def test_an_error_of_eks(bench: Bench, error: str, status: int) -> None:
    bench.control.fault("aws", "eks:DescribeCluster", {"error": error})
    assert refusal(lambda: bench.aws("eks").describe_cluster(name="demo"))[:2] == (error, status)


def test_a_bare_status(bench: Bench) -> None:
    bench.control.fault("aws", "iam:GetRole", {"status": 503})
    assert refusal(lambda: get_role(bench))[:2] == ("503", 503)


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_connection_that_dies(bench: Bench, point: str) -> None:
    bench.control.fault("aws", "iam:CreateRole", {"drop": point})
    name = f"Dropped-{point}"
    with pytest.raises(ConnectionClosedError):
        bench.aws("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust())
    assert exists(bench, name) is (point == "after")
    call = bench.control.calls()[0]
    assert (call["action"], call["status"], call["write"]) == ("iam:CreateRole", 0, True)
    assert call["reached"] is (point == "after")


def test_times_and_skip(bench: Bench) -> None:
    bench.control.fault("aws", "iam:GetRole", {"error": "Throttling"}, times=2, skip=1)
    codes = [refusal(lambda: get_role(bench))[0] for _ in range(4)]
    assert codes == ["NoSuchEntity", "Throttling", "Throttling", "NoSuchEntity"]


def test_a_fault_without_end(bench: Bench) -> None:
    bench.control.fault("aws", "iam:GetRole", {"error": "Throttling"}, times=None)
    assert {refusal(lambda: get_role(bench))[0] for _ in range(5)} == {"Throttling"}


def test_a_fault_breaks_only_its_side_and_its_actions(bench: Bench) -> None:
    bench.control.fault("kube", "*", {"error": "Forbidden"}, times=None)
    bench.control.fault("aws", "iam:Attach*", {"error": "Throttling"}, times=None)
    assert refusal(lambda: get_role(bench))[0] == "NoSuchEntity"


def test_a_delay_and_latency(bench: Bench) -> None:
    bench.control.fault("aws", "iam:GetRole", {"delay": 1.5})
    bench.control.settings(latency=0.2)
    assert seconds(lambda: refusal(lambda: get_role(bench))) >= 1.7
    assert 0.2 <= seconds(lambda: refusal(lambda: get_role(bench))) < 1.7
    connection = bench.kube()
    connection.request("GET", "/version")
    assert seconds(connection.getresponse) >= 0.15


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_held_call_goes_on_when_it_is_released(bench: Bench, point: str) -> None:
    bench.control.fault("aws", "iam:CreateRole", {"hold": point})
    process, name = create_role(bench)
    held = wait_for(bench.control.held)
    assert [(call["action"], call["point"], call["user_agent"]) for call in held] == [
        ("iam:CreateRole", point, "killed")
    ]
    assert exists(bench, name) is (point == "after")
    assert process.poll() is None
    bench.control.release()
    assert process.wait(10) == 0
    assert exists(bench, name)
    assert bench.control.held() == []
    assert [call["status"] for call in created(bench)] == [200]


@pytest.mark.parametrize("effect", [{"hold": "before"}, {"hold": "after"}, {"hang": True}, {"delay": 30}])
def test_a_client_that_is_killed_meanwhile(bench: Bench, effect: Json) -> None:
    bench.control.fault("aws", "iam:CreateRole", effect)
    process, name = create_role(bench)
    if "delay" in effect:
        time.sleep(0.5)
    else:
        wait_for(bench.control.held)
    process.kill()
    process.wait()
    bench.control.release()
    assert exists(bench, name) is (effect == {"hold": "after"})
    [call] = wait_for(lambda: created(bench))
    assert (call["status"], call["reached"]) == (0, effect == {"hold": "after"})
    assert bench.control.held() == []


def test_a_call_that_hangs_is_never_answered(bench: Bench) -> None:
    bench.control.fault("aws", "iam:CreateRole", {"hang": True})
    process, name = create_role(bench)
    [call] = wait_for(bench.control.held)
    assert call["point"] == "hang"
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)
    process.kill()
    process.wait()
    wait_for(lambda: not bench.control.held())
    assert not exists(bench, name)


def test_calls_are_logged_in_order_of_arrival(bench: Bench) -> None:
    bench.control.fault("aws", "iam:GetRole", {"delay": 0.5})
    slow = threading.Thread(target=lambda: refusal(lambda: get_role(bench)))
    slow.start()
    wait_for(lambda: not bench.answer("GET", "/faults", {})[1])
    bench.aws("iam").list_roles()
    assert [call["action"] for call in bench.control.calls()] == ["iam:ListRoles"]
    slow.join()
    assert [call["action"] for call in bench.control.calls()] == ["iam:GetRole", "iam:ListRoles"]


def test_a_call_under_way_is_forgotten_with_the_log(bench: Bench) -> None:
    bench.control.fault("aws", "iam:CreateRole", {"hold": "before"})
    process, _ = create_role(bench)
    wait_for(bench.control.held)
    bench.control.clear_calls()
    bench.control.release()
    assert process.wait(10) == 0
    assert bench.control.calls() == []


def test_what_the_log_holds(bench: Bench) -> None:
    before = time.time()
    bench.aws("sts").get_caller_identity()
    [call] = bench.control.calls()
    assert before <= call.pop("at") <= time.time()
    assert call.pop("user_agent").startswith("Boto3/")
    assert call == {
        "upstream": "aws",
        "action": "sts:GetCallerIdentity",
        "method": "POST",
        "path": "/",
        "write": False,
        "status": 200,
        "reached": True,
    }


def created(bench: Bench) -> list[Json]:
    """The log's entries of CreateRole."""
    return [call for call in bench.control.calls() if call["action"] == "iam:CreateRole"]


def seconds(work: Any) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start
