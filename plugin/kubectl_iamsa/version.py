"""The versions of iamsa and of what it stands on, as they are installed."""

from __future__ import annotations

import sys

LIBRARIES = ("boto3", "botocore", "kubernetes")


def version() -> str:
    """Of the plugin."""
    return _of("iamsa")


def versions() -> dict[str, str]:
    """Of the plugin, of the core that it found, which an installed collection may bring, and of what both
    need."""
    python = ".".join(map(str, sys.version_info[:3]))
    return {
        "plugin": version(),
        "core": core_version(),
        "python": python,
        **{name: _of(name) for name in LIBRARIES},
    }


def _of(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def core_version() -> str:
    """As the collection itself says: galaxy.yml where it comes from here, MANIFEST.json from Galaxy.

    Python's metadata would take longer to load than this takes to read.
    """
    import json  # noqa: PLC0415
    import re  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    from ansible_collections.iamsa.eks.plugins.module_utils import errors  # noqa: PLC0415

    root = Path(errors.__file__).parents[2]
    try:
        if (root / "MANIFEST.json").is_file():
            return str(json.loads((root / "MANIFEST.json").read_text())["collection_info"]["version"])
        found = re.search(r"^version: (\S+)$", (root / "galaxy.yml").read_text(), re.MULTILINE)
    except (OSError, ValueError, KeyError):
        found = None
    return found[1] if found else "unknown"
