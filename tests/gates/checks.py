"""The gates, each a command and what in its output counts as a failure although the command succeeds."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from gates.tree import ROOT

BIN = Path(sys.executable).parent
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"

INTEGRATION = Path(__file__).with_name("integration.py")
ANSIBLE_TEST = (str(BIN / "ansible-test"),)
OPTIONS = ("--python", PYTHON, "--color", "no")


@dataclass(frozen=True)
class Gate:
    """`words` are run in `place` of the copy of the collection.

    In them and in `environ`, `{tarball}` and a `{folder}` to write to are filled in.
    """

    name: str
    words: tuple[str, ...]
    place: str = "."
    environ: dict[str, str] = field(default_factory=dict)
    # Output that fails the gate, line by line.
    forbidden: tuple[str, ...] = ()

    def offences(self, output: str) -> list[str]:
        """The lines that have a forbidden word."""
        return [line for line in output.splitlines() if any(word in line for word in self.forbidden)]


GATES = (
    Gate("ansible-test sanity", (*ANSIBLE_TEST, "sanity", *OPTIONS)),
    Gate("ansible-test units", (*ANSIBLE_TEST, "units", *OPTIONS)),
    Gate(
        "ansible-test integration",
        (
            str(ROOT / "tests/world"),
            "--",
            sys.executable,
            str(INTEGRATION),
            *ANSIBLE_TEST,
            "integration",
            *OPTIONS,
        ),
    ),
    Gate(
        "ansible-lint",
        (str(BIN / "ansible-lint"), "--offline", "--profile", "production", "--strict", "--nocolor"),
        forbidden=("WARNING",),
    ),
    Gate(
        "antsibull-docs lint",
        (
            *(str(BIN / "antsibull-docs"), "lint-collection-docs", "--plugin-docs", "--skip-rstcheck"),
            *("--validate-collection-refs", "all", "--disallow-unknown-collection-refs", "."),
        ),
    ),
    Gate(
        "antsibull-docs build",
        (
            *(str(BIN / "antsibull-docs"), "collection", "--use-current", "--fail-on-error"),
            *("--dest-dir", "{folder}", "iamsa.eks"),
        ),
        forbidden=("WARNING",),
    ),
    Gate("antsibull-changelog", (str(BIN / "antsibull-changelog"), "lint")),
    Gate(
        "galaxy-importer",
        (sys.executable, "-m", "galaxy_importer.main", "{tarball}"),
        # Not asked for: a version of 1.0.0 or later, which this is not yet; flake8, whose rules ruff checks.
        environ={"GALAXY_IMPORTER_CHECK_REQUIRED_TAGS": "true"},
        forbidden=("WARNING", "ERROR"),
    ),
    Gate(
        "molecule",
        (str(BIN / "molecule"), "test"),
        place="extensions",
        # By itself, molecule uses one directory for all projects whose folder is called extensions.
        environ={
            "WORLD_PROGRAM": str(ROOT / "tests/world"),
            "MOLECULE_EPHEMERAL_DIRECTORY": "{folder}/molecule",
        },
        forbidden=("WARNING", "CRITICAL"),
    ),
)
