"""The command line in this process, where no call to anything gets through."""

from __future__ import annotations

import io
import socket
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from kubectl_iamsa.cli import run
from unit.fakes.command_line import Done


@pytest.fixture
def iamsa(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Callable[..., Done]:
    """`iamsa("create", …)`: its exit code and what it printed. A connection or a process fails the test."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something was called")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.chdir(tmp_path)
    environ = {"HOME": str(tmp_path), "KUBECONFIG": "/dev/null"}

    def call(*argv: str, **more: str) -> Done:
        out, err = io.StringIO(), io.StringIO()
        code = run(argv, {**environ, **more}, out, err)
        return Done(code, out.getvalue(), err.getvalue())

    return call


@pytest.fixture
def create(iamsa: Callable[..., Done]) -> Callable[..., Done]:
    """`create("--flag", …)`: a create that would be right but for these words."""
    return lambda *words: iamsa("create", "app", "-p", "ReadOnlyAccess", "--region", "eu-west-1", *words)
