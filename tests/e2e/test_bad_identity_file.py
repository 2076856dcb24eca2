"""Credentials that botocore only finds out to be unusable when it signs; in a process of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

from pocket_eks.world import World

ROLE = "arn:aws:iam::123456789012:role/x"


def create(world: World, token: Path) -> subprocess.CompletedProcess[str]:
    environ = {**world.environ, "AWS_ROLE_ARN": ROLE, "AWS_WEB_IDENTITY_TOKEN_FILE": str(token)}
    for name in ("KUBECONFIG", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del environ[name]
    return subprocess.run(
        ["kubectl", "iamsa", "create", "app", "-p", "ReadOnlyAccess", "--cluster-name", world.cluster],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_token_file_that_is_missing_is_one_sentence(world: World, tmp_path: Path) -> None:
    done = create(world, tmp_path / "token")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"error: the AWS credentials cannot be used: {tmp_path}/token: ")
    assert done.stderr.count("\n") == 1


def test_a_role_that_sts_refuses_is_one_sentence(world: World, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("no token")
    done = create(world, tmp_path / "token")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: ")
    assert "sts:AssumeRoleWithWebIdentity" in done.stderr
    assert "; " in done.stderr
    assert done.stderr.count("\n") == 1
