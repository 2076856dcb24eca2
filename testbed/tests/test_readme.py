"""The README's examples run, and its tables have what there is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pocket_eks import pytest_plugin
from pocket_eks.aws_cli import find_aws
from pocket_eks.cli import build_parser
from pocket_eks.environment import ADAPTED
from pocket_eks.errors import WorldError
from pocket_eks.world import World

README = (Path(__file__).parents[1] / "README.md").read_text()
EXAMPLES = re.findall(r"```(sh|python)\n(.*?)```", README.split("### From pytest")[0], re.DOTALL)
EXAMPLES += re.findall(r"```(sh|python)\n(.*?)```", README.split("## What is in a world")[1], re.DOTALL)
IN_PYTEST = re.findall(r"```python\n(.*?)```", README.split("### From pytest")[1], re.DOTALL)


def first_column(heading: str) -> set[str]:
    """The code in the first column of the table that has this heading."""
    table = README.split(f"| {heading} |")[1].split("\n\n")[0]
    return {
        word
        for row in table.splitlines()[2:]
        for word in re.findall(r"`([^`]+)`", row.replace(r"\|", "/").split("|")[1])
    }


@pytest.fixture(scope="module")
def aws() -> Path:
    try:
        return find_aws()
    except WorldError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
@pytest.mark.usefixtures("aws")
def test_an_example_runs(number: int, tmp_path: Path) -> None:
    language, text = EXAMPLES[number]
    scripts = Path(sys.executable).parent
    example = text.replace("pip install ./testbed\n", "").replace(
        "pocket-eks up", f"alias pocket-eks='pocket-eks --directory {tmp_path}/world'\npocket-eks up"
    )
    words = ["sh", "-e", "-c"] if language == "sh" else [sys.executable, "-c"]
    done = subprocess.run(
        [*words, example],
        env=os.environ | {"PATH": os.pathsep.join([str(scripts), os.environ["PATH"]])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    expected = {
        "get namespaces": "kube-system",
        "list-open-id": "oidc-provider/oidc.eks.us-east-1",
        "throttled": '"action":"iam:ListRoles"\n"status":400\n' * 2
        + '"action":"iam:ListRoles"\n"status":200\n',
        "start_world": "arn:aws:eks:us-east-1:123456789012:cluster/demo https://oidc.eks",
    }
    (wanted,) = (output for part, output in expected.items() if part in text)
    assert wanted in done.stdout


def test_the_example_for_pytest_passes(tmp_path: Path) -> None:
    for name, text in zip(("conftest.py", "test_roles.py"), IN_PYTEST, strict=True):
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout + done.stderr


def test_every_fixture_is_there() -> None:
    source = Path(pytest_plugin.__file__).read_text()
    assert first_column("fixture") == set(re.findall(r"@pytest\.fixture.*\ndef (\w+)", source))


def test_every_option_is_there() -> None:
    options = {
        action.option_strings[-1] for action in build_parser("pocket-eks")._actions if action.option_strings
    }
    assert {option.split()[0] for option in first_column("option")} == options - {"--help"}


def test_every_variable_is_there(world: World) -> None:
    assert first_column("variable") == {*world.variables, *ADAPTED}
