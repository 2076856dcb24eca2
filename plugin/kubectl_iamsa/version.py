"""The version, as the installed package knows it."""

from __future__ import annotations


def version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return version("iamsa")
    except PackageNotFoundError:
        return "unknown"
