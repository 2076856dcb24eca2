"""Where kubectl goes on with a kubeconfig and flags, iamsa does; where kubectl refuses them, iamsa does too.

A row that differs has the reason in its table, and fails once it does not differ any more.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from differential import clusters, contexts, files, plugins, users
from differential.row import Row, Sample, table
from e2e.warm import Warm
from pocket_eks.world import World

ROWS = (*files.ROWS, *contexts.ROWS, *clusters.ROWS, *users.ROWS, *plugins.ROWS)


@pytest.fixture
def sample(world: World, tmp_path: Path) -> Sample:
    """The kubeconfig of the world's cluster, with the token of its administrator."""
    document = json.loads(Path(world.variables["KUBECONFIG"]).read_text())
    admin = json.loads((world.directory / "kubeconfig-admin").read_text())
    document["users"][0]["user"] = {"token": admin["users"][0]["user"]["token"]}
    return Sample(document, tmp_path)


@pytest.mark.parametrize("row", table(ROWS))
def test_iamsa_does_what_kubectl_does(row: Row, sample: Sample, world: World, warm_process: Warm) -> None:
    row.write(sample)
    words, environ = row.words(sample), {**world.environ, **row.variables(sample)}
    kubectl = subprocess.run(
        ["kubectl", "get", "serviceaccounts", *words],
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    iamsa = warm_process.run(["list", *words], environ)
    assert "Traceback" not in iamsa.stderr
    told = f"kubectl: {kubectl.returncode} {kubectl.stderr}\niamsa: {iamsa.returncode} {iamsa.stderr}"
    is_same = (kubectl.returncode == 0) == (iamsa.returncode == 0)
    if row.differs:
        print(f"{row.name}: {row.differs}")
        assert not is_same, f"they do the same now; delete the reason\n{told}"
    else:
        assert is_same, told


def test_the_table_is_large_and_its_names_are_unique() -> None:
    names = [row.name for row in ROWS]
    assert len(names) >= 150
    assert sorted(set(names)) == sorted(names)
