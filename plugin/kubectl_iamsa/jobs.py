"""From parsed argv to a job of the core: what the verbs that write have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TypeVar

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.ensure import ensure
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import error_of
from ansible_collections.iamsa.eks.plugins.module_utils.verification import verified
from ansible_collections.iamsa.eks.plugins.module_utils.where import Access, locate

from . import inputs, libraries, places
from .console import Console
from .reading import where_words
from .render.bar import status
from .render.progress import Progress
from .render.result import print_result
from .render.verification import doctor_remedy

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
    seconds = places.wait_seconds(args)
    request, access = opened(read, args, environ)
    desired = request.in_namespace(access.namespace)
    with Progress(console, output=args.output, dry_run=args.dry_run, diff=args.diff) as progress:
        outcome = ensure(desired, access, progress, dry_run=args.dry_run)
    try:
        if seconds and args.dry_run == "none":
            with status(console, environ, "waiting until AWS lets the role be assumed"):
                outcome = verified(outcome, access, seconds)
    finally:
        # All is done, whatever comes of the waiting.
        print_result(outcome, console, output=args.output, dry_run=args.dry_run)
    if outcome.verification and outcome.verification.verdict != "yes":
        raise error_of(outcome.verification, doctor_remedy(desired.subject, where_words(args)))
