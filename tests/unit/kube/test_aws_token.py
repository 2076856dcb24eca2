"""Which command of a kubeconfig iamsa answers itself, and when it asks the command after all."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.errors import RemoteError
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.aws_token import (
    GetToken,
    made_or_asked_for,
    read_get_token,
)
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.exec_section import ExecSection

AS_WRITTEN = "aws --region eu-west-1 eks get-token --cluster-name shop --output json"


def section(command: str, env: dict[str, str] | None = None) -> ExecSection:
    version = "client.authentication.k8s.io/v1beta1"
    return ExecSection(tuple(command.split()), env or {}, version, Path("/"), "user me")


@pytest.mark.parametrize(
    ("command", "env", "profile"),
    [
        pytest.param(AS_WRITTEN, {}, None, id="as-update-kubeconfig-writes-it"),
        pytest.param("aws eks get-token --cluster-name shop --region eu-west-1", {}, None, id="options-last"),
        pytest.param(f"{AS_WRITTEN} --profile dev", {}, "dev", id="profile"),
        pytest.param(AS_WRITTEN, {"AWS_PROFILE": "dev"}, "dev", id="profile-in-env"),
        pytest.param(f"{AS_WRITTEN} --profile dev", {"AWS_PROFILE": "no"}, "dev", id="the-option-wins"),
    ],
)
def test_the_command_of_update_kubeconfig(command: str, env: dict[str, str], profile: str | None) -> None:
    assert read_get_token(section(command, env)) == GetToken("shop", "eu-west-1", profile)


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(f"{AS_WRITTEN} --role-arn arn:aws:iam::123456789012:role/r", id="role"),
        pytest.param(f"{AS_WRITTEN} --role arn:aws:iam::123456789012:role/r", id="role-by-its-old-name"),
        pytest.param(f"/opt/{AS_WRITTEN}", id="with-a-path"),
        pytest.param(f"aws-vault exec dev -- {AS_WRITTEN}", id="wrapped"),
        pytest.param("aws eks get-token --cluster-name shop", id="no-region"),
        pytest.param("aws --region eu-west-1 eks get-token", id="no-cluster"),
        pytest.param(f"{AS_WRITTEN} --region eu-west-2", id="twice"),
        pytest.param("aws --region eu-west-1 eks get-token --cluster-name", id="no-value"),
        pytest.param("aws --region eu-west-1 eks get-token --cluster-id shop", id="cluster-id"),
        pytest.param("aws --region eu-west-1 sts get-token --cluster-name shop", id="another-verb"),
        pytest.param("aws-iam-authenticator token -i shop", id="another-program"),
    ],
)
def test_any_other_command_is_run(command: str) -> None:
    assert read_get_token(section(command)) is None


def test_a_command_with_other_variables_is_run() -> None:
    assert read_get_token(section(AS_WRITTEN, {"AWS_CONFIG_FILE": "/elsewhere"})) is None


def test_a_token_that_was_not_taken_is_asked_of_the_command() -> None:
    fetch = made_or_asked_for(lambda: "made", lambda: "asked")
    assert [fetch(), fetch(), fetch()] == ["made", "asked", "asked"]


def test_without_credentials_of_ours_the_command_is_asked() -> None:
    def fail() -> str:
        raise RemoteError("no credentials", code="Credentials")

    assert made_or_asked_for(fail, lambda: "asked")() == "asked"
