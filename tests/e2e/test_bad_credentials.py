"""AWS credentials and configuration that cannot be used: one sentence, no write, no secret."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from e2e.bad import NO_KEYS, Bad
from pocket_eks.control import Control
from pocket_eks.world import World


@pytest.fixture
def bad(world: World, control: Control, tmp_path: Path) -> Bad:
    return Bad(world, control, tmp_path)


@pytest.fixture
def configured(tmp_path: Path) -> Callable[[str], dict[str, Any]]:
    """`configured(text)`: the environment with that as AWS's configuration, and no keys in it."""

    def write(text: str) -> dict[str, Any]:
        path = tmp_path / "config"
        path.write_text(text)
        return {**NO_KEYS, "AWS_CONFIG_FILE": str(path)}

    return write


def test_no_credentials(bad: Bad) -> None:
    said = bad.create(environ=NO_KEYS)
    assert said == (
        "no AWS credentials were found for eks:DescribeCluster;"
        " use --profile, set AWS_PROFILE or AWS_ACCESS_KEY_ID, or log in"
    )


def test_half_of_the_credentials(bad: Bad) -> None:
    said = bad.create(environ={"AWS_SECRET_ACCESS_KEY": None})
    assert "AWS_SECRET_ACCESS_KEY" in said
    assert "; use --profile" in said


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (
            "ExpiredToken",
            "the AWS credentials have expired (eks:DescribeCluster: ExpiredToken); log in again",
        ),
        ("UnrecognizedClientException", "AWS rejected the credentials (eks:DescribeCluster: Unrec"),
        ("InvalidSignatureException", "AWS rejected the credentials (eks:DescribeCluster: Invalid"),
        ("InvalidRequestException", "eks:DescribeCluster for cluster "),
    ],
)
def test_credentials_that_aws_does_not_take(bad: Bad, code: str, sentence: str) -> None:
    bad.control.fault("aws", "eks:DescribeCluster", {"error": code}, times=None)
    assert bad.create().startswith(sentence)


def test_an_unknown_profile_is_called_by_its_source(bad: Bad) -> None:
    def refusal(source: str) -> str:
        return (
            f'AWS profile "nobody" (from {source}) does not exist; use another --profile; '
            "to list the profiles, run: aws configure list-profiles"
        )

    assert bad.create("--profile", "nobody") == refusal("--profile")
    assert bad.create(environ={"AWS_PROFILE": "nobody"}) == refusal("AWS_PROFILE")

    def with_profile(config: Any) -> None:
        config["users"][0]["user"]["exec"]["env"] = [{"name": "AWS_PROFILE", "value": "nobody"}]

    said = bad.create(environ=bad.kubeconfig(with_profile))
    assert said == refusal(f"context {bad.world.cluster_arn}")
    assert bad.control.calls() == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("no section\n", "Unable to parse config file"),
        ("[default]\nsource_profile = gone\nrole_arn = arn:aws:iam::123456789012:role/a\n", "gone"),
        ("[default]\ncredential_process = /no/such/program\n", "credential_process"),
        ("[default]\ncredential_process = echo SECRET\n", "credential_process"),
        (
            "[default]\nsso_session = s\nsso_account_id = 123456789012\nsso_role_name = r\n"
            "[sso-session s]\nsso_start_url = https://sso.invalid/start\nsso_region = eu-west-1\n",
            "aws sso login",
        ),
        (
            "[default]\nsso_start_url = https://sso.invalid/start\nsso_region = eu-west-1\n"
            "sso_account_id = 123456789012\nsso_role_name = r\n",
            "aws sso login",
        ),
    ],
)
def test_a_configuration_that_gives_no_credentials(
    bad: Bad, configured: Callable[[str], Any], text: str, sentence: str
) -> None:
    bad.secrets.append("SECRET")
    said = bad.create(environ={**configured(text), "HOME": str(bad.folder)})
    assert sentence in said
    assert "; " in said


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_a_malformed_region_of_the_environment(bad: Bad, name: str) -> None:
    words = ("--cluster-name", bad.world.cluster)
    none = {"KUBECONFIG": "/dev/null", "AWS_DEFAULT_REGION": None}
    said = bad.create(*words, environ={**none, name: "Mars!"})
    assert said == f'invalid value "Mars!" for {name}: must be an AWS region; use a region such as us-east-1'
    said = bad.create(*words, environ={**none, "HOME": "/nowhere"})
    assert said == "the AWS region could not be determined; use --region"


@pytest.mark.parametrize("url", ["not a url", "http://", "ftp://127.0.0.1", "http://127.0.0.1:1"])
def test_a_bad_endpoint(bad: Bad, url: str) -> None:
    said = bad.create("--timeout=3s", environ={"AWS_ENDPOINT_URL": url})
    assert bad.seconds < 9
    assert "AWS_ENDPOINT_URL" in said or said.startswith("timed out")
