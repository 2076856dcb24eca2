"""The pod identity webhook's patch, as tables."""

from __future__ import annotations

from typing import Any

import pytest
from pocket_eks.webhook.patch import pod_patch

Json = dict[str, Any]
ROLE = "arn:aws:iam::123456789012:role/web"
TOKEN = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token"
REGIONAL = ("AWS_STS_REGIONAL_ENDPOINTS", "regional")
REGION = [("AWS_DEFAULT_REGION", "us-east-1"), ("AWS_REGION", "us-east-1")]
URI, FILE = "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
AGENT_MOUNT = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount"
AGENT = [(URI, "http://169.254.170.23/v1/credentials"), (FILE, f"{AGENT_MOUNT}/eks-pod-identity-token")]
IDENTITY = [("AWS_ROLE_ARN", ROLE), ("AWS_WEB_IDENTITY_TOKEN_FILE", TOKEN)]


def service_account(**annotations: str) -> Json:
    named = {f"eks.amazonaws.com/{key.replace('_', '-')}": value for key, value in annotations.items()}
    return {"metadata": {"annotations": named}}


def pod(*env: str, init: bool = False, volumes: list[Json] | None = None, notes: Json | None = None) -> Json:
    """A pod whose container `main` sets `env` to "own"."""
    spec: Json = {"containers": [{"name": "main", "env": [{"name": name, "value": "own"} for name in env]}]}
    if init:
        spec["initContainers"] = [{"name": "first"}]
    if volumes is not None:
        spec["volumes"] = volumes
    return service_account(**(notes or {})) | {"spec": spec}


def patched(pod: Json, service_account: Json | None, *, is_associated: bool = False) -> Json:
    """The parts of the pod's spec that the patch sets, by path; others by their whole path."""
    patch = pod_patch(pod, service_account, "us-east-1", is_associated=is_associated)
    assert all(operation["op"] == "add" for operation in patch)
    return {operation["path"].removeprefix("/spec/"): operation["value"] for operation in patch}


def env_of(container: Json) -> list[tuple[str, str]]:
    return [(item["name"], item["value"]) for item in container.get("env", [])]


@pytest.mark.parametrize(
    "service_account", [None, {"metadata": {}}, service_account(audience="x"), service_account(role_arn="")]
)
def test_no_role_no_patch(service_account: Json | None) -> None:
    assert pod_patch(pod(), service_account, "us-east-1") == []


@pytest.mark.parametrize(
    ("own", "annotations", "added"),
    [
        ([], {}, [REGIONAL, *REGION, *IDENTITY]),
        ([], {"sts_regional_endpoints": "false"}, [*REGION, *IDENTITY]),
        ([], {"sts_regional_endpoints": "maybe"}, [REGIONAL, *REGION, *IDENTITY]),
        (["AWS_ROLE_ARN"], {}, [REGIONAL, *REGION]),
        (["AWS_WEB_IDENTITY_TOKEN_FILE"], {}, [REGIONAL, *REGION]),
        (["AWS_REGION"], {}, [REGIONAL, *IDENTITY]),
        (["AWS_DEFAULT_REGION"], {}, [REGIONAL, *IDENTITY]),
        (["AWS_STS_REGIONAL_ENDPOINTS"], {}, [*REGION, *IDENTITY]),
    ],
)
def test_env_that_is_set_is_kept(own: list[str], annotations: Json, added: list[tuple[str, str]]) -> None:
    (container,) = patched(pod(*own), service_account(role_arn=ROLE, **annotations))["containers"]
    assert env_of(container) == [*((name, "own") for name in own), *added]
    assert container["volumeMounts"] == [
        {"name": "aws-iam-token", "readOnly": True, "mountPath": TOKEN.removesuffix("/token")}
    ]


def test_container_that_sets_everything_is_left_alone() -> None:
    before = pod("AWS_ROLE_ARN", "AWS_REGION", "AWS_STS_REGIONAL_ENDPOINTS")
    assert patched(before, service_account(role_arn=ROLE))["containers"] == before["spec"]["containers"]


@pytest.mark.parametrize(
    ("on_service_account", "on_pod", "seconds"),
    [
        (None, None, 86400),
        ("3600", None, 3600),
        ("3600", "7200", 7200),
        ("3600", "soon", 3600),
        ("1h", None, 86400),
        ("", None, 86400),
        ("60", None, 600),
        ("-5", None, 600),
        ("3600", "60", 600),
        ("4294967297", None, 4294967297),
        (str(2**63 - 1), None, 2**63 - 1),
        (str(2**63), None, 86400),
        (str(-(2**63)), None, 600),
        (str(-(2**63) - 1), None, 86400),
        ("0" * 30 + "900", None, 900),
        ("9" * 30, None, 86400),
        ("9" * 5000, None, 86400),
        ("1_000", None, 86400),
    ],
)
def test_expiration(on_service_account: str | None, on_pod: str | None, seconds: int) -> None:
    one = service_account(
        role_arn=ROLE, **({} if on_service_account is None else {"token_expiration": on_service_account})
    )
    note = {} if on_pod is None else {"token_expiration": on_pod}
    (volume,) = patched(pod(notes=note), one)["volumes"]
    assert volume["projected"]["sources"][0]["serviceAccountToken"]["expirationSeconds"] == seconds


@pytest.mark.parametrize(("annotation", "audience"), [({}, "sts.amazonaws.com"), ({"audience": "x"}, "x")])
def test_audience(annotation: dict[str, str], audience: str) -> None:
    (volume,) = patched(pod(), service_account(role_arn=ROLE, **annotation))["volumes"]
    assert volume["projected"]["sources"][0]["serviceAccountToken"]["audience"] == audience


def test_an_empty_audience_is_left_out() -> None:
    (volume,) = patched(pod(), service_account(role_arn=ROLE, audience=""))["volumes"]
    assert "audience" not in volume["projected"]["sources"][0]["serviceAccountToken"]


def test_volumes_that_are_there() -> None:
    other, ours = {"name": "data"}, {"name": "aws-iam-token"}
    one = service_account(role_arn=ROLE)
    assert patched(pod(volumes=[other]), one)["volumes/0"]["name"] == "aws-iam-token"
    assert not any("volumes" in path for path in patched(pod(volumes=[ours]), one))


@pytest.mark.parametrize(
    ("skip", "changed"),
    [
        ("main\n", {"first"}),
        ('"main', {"main", "first"}),
        ("main\nfirst", {"first"}),
        (None, {"first", "main"}),
        ("main", {"first"}),
        ("first,main", set()),
        ('"main"', {"first"}),
        (" main", {"first", "main"}),
        ('"main', {"first", "main"}),
    ],
)
def test_skipped_containers(skip: str | None, changed: set[str]) -> None:
    before = pod(init=True, notes={} if skip is None else {"skip_containers": skip})
    after = patched(before, service_account(role_arn=ROLE))
    containers = [*after["containers"], *after["initContainers"]]
    assert {container["name"] for container in containers if env_of(container)} == changed


def test_bad_role_arn_is_injected_all_the_same() -> None:
    (container,) = patched(pod(), service_account(role_arn="not-an-arn"))["containers"]
    assert ("AWS_ROLE_ARN", "not-an-arn") in env_of(container)


@pytest.mark.parametrize(
    "service_account", [None, {"metadata": {}}, service_account(role_arn=ROLE, audience="x")]
)
def test_an_association_wins_over_the_annotation(service_account: Json | None) -> None:
    after = patched(pod(volumes=[]), service_account, is_associated=True)
    (container,) = after["containers"]
    assert env_of(container) == [REGIONAL, *REGION, *AGENT]
    assert container["volumeMounts"] == [
        {"name": "eks-pod-identity-token", "readOnly": True, "mountPath": AGENT_MOUNT}
    ]
    volume = after["volumes/0"]
    assert volume["name"] == "eks-pod-identity-token"
    assert volume["projected"]["sources"][0]["serviceAccountToken"] == {
        "audience": "pods.eks.amazonaws.com",
        "expirationSeconds": 86400,
        "path": "eks-pod-identity-token",
    }


def test_a_pod_whose_role_comes_by_an_association_is_labelled() -> None:
    before = pod()
    before["metadata"]["labels"] = {"app": "web"}
    after = patched(before, None, is_associated=True)
    assert after["/metadata/labels"] == {"app": "web", "eks.amazonaws.com/pod-identity": "enabled"}
    assert "/metadata/labels" not in patched(before, service_account(role_arn=ROLE))


@pytest.mark.parametrize(
    ("own", "added"),
    [
        ([URI], [REGIONAL, *REGION]),
        ([FILE], [REGIONAL, *REGION]),
        (["AWS_ROLE_ARN"], [REGIONAL, *REGION, *AGENT]),
    ],
)
def test_the_agent_s_variables_are_kept_where_they_are_set(
    own: list[str], added: list[tuple[str, str]]
) -> None:
    (container,) = patched(pod(*own), None, is_associated=True)["containers"]
    assert env_of(container) == [*((name, "own") for name in own), *added]


def test_the_annotations_that_both_ways_share_count_with_an_association() -> None:
    one = service_account(token_expiration="3600", sts_regional_endpoints="false")
    after = patched(pod(notes={"skip_containers": "first"}, init=True), one, is_associated=True)
    assert env_of(after["containers"][0]) == [*REGION, *AGENT]
    assert env_of(after["initContainers"][0]) == []
    (volume,) = after["volumes"]
    assert volume["projected"]["sources"][0]["serviceAccountToken"]["expirationSeconds"] == 3600


@pytest.mark.parametrize("label", ["kubernetes.io/os", "beta.kubernetes.io/os"])
@pytest.mark.parametrize("is_associated", [False, True])
def test_a_pod_for_windows_gets_a_path_of_windows(label: str, is_associated: bool) -> None:
    before = pod()
    before["spec"]["nodeSelector"] = {label: "windows"}
    after = patched(before, service_account(role_arn=ROLE), is_associated=is_associated)
    (container,) = after["containers"]
    paths = dict(env_of(container))
    name, linux = (FILE, AGENT[1][1]) if is_associated else ("AWS_WEB_IDENTITY_TOKEN_FILE", TOKEN)
    assert paths[name] == "C:" + linux.replace("/", "\\")
    assert container["volumeMounts"][0]["mountPath"] == linux.rpartition("/")[0]


def test_a_pod_for_linux_keeps_its_path() -> None:
    before = pod()
    before["spec"]["nodeSelector"] = {"kubernetes.io/os": "linux"}
    (container,) = patched(before, service_account(role_arn=ROLE))["containers"]
    assert dict(env_of(container))["AWS_WEB_IDENTITY_TOKEN_FILE"] == TOKEN
