"""A kubeconfig as `aws eks update-kubeconfig` writes it: iamsa needs no aws command, and starts none."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Iamsa
from e2e.aws_cli import aws_cli
from pocket_eks.control import Control
from pocket_eks.world import World

KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")

Kubeconfig = Callable[..., "dict[str, str]"]


@pytest.fixture
def kubeconfig_with(world: World, tmp_path: Path) -> Kubeconfig:
    """`kubeconfig_with(*words)`: an environment where the context runs `aws` with these words besides, an
    `aws` that notes that it ran and gives the world's token."""
    config = json.loads(Path(world.variables["KUBECONFIG"]).read_text())
    plugin = config["users"][0]["user"]["exec"]
    program = tmp_path / "bin" / "aws"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho ran >> {tmp_path}/ran\nexec {plugin["command"]} "$@"\n')
    program.chmod(0o755)

    def make(*words: str) -> dict[str, str]:
        plugin.update(command="aws", args=[*plugin["args"], *words])
        (tmp_path / "kubeconfig").write_text(json.dumps(config))
        path = os.pathsep.join([str(program.parent), world.environ["PATH"]])
        return {**world.environ, "KUBECONFIG": str(tmp_path / "kubeconfig"), "PATH": path}

    return make


def test_a_role_is_assumed_for_the_token_alone(
    world: World, control: Control, namespace: str, tmp_path: Path, deployer: str
) -> None:
    """By the AWS CLI itself, as update-kubeconfig --role-arn has it."""
    config = json.loads(Path(world.variables["KUBECONFIG"]).read_text())
    plugin = config["users"][0]["user"]["exec"]
    plugin.update(command=str(aws_cli()), args=[*plugin["args"], "--role-arn", deployer])
    (tmp_path / "kubeconfig").write_text(json.dumps(config))
    # docs/permissions need not allow to assume roles.
    control.settings(policy=None)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        environ = {**world.environ, "KUBECONFIG": str(tmp_path / "kubeconfig")}
        done = subprocess.run(
            ["kubectl", *words], env=environ, capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done

    user = json.loads(run("auth", "whoami", "-o", "json").stdout)["status"]["userInfo"]
    assert user["username"].startswith(f"arn:aws:sts::{world.account}:assumed-role/Deployer/")
    done = run("iamsa", "create", "app", "-p", "AmazonS3ReadOnlyAccess", "-n", namespace)
    assert f"the API server is called as role {deployer}" in done.stderr


def test_its_token_is_made_without_the_command(
    kubeconfig_with: Kubeconfig, iamsa: Iamsa, namespace: str, tmp_path: Path
) -> None:
    iamsa("create", "app", "-p", "AmazonS3ReadOnlyAccess", "-n", namespace, environ=kubeconfig_with())
    assert not (tmp_path / "ran").exists()


def test_the_command_is_run_where_it_says_more(
    kubeconfig_with: Kubeconfig, iamsa: Iamsa, namespace: str, tmp_path: Path
) -> None:
    environ = kubeconfig_with("--output", "json")
    iamsa("create", "app", "-p", "AmazonS3ReadOnlyAccess", "-n", namespace, environ=environ)
    assert (tmp_path / "ran").exists()


def test_a_profile_that_is_given_is_the_token_s_too(
    kubeconfig_with: Kubeconfig, iamsa: Iamsa, namespace: str, tmp_path: Path, world: World
) -> None:
    keys = [f"{name.lower()} = {world.variables[name]}\n" for name in KEYS]
    (tmp_path / "aws-config").write_text("".join(["[profile other]\n", *keys]))
    environ = {**kubeconfig_with(), "AWS_CONFIG_FILE": str(tmp_path / "aws-config")}
    words = ("-p", "AmazonS3ReadOnlyAccess", "-n", namespace, "--profile", "other")
    iamsa("create", "app", *words, environ=environ)
    assert not (tmp_path / "ran").exists()
