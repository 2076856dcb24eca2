"""`kubectl iamsa create` where something is wrong, and what has to be true of its answer whatever that is."""

from __future__ import annotations

import io
import json
import os
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from kubectl_iamsa.cli import run
from pocket_eks.control import Control
from pocket_eks.world import World

Json = dict[str, Any]
EXEC_VERSION = "client.authentication.k8s.io/v1beta1"
LEFT_BEHIND_SECONDS = 5.0
NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}


@dataclass
class Bad:
    """Calls `create` for a fresh ServiceAccount, in this process for speed; only what it prints is looked at.

    `secrets` must never be printed, nor the world's own.
    """

    world: World
    control: Control
    folder: Path
    namespace: str = "default"
    secrets: list[str] = field(default_factory=list)

    def create(
        self, *words: str, environ: Json | None = None, code: int = 1, writes: bool = False, **flags: Any
    ) -> str:
        """The one sentence that `create` says. `environ` changes the world's; None takes a variable away."""
        changed = {**self.world.environ, **(environ or {})}
        clean = {key: str(value) for key, value in changed.items() if value is not None}
        name = flags.pop("name", f"sa-{uuid.uuid4().hex[:8]}")
        policy = flags.pop("policy", "AmazonS3ReadOnlyAccess")
        argv = ["create", name, "-p", policy, "-n", self.namespace, *words]
        self.control.clear_calls()
        out, err = io.StringIO(), io.StringIO()
        start = time.monotonic()
        before = set(threading.enumerate())
        with mock.patch.dict(os.environ, clean, clear=True):
            status = run(argv, clean, out, err)
            self.seconds = time.monotonic() - start
            _outlive_others(before)
        self.out, self.err = out.getvalue(), err.getvalue()
        assert status == code, self.out + self.err
        self._check_secrets(clean)
        calls = self.control.calls()
        if not writes:
            assert [call for call in calls if call["write"]] == []
            assert self.out == ""
            assert self.err.count("\n") == 1
        if not code:
            return ""
        errors = [line for line in self.err.splitlines() if line.startswith("error: ")]
        assert len(errors) == 1
        assert len(errors[0]) < 700
        return errors[0].removeprefix("error: ")

    def _check_secrets(self, environ: Json) -> None:
        config = Path(self.world.variables["KUBECONFIG"]).read_text()
        authority = json.loads(config)["clusters"][0]["cluster"]["certificate-authority-data"]
        for secret in (environ.get("AWS_SECRET_ACCESS_KEY"), authority[40:80], "k8s-aws-v1.", *self.secrets):
            assert not secret or secret not in self.out + self.err

    def kubeconfig(self, change: Callable[[Json], object], name: str = "kubeconfig") -> Json:
        """The environment with a copy of the world's kubeconfig that `change` was made to."""
        config = json.loads(Path(self.world.variables["KUBECONFIG"]).read_text())
        change(config)
        return self.file(json.dumps(config), name)

    def file(self, text: str, name: str = "kubeconfig") -> Json:
        path = self.folder / name
        path.write_text(text)
        return {"KUBECONFIG": str(path)}

    def cluster(self, **members: Any) -> Json:
        return self.kubeconfig(lambda config: config["clusters"][0]["cluster"].update(members))

    def user(self, **members: Any) -> Json:
        """A kubeconfig with another user; the context's name still tells the cluster."""

        def change(config: Json) -> None:
            config["users"][0]["user"] = members

        return self.kubeconfig(change)

    def plugin(self, script: str) -> Json:
        """A kubeconfig with a credential plugin that does what the shell script says."""
        command = {"apiVersion": EXEC_VERSION, "command": "/bin/sh", "args": ["-c", script]}
        return self.user(exec=command)


def _outlive_others(before: set[threading.Thread]) -> None:
    """Wait for what would have ended with the program's process, lest its calls count as the next run's.

    Those threads start others, too: one cannot join what is about to begin.
    """
    end = time.monotonic() + LEFT_BEHIND_SECONDS
    while set(threading.enumerate()) - before and time.monotonic() < end:
        time.sleep(0.01)
