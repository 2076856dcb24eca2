"""Opens the connections to AWS and Kubernetes for parsed argv."""

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
from ..terminal.console import Console, takes_color

Value = TypeVar("Value")


def opened(
    read: Callable[[argparse.Namespace], Value],
    args: argparse.Namespace,
    environ: Mapping[str, str],
    console: Console,
) -> tuple[Value, Access]:
    """Return the checked request, and the access to AWS and Kubernetes. Nothing is read yet.

    With -v, prints where each value comes from.
    """
    library_logs.silence()
    console.colors = takes_color(console.stdout, environ, getattr(args, "color", "never"))
    where = where_of(args, environ)
    seconds = deadline_seconds(args)
    asked = read(args)
    access = locate(where, environ, Deadline(seconds))
    if verbosity(args):
        from ..render.origins import print_origins  # noqa: PLC0415
        from ..requests.origins import role_origins  # noqa: PLC0415

        # Only commands that create one role have both flags.
        creates = hasattr(args, "create_namespace") and hasattr(args, "role_name")
        role = role_origins(args, environ) if creates else []
        print_origins([*access.origins, *role], console)
    for notice in access.notices:
        console.notice("note: " + notice)
    access.log_in()
    return asked, access


def verbosity(args: argparse.Namespace) -> int:
    """Return the value of -v: 0 without it, and for a command with its own -v."""
    level = getattr(args, "level", None)
    if level is None:
        return 0
    if not (level.isascii() and level.isdigit()) or len(level) > 2:
        raise InvalidValue("--verbose", level[:60], "must be a number", remedy="use --verbose or --verbose=1")
    return int(level)
