"""From parsed argv to both sides: what all verbs that work on a cluster have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TypeVar

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.access import Access
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.locate import locate
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue

from ..requests.target import deadline_seconds, where_of
from ..terminal import library_logs
from ..terminal.console import Console

Value = TypeVar("Value")


def opened(
    read: Callable[[argparse.Namespace], Value],
    args: argparse.Namespace,
    environ: Mapping[str, str],
    console: Console,
) -> tuple[Value, Access]:
    """What argv asks for, checked, and the way to both sides; nothing is asked of them yet.

    With -v, `console` is told where each value comes from.
    """
    library_logs.silence()
    where = where_of(args, environ)
    seconds = deadline_seconds(args)
    asked = read(args)
    access = locate(where, environ, Deadline(seconds))
    if _verbosity(args):
        from ..render.origins import print_origins  # noqa: PLC0415
        from ..requests.origins import role_origins  # noqa: PLC0415

        # Only verbs that make roles have it.
        role = role_origins(args, environ) if hasattr(args, "create_namespace") else []
        print_origins([*access.origins, *role], console)
    for notice in access.notices:
        console.notice("note: " + notice)
    access.log_in()
    return asked, access


def _verbosity(args: argparse.Namespace) -> int:
    """0 without -v; of a verb that has a -v of its own, too."""
    level = getattr(args, "level", None)
    if level is None:
        return 0
    if not (level.isascii() and level.isdigit()) or len(level) > 2:
        raise InvalidValue("--verbose", level[:60], "is no number", remedy="write --verbose, or --verbose=1")
    return int(level)
