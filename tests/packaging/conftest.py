"""What is handed out, built once."""

from __future__ import annotations

from pathlib import Path

import pytest
from gates.release_build import build
from gates.tree import ROOT


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders `dist` and `krew`, as make dist and make krew fill them."""
    folder = tmp_path_factory.mktemp("built")
    for what in ("dist", "krew"):
        build(ROOT, folder / what, what)
    return folder
