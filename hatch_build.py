"""Adds the manual to the wheel, for every build: pip from a clone or an sdist, and make dist."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Generates the manual for each build, so that it matches the parser."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        sys.path[:0] = [str(root), str(root / "plugin")]
        from release.manual.pages import write  # noqa: PLC0415

        folder = Path(tempfile.mkdtemp(prefix="iamsa-manual-"))
        self.folder = folder
        for page in write(folder, self.metadata.version):
            build_data["shared_data"][str(page)] = f"share/man/man1/{page.name}"

    def finalize(self, _version: str, _build_data: dict[str, Any], _artifact_path: str) -> None:
        if hasattr(self, "folder"):
            for page in self.folder.iterdir():
                page.unlink()
            self.folder.rmdir()
