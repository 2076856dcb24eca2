"""Help and usage errors are there at once, with nothing heavy imported, and read alike on every Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from gates.versions import interpreters

ROOT = Path(__file__).parents[3]
PACKAGE = "ansible_collections.iamsa.eks.plugins.module_utils."
# What the verbs load before they know what there is to do, and have no use for: rooms, folders and files.
PRINTED = {"documents", "schema", "render.document", "render.origins", "requests.origins"}
PROOF = {"jobs.verify", "model.verification", "observe.token_exchange", "render.verification"}
POD_READS = {"kube.api.diagnostics", "kube.api.pods", "kube.api.webhooks", "kube.api.workloads"}
WRITING = {"apply", "model.steps", "plan.create", "plan.forecast", "plan.resolve", "jobs.reconcile"}
UNUSED = {
    "create": {
        "doctor",
        *PRINTED,
        *PROOF,
        *POD_READS,
        "render.difference",
        "model.provider",
        "plan.status",
        "apply.applier",
        "apply.role",
    },
    "delete": {"doctor", *PRINTED, *PROOF, *POD_READS, "render.difference", "model.provider"},
    "list": {"doctor", *PRINTED, *PROOF, *POD_READS, *WRITING, "model.target"},
    "describe": {*PROOF, *POD_READS, *(WRITING - {"plan.resolve"}), "jobs.doctor", "doctor.collect"},
}
QUICK = [
    ("--help",),
    ("create", "--help"),
    ("create", "--foo"),
    ("create",),
    ("create", "app", "-p", "x", "-o", "foo"),
    ("nonsense",),
    ("options",),
    ("list", "app", "-A"),
    ("verify",),
    ("doctor", "nonsense/app"),
    ("-c", "app", "-l", "app"),
]
HEAVY = {
    *("boto3", "botocore", "kubernetes", "urllib3", "yaml", "asyncio", "ssl", "socket", "subprocess"),
    *("typing", "dataclasses", "inspect", "shutil", "importlib.metadata", "json", "tempfile"),
}


@pytest.mark.parametrize("argv", QUICK)
def test_nothing_heavy_is_imported(argv: tuple[str, ...]) -> None:
    script = (
        "import sys, json; before = set(sys.modules)\n"
        "from kubectl_iamsa.cli import run\n"
        f"run({argv!r})\n"
        "print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    imported = set(json.loads(done.stderr.splitlines()[-1]))
    assert not imported & HEAVY


@pytest.mark.parametrize("verb", UNUSED)
def test_a_verb_loads_what_it_has_use_for(verb: str) -> None:
    script = f"import sys, kubectl_iamsa.runs.{verb}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    names = {name.removeprefix(PACKAGE).removeprefix("kubectl_iamsa.") for name in done.stdout.split()}
    # A room counts only where something of it is loaded.
    parents = {name.rpartition(".")[0] for name in names}
    loaded = {
        name for name in names - parents if any(f"{name}.".startswith(f"{one}.") for one in UNUSED[verb])
    }
    assert not loaded


def test_completion_loads_nothing_that_plans() -> None:
    """It asks the kinds of binding which role a ServiceAccount has, and no more."""
    script = "import sys, kubectl_iamsa.completion.live; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = {name.removeprefix(PACKAGE) for name in done.stdout.split()}
    assert "bindings.registry" in loaded
    assert not {"bindings.irsa.rules", "bindings.irsa.unbind", "model.target", "trust.statements"} & loaded


@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("argv", QUICK)
def test_every_python_says_the_same(version: str, argv: tuple[str, ...]) -> None:
    python = dict(interpreters((version,))).get(version)
    if python is None:
        pytest.skip(f"there is no Python {version} here")
    environ = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "plugin", ROOT))),
        "COLUMNS": "80",
    }

    def said(executable: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [executable, "-m", "kubectl_iamsa", *argv],
            capture_output=True,
            text=True,
            env=environ,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    assert said(str(python)) == said(sys.executable)


@pytest.mark.parametrize("columns", ["", "0", "-3", "x", "20", "1000", "9" * 5000])
def test_any_width_of_terminal_will_do(columns: str) -> None:
    environ = {**os.environ, "COLUMNS": columns}
    done = subprocess.run(
        [sys.executable, "-m", "kubectl_iamsa", "create", "-h"],
        capture_output=True,
        text=True,
        env=environ,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "--permissions-boundary ARN" in done.stdout
