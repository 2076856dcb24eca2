"""From parsed argv to a job of the core: what the verbs that write have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TypeVar

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.ensure import ensure
from ansible_collections.iamsa.eks.plugins.module_utils.where import Access, locate

from . import inputs, libraries, places
from .console import Console
from .render.progress import Progress
from .render.result import print_result

Request = TypeVar("Request")


def opened(
    read: Callable[[argparse.Namespace], Request], args: argparse.Namespace, environ: Mapping[str, str]
) -> tuple[Request, Access]:
    """What argv asks for, checked, and the way to both sides; nothing is asked of them yet."""
    libraries.silence()
    where = places.where(args)
    seconds = places.deadline_seconds(args)
    request = read(args)
    return request, locate(where, environ, Deadline(seconds))


def ensure_and_print(
    read: Callable[[argparse.Namespace], inputs.Request],
    args: argparse.Namespace,
    console: Console,
    environ: Mapping[str, str],
) -> None:
    """Bring about what argv asks for, tell of each step, and print the result."""
    request, access = opened(read, args, environ)
    desired = request.in_namespace(access.namespace)
    with Progress(console, output=args.output, dry_run=args.dry_run, diff=args.diff) as progress:
        outcome = ensure(desired, access, progress, dry_run=args.dry_run)
    print_result(outcome, console, output=args.output, dry_run=args.dry_run)
