# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole command line in this process, from argv to exit code, with both sides in memory.

What argv, the environment and a kubeconfig say is read as ever; only what is then called is in memory.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import documents
import pytest
from kubectl_iamsa import cli
from kubectl_iamsa.gen3 import jobs as gen3_jobs
from kubectl_iamsa.runs import access as runs_access
from unit.fakes.examples import CLUSTER
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.access import Access
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.locate import locate
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.target import Where
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline


class Done(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one sentence that was said."""
        assert self.out == ""
        assert self.err.count("\n") == 1
        assert self.err.startswith("error: ")
        return self.err.removeprefix("error: ").rstrip("\n")


@dataclass
class CommandLine:
    """`run("create", "my-sa", …, code=1)`, in namespace `web` of the kubeconfig's context."""

    world: World
    kubeconfig: Path
    environ: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, code: int = 0, **environ: str) -> Done:
        out, err = io.StringIO(), io.StringIO()
        ended = cli.run(words, {**self.environ, **environ}, out, err)
        done = Done(ended, out.getvalue(), err.getvalue())
        assert "Traceback" not in done.err, done.err
        assert ended == code, done.out + done.err
        documents.check_printed(words, done.out)
        return done

    def refused(self, *words: str, code: int = 1, **environ: str) -> str:
        """The one sentence of a run that changes nothing."""
        before, written = self.world.state(), list(self.world.wire.writes)
        error = self.run(*words, code=code, **environ).error
        assert (self.world.state(), self.world.wire.writes) == (before, written)
        return error

    def context(self, **members: Any) -> None:
        """Write these members into the kubeconfig's one context."""
        config = json.loads(self.kubeconfig.read_text())
        config["contexts"][0]["context"] = {"cluster": "demo", "user": "demo", **members}
        self.kubeconfig.write_text(json.dumps(config))


@pytest.fixture
def command_line(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """For `world`."""

    def located(where: Where, environ: Mapping[str, str], deadline: Deadline) -> Access:
        found, sides = locate(where, environ, deadline), world.access()
        return replace(
            found,
            source=sides.source,
            iam=sides.iam,
            sts=sides.sts,
            pod_identity=sides.pod_identity,
            kubernetes=sides.kubernetes,
            deadline=sides.deadline,
        )

    for module in (runs_access, gen3_jobs):
        monkeypatch.setattr(module, "locate", located)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "kubeconfig"
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": CLUSTER.arn,
        "contexts": [{"name": CLUSTER.arn, "context": {}}],
        "clusters": [{"name": "demo", "cluster": {"server": "https://demo.example"}}],
        "users": [{"name": "demo", "user": {"token": "unused"}}],
    }
    path.write_text(json.dumps(config))
    line = CommandLine(world, path, {"HOME": str(tmp_path), "KUBECONFIG": str(path), "IAMSA_DEBUG": "1"})
    line.context(namespace="web")
    return line
