"""The Kubernetes side passes everything on as it is."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from http.client import HTTPSConnection, RemoteDisconnected
from typing import Any

import pytest
from gate.apiserver import BIG, ZIPPED
from gate.bench import Bench, wait_for

WATCH = "/api/v1/namespaces/web/pods?watch=1"


def ask(
    connection: HTTPSConnection, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    spelled = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, spelled)
    response = connection.getresponse()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()


def test_headers_pass_and_what_belongs_to_the_connection_does_not(bench: Bench) -> None:
    headers = {
        "Authorization": "Bearer secret",
        "Impersonate_User": "jane",
        "Impersonate_Group": "devs",
        "User_Agent": "kubectl/v1",
        "TE": "trailers",
        "X_Custom": "1",
    }
    status, answered, _ = ask(bench.kube(), "GET", "/version", **headers)
    assert (status, answered["audit-id"]) == (200, "1")
    _, _, seen = bench.seen.requests[-1]
    got = {name.lower(): value for name, value in seen.items()}
    assert got["authorization"] == "Bearer secret"
    assert (got["impersonate-user"], got["impersonate-group"]) == ("jane", "devs")
    assert (got["user-agent"], got["x-custom"]) == ("kubectl/v1", "1")
    assert "te" not in got
    # Nothing of the gate's own.
    assert "accept" not in got


def test_a_path_is_not_rewritten(bench: Bench) -> None:
    target = "/api/v1/namespaces/a%2Fb/pods?labelSelector=a%3Db%2Cc!%3Dd&x=%C3%A4+1"
    told = json.loads(ask(bench.kube(), "GET", target)[2])
    assert told["target"] == target


@pytest.mark.parametrize("size", [0, 1, 5_000_000])
def test_bodies_of_any_size(bench: Bench, size: int) -> None:
    body = b"x" * size
    told = json.loads(ask(bench.kube(), "POST", "/api/v1/namespaces", body)[2])
    assert (told["length"], told["sha256"]) == (size, hashlib.sha256(body).hexdigest())


def test_chunked_bodies(bench: Bench) -> None:
    connection = bench.kube()
    chunks = (b"a" * 1000 for _ in range(100))
    connection.request("PUT", "/api/v1/namespaces/x", chunks, encode_chunked=True)
    assert json.loads(connection.getresponse().read())["length"] == 100_000


def test_compression_passes_unchanged(bench: Bench) -> None:
    _, headers, body = ask(bench.kube(), "GET", "/zipped", Accept_Encoding="gzip")
    assert (headers["content-encoding"], headers["content-length"]) == ("gzip", str(len(ZIPPED)))
    assert gzip.decompress(body) == b"zipped" * 1000


def test_large_answers(bench: Bench) -> None:
    assert ask(bench.kube(), "GET", "/big")[2] == BIG


def test_one_connection_serves_many_calls(bench: Bench) -> None:
    connection = bench.kube()
    connection.connect()
    socket = connection.sock
    for _ in range(5):
        assert ask(connection, "GET", "/version")[0] == 200
    assert connection.sock is socket


def test_a_watch_comes_as_it_happens(bench: Bench) -> None:
    bench.seen.next_event.clear()
    connection = bench.kube()
    connection.request("GET", WATCH)
    response = connection.getresponse()
    assert response.readline() == b"first\n"
    assert bench.control.calls()[-1]["action"] == "kube:watch:pods"
    bench.seen.next_event.set()
    assert response.read() == b"second\n" * 200


def test_a_watch_whose_client_goes_ends_upstream_too(bench: Bench) -> None:
    bench.seen.next_event.clear()
    bench.seen.watch_ended.clear()
    connection = bench.kube()
    connection.request("GET", WATCH)
    response = connection.getresponse()
    assert response.readline() == b"first\n"
    response.close()
    connection.close()
    # The gate needs a moment to notice; then the upstream writes into a closed connection.
    threading.Event().wait(0.3)
    bench.seen.next_event.set()
    assert bench.seen.watch_ended.wait(5)


def test_other_protocols_are_refused(bench: Bench) -> None:
    path = "/api/v1/namespaces/web/pods/x/exec"
    status, _, body = ask(bench.kube(), "POST", path, Connection="Upgrade", Upgrade="SPDY/3.1")
    assert (status, json.loads(body)["kind"]) == (501, "Status")
    assert not bench.seen.requests


@pytest.mark.parametrize(
    ("reason", "status"), [("Conflict", 409), ("Forbidden", 403), ("TooManyRequests", 429), ("Odd", 500)]
)
def test_an_error_is_a_status_object(bench: Bench, reason: str, status: int) -> None:
    bench.control.fault("kube", "kube:patch:serviceaccounts", {"error": reason})
    path = "/api/v1/namespaces/web/serviceaccounts/shop"
    code, headers, body = ask(bench.kube(), "PATCH", path, b"{}")
    told = json.loads(body)
    assert (code, told["kind"], told["reason"], told["code"]) == (status, "Status", reason, status)
    assert (headers.get("retry-after") == "1") is (status == 429)
    assert not bench.seen.requests
    assert ask(bench.kube(), "PATCH", path, b"{}")[0] == 200


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_connection_that_dies(bench: Bench, point: str) -> None:
    bench.control.fault("kube", "kube:create:*", {"drop": point})
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        ask(bench.kube(), "POST", "/api/v1/namespaces", b"{}")
    assert bool(bench.seen.requests) is (point == "after")
    [call] = bench.control.calls()
    assert (call["status"], call["write"], call["reached"]) == (0, True, point == "after")


@pytest.mark.parametrize("point", ["before", "after"])
def test_a_held_call_whose_client_goes_never_goes_on(bench: Bench, point: str) -> None:
    bench.control.fault("kube", "kube:create:*", {"hold": point})
    connection = bench.kube()
    connection.request("POST", "/api/v1/namespaces", b"{}")
    wait_for(bench.control.held)
    connection.close()
    wait_for(lambda: not bench.control.held())
    bench.control.release()
    assert bool(bench.seen.requests) is (point == "after")
    [call] = bench.control.calls()
    assert (call["status"], call["reached"]) == (0, point == "after")
