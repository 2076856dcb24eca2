"""Prints where the values of the run come from."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.access import Origin

from ..terminal.console import Console


def print_origins(origins: Iterable[Origin], console: Console) -> None:
    """Print a line for each value to stderr."""
    told = list(origins)
    what, value = (max(len(getattr(one, name)) for one in told) for name in ("what", "value"))
    for one in told:
        console.notice(f"{one.what:{what}}  {one.value:{value}}  " + one.source)
