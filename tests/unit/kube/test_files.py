"""Files of every kind that a kubeconfig can name: each is read, or ends in time with its name."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, InvalidFile, TimedOut
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.context import select
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.files import LIMIT_BYTES
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.kubeconfig import parse, read_kubeconfig
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.options import ConnectionOptions
from ansible_collections.iamsa.eks.plugins.module_utils.kube.connect import connect
from ansible_collections.iamsa.eks.plugins.module_utils.kube.http.request import Request

READ = Request("get", "serviceaccounts", "/api/v1/namespaces/web/serviceaccounts/app", "web", "app")
TEXT = "{contexts: [{name: dev, context: {cluster: dev}}]}"
# The files that a kubeconfig names, and those of its flags.
NAMED: dict[str, tuple[dict[str, str], dict[str, str], str]] = {
    "certificate-authority": ({"certificate-authority": "FILE"}, {}, ""),
    "client-certificate": ({}, {"client-certificate": "FILE", "client-key-data": "UEVN"}, ""),
    "client-key": ({}, {"client-key": "FILE", "client-certificate-data": "UEVN"}, ""),
    "tokenFile": ({}, {"tokenFile": "FILE"}, ""),
    "--certificate-authority": ({}, {}, "certificate_authority"),
    "--client-certificate": ({}, {}, "client_certificate"),
    "--client-key": ({}, {"client-certificate-data": "UEVN"}, "client_key"),
}


def read_kubeconfig_at(path: Path, deadline: Deadline) -> None:
    read_kubeconfig(ConnectionOptions(kubeconfig=str(path)), {}, deadline)


def read_named(name: str) -> Callable[[Path, Deadline], None]:
    cluster, user, flag = NAMED[name]

    def read(path: Path, deadline: Deadline) -> None:
        def filled(fields: dict[str, str]) -> dict[str, str]:
            return {key: str(path) if value == "FILE" else value for key, value in fields.items()}

        document = {
            "current-context": "dev",
            "contexts": [{"name": "dev", "context": {"cluster": "dev", "user": "me"}}],
            "clusters": [{"name": "dev", "cluster": {"server": "https://127.0.0.1:1", **filled(cluster)}}],
            "users": [{"name": "me", "user": filled(user)}],
        }
        flags: dict[str, Any] = {flag: str(path)} if flag else {}
        options = ConnectionOptions(**flags)
        entry = select(parse(yaml.safe_dump(document), Path("/kube/config")), options, deadline)
        connect(entry, options, deadline, {}).ask(READ)

    return read


READERS = [
    pytest.param(read_kubeconfig_at, id="kubeconfig"),
    *(pytest.param(read_named(name), id=name) for name in NAMED),
]


@pytest.mark.parametrize("read", READERS)
class TestEveryKind:
    def failure(self, read: Any, path: Path, seconds: float = 30) -> IamsaError:
        begun = time.monotonic()
        with pytest.raises(IamsaError) as caught:
            read(path, Deadline(seconds))
        assert time.monotonic() - begun < 5
        assert caught.value.resource == str(path)
        assert str(path) in caught.value.problem
        return caught.value

    def test_a_pipe_that_nobody_writes_to(self, read: Any, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        assert isinstance(self.failure(read, tmp_path / "pipe", 0.3), TimedOut)

    def test_a_device_without_an_end(self, read: Any) -> None:
        assert "file too large" in self.failure(read, Path("/dev/zero")).problem

    def test_a_folder(self, read: Any, tmp_path: Path) -> None:
        assert "is a directory" in self.failure(read, tmp_path).problem

    def test_a_loop_of_links(self, read: Any, tmp_path: Path) -> None:
        (tmp_path / "a").symlink_to("b")
        (tmp_path / "b").symlink_to("a")
        assert "too many levels of symbolic links" in self.failure(read, tmp_path / "a").problem

    def test_one_that_is_too_large(self, read: Any, tmp_path: Path) -> None:
        with (tmp_path / "sparse").open("wb") as file:
            file.truncate(LIMIT_BYTES + 1)
        assert isinstance(self.failure(read, tmp_path / "sparse"), InvalidFile)


def test_a_pipe_that_somebody_writes_to_is_read_to_its_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def write() -> None:
        with pipe.open("w") as file:
            file.write(TEXT[:10])
            file.flush()
            time.sleep(0.1)
            file.write(TEXT[10:])

    threading.Thread(target=write, daemon=True).start()
    config = read_kubeconfig(ConnectionOptions(kubeconfig=str(pipe)), {}, Deadline(5))
    assert config
    assert list(config.contexts) == ["dev"]


def test_what_a_shells_process_substitution_gives_is_read(tmp_path: Path) -> None:
    with subprocess.Popen(["echo", TEXT], stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        path = f"/dev/fd/{writer.stdout.fileno()}"
        config = read_kubeconfig(
            ConnectionOptions(), {"KUBECONFIG": path, "HOME": str(tmp_path)}, Deadline(5)
        )
    assert config
    assert list(config.contexts) == ["dev"]
