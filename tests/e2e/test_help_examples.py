"""Every example of every --help, run as it stands there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from kubectl_iamsa.verb_tree import build_parser
from pocket_eks.world import World

# Verbs that make come first, and the one that takes away last.
ORDER = (
    "create",
    "update",
    "list",
    "describe",
    "verify",
    "doctor",
    "diff",
    "apply",
    "schema",
    "version",
    "help",
    "options",
    "completion",
    "delete",
)
BOUNDARY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
READER = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop/*"}],
}
ROLES = """\
apiVersion: iamsa/v1alpha1
kind: ServiceAccountRole
metadata: {name: many, namespace: web}
spec: {policies: [AmazonS3ReadOnlyAccess]}
"""
# diff says with its exit code that there is a difference; of a whole cluster those of other tests fail too.
CODES = {"diff": {0, 1}, "verify": {0, 1, 3}, "doctor": {0, 1}}


def examples(verb: str) -> list[str]:
    """The commands in a verb's help, those of several lines in one."""
    parser = build_parser().verbs()[verb]
    parser.actions()
    text = (parser.epilog or "").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    return [" ".join(line.split()) for line in lines if line and not line.startswith("#")]


# pytest-xdist tells the tests of a file from others by the last "::", which ARNs have too.
EXAMPLES = [
    pytest.param(verb, line, id=re.sub("::+", ":", line)) for verb in ORDER for line in examples(verb)
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, world: World, iam: Any) -> Path:
    """A directory with what the examples name; so have the cluster and the account."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "bin").mkdir()
    (folder / "reader.json").write_text(json.dumps(READER))
    (folder / "roles").mkdir()
    (folder / "roles/many.yaml").write_text(ROLES)
    iam.create_policy(PolicyName="boundary", PolicyDocument=json.dumps(BOUNDARY))
    for words in ("namespace web", "deployment shop --image=shop -n web"):
        made = ["kubectl", "create", *words.split()]
        subprocess.run(made, env=world.environ, check=True, capture_output=True, timeout=60)
    return folder


def test_every_verb_has_examples() -> None:
    assert set(ORDER) == set(build_parser().verbs())
    assert all(examples(verb) for verb in ORDER)


@pytest.mark.parametrize(("verb", "line"), EXAMPLES)
def test_it_runs_as_it_stands_in_the_help(home: Path, world: World, verb: str, line: str) -> None:
    if " jq " in line and not shutil.which("jq"):
        pytest.skip("jq is not installed")
    if "--can" in line and world.emulator == "moto":
        pytest.skip("moto simulates no policies; make test-ministack runs it")
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        env={**world.environ, "HOME": str(home)},
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in CODES.get(verb, {0}), done.stdout + done.stderr
    assert "error:" not in done.stderr
