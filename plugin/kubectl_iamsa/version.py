"""The installed versions of iamsa and its libraries."""

from __future__ import annotations

import sys

LIBRARIES = ("boto3", "botocore", "kubernetes")


def version() -> str:
    """Return the version of the plugin."""
    return _of("iamsa")


def versions() -> dict[str, str]:
    """Return the versions of the plugin, the core, Python and the libraries.

    The core can be that of an installed collection.
    """
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
    """Return the version in the collection's galaxy.yml, or in its MANIFEST.json if it comes from Galaxy.

    Loading Python's metadata would take longer than reading the file.
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
