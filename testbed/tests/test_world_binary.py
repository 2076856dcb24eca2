"""Where the control plane's programs come from, without building any."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from pathlib import Path

import pytest
from pocket_eks import binary, build
from pocket_eks.cache import locked


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache directory, and a build that takes no time."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("KUBEBUILDER_ASSETS", raising=False)
    monkeypatch.setattr(build, "compile_binary", lambda _go, output, _env: output.touch())
    monkeypatch.setattr(build, "go_program", lambda _scratch, _env: "go")
    return tmp_path / "cache" / "pocket-eks" / "controlplane"


def assets(directory: Path, *names: str) -> Path:
    directory.mkdir()
    for name in names:
        (directory / name).touch()
    return directory


def test_built_once_and_nothing_else_kept(cache: Path, capfd: pytest.CaptureFixture[str]) -> None:
    programs = binary.find_programs()
    assert {path.name for path in programs.servers.iterdir()} == {*binary.PROGRAMS, "controlplane"}
    assert (programs.servers / "etcd").resolve().name == "controlplane"
    assert programs.controller_manager.exists()
    assert programs.kubectl.exists()
    assert "building the control plane (once, about 7 minutes" in capfd.readouterr().err
    assert binary.find_programs() == programs
    assert capfd.readouterr().err == ""
    assert list(cache.iterdir()) == [programs.servers]


def test_failed_build_leaves_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(build, "compile_binary", fail)
    with pytest.raises(KeyboardInterrupt):
        binary.find_programs()
    assert list(cache.iterdir()) == []


@pytest.mark.usefixtures("cache")
def test_kubebuilder_assets_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = assets(tmp_path / "assets", "etcd", "kube-apiserver", "kubectl")
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(given))
    programs = binary.find_programs()
    assert programs.servers == given
    assert programs.kubectl == given / "kubectl"
    assert programs.controller_manager.parent == binary.cached_programs()


@pytest.mark.usefixtures("cache")
def test_kubebuilder_assets_without_an_api_server_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(assets(tmp_path / "assets", "etcd", "kubectl")))
    assert binary.find_programs().servers == binary.cached_programs()


def test_waits_for_another_build(cache: Path, capfd: pytest.CaptureFixture[str]) -> None:
    cache.mkdir(parents=True)
    with ThreadPoolExecutor() as pool:
        with locked(cache, "builds the control plane"):
            found = pool.submit(binary.find_programs)
            with pytest.raises(TimeoutError):
                found.result(timeout=0.3)
        assert found.result(timeout=10).kubectl.exists()
    assert "waiting for another process that builds" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("says", "version"),
    [
        ("go version go1.26.8 linux/amd64", (1, 26, 8)),
        ("go version go1.27 darwin/arm64", (1, 27, 0)),
        ("go version go1.27rc1 linux/amd64", (1, 27, 0)),
        ("no such thing", ()),
    ],
)
def test_go_version(says: str, version: Sequence[int], tmp_path: Path) -> None:
    go = tmp_path / "go"
    go.write_text(f"#!/bin/sh\necho '{says}'\n")
    go.chmod(0o755)
    assert build.go_version(str(go), {}) == version


def test_user_without_go_keeps_no_go_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOMODCACHE", "GOCACHE", "GOPATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert build.go_environment(tmp_path / "scratch")["GOCACHE"] == str(tmp_path / "scratch" / "objects")
    (tmp_path / "go" / "pkg" / "mod").mkdir(parents=True)
    assert "GOCACHE" not in build.go_environment(tmp_path / "scratch")


def test_version_told_to_kubectl_is_that_of_the_module() -> None:
    assert f"k8s.io/kubernetes {build.KUBERNETES}\n" in (build.SOURCE / "go.mod").read_text()
