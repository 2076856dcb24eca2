"""Where each value of the run comes from, a line each."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.access import Origin

from ..terminal.console import Console


def print_origins(origins: Iterable[Origin], console: Console) -> None:
    """A line for each, on stderr."""
    told = list(origins)
    what, value = (max(len(getattr(one, name)) for one in told) for name in ("what", "value"))
    for one in told:
        console.notice(f"{one.what:{what}}  {one.value:{value}}  " + one.source)
