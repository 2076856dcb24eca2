"""The manifest for krew obeys its rules, and krew itself installs what it describes.

Source: https://github.com/kubernetes-sigs/krew/blob/master/internal/index/validation/validate.go
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from gates.bare import clean_environ
from gates.krew_program import find_krew
from pocket_eks.binary import find_programs


@pytest.fixture(scope="module")
def manifest(krew_dist: Path) -> Any:
    return yaml.safe_load((krew_dist / "iamsa.yaml").read_text())


def test_the_manifest_is_of_krews_kind(manifest: Any) -> None:
    assert manifest["apiVersion"] == "krew.googlecontainertools.github.com/v1alpha2"
    assert manifest["kind"] == "Plugin"
    assert manifest["metadata"] == {"name": "iamsa"}
    assert set(manifest["spec"]) == {
        *("version", "homepage", "shortDescription", "description", "caveats", "platforms"),
    }


def test_the_version_is_a_semantic_one_with_a_v(manifest: Any) -> None:
    assert re.fullmatch(r"v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", manifest["spec"]["version"])


def test_the_short_description_is_short(manifest: Any) -> None:
    text = manifest["spec"]["shortDescription"]
    assert len(text) <= 50
    assert "\n" not in text
    assert not text.endswith(".")


def test_lines_fit_a_terminal(manifest: Any) -> None:
    lines = [*manifest["spec"]["description"].splitlines(), *manifest["spec"]["caveats"].splitlines()]
    assert max(map(len, lines)) <= 90


def test_each_platform_is_chosen_by_system_and_machine(manifest: Any) -> None:
    chosen = [platform["selector"]["matchLabels"] for platform in manifest["spec"]["platforms"]]
    assert all(set(labels) == {"os", "arch"} for labels in chosen)
    assert len({tuple(sorted(labels.items())) for labels in chosen}) == len(chosen)


def test_each_platform_has_the_checksum_of_the_archive(manifest: Any, krew_dist: Path) -> None:
    (archive,) = krew_dist.glob("*.tar.gz")
    checksum = hashlib.sha256(archive.read_bytes()).hexdigest()
    for platform in manifest["spec"]["platforms"]:
        assert platform["sha256"] == checksum
        assert platform["uri"].startswith("https://")
        assert platform["uri"].endswith(f"/{archive.name}")


def test_what_is_installed_is_in_the_archive(manifest: Any, krew_store: Path) -> None:
    files = {path.name for path in (krew_store / "store").iterdir()}
    for platform in manifest["spec"]["platforms"]:
        wanted = {entry["from"] for entry in platform["files"]}
        assert {"LICENSE", platform["bin"]} <= wanted <= files


def test_the_short_description_leaves_out_what_every_plugin_is(manifest: Any) -> None:
    assert not re.search(r"kubectl|plugin", manifest["spec"]["shortDescription"], re.IGNORECASE)


def test_krew_itself_installs_it(krew_dist: Path, tmp_path: Path) -> None:
    krew = find_krew()
    (archive,) = krew_dist.glob("*.tar.gz")
    path = os.pathsep.join(
        [str(tmp_path / "root/bin"), str(find_programs().kubectl.parent), os.environ["PATH"]]
    )
    environ = clean_environ(HOME=str(tmp_path), KREW_ROOT=str(tmp_path / "root"), PATH=path)
    words = [str(krew), "install", f"--manifest={krew_dist / 'iamsa.yaml'}", f"--archive={archive}"]
    done = subprocess.run(words, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "Installed plugin: iamsa" in done.stderr
    told = subprocess.run(
        ["kubectl", "iamsa", "--version"], env=environ, capture_output=True, text=True, check=True
    )
    assert (
        f"v{told.stdout.split()[-1]}"
        == yaml.safe_load((krew_dist / "iamsa.yaml").read_text())["spec"]["version"]
    )
