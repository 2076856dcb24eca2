"""From parsed argv to a job of the core: what the verbs that write have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.access import Access
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.locate import locate
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.reconcile import ensure

from .render.origins import print_origins
from .render.outcome import print_result
from .render.progress import Progress
from .requests.desired import Request
from .requests.limits import deadline_seconds, wait_seconds
from .requests.origins import role_origins, verbosity
from .requests.target import where_of
from .terminal import library_logs
from .terminal.console import Console

if TYPE_CHECKING:
    from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError
    from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
    from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import Outcome
    from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Verification

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
    request = read(args)
    access = locate(where, environ, Deadline(seconds))
    if verbosity(args):
        # Only verbs that make roles have it.
        role = role_origins(args, environ) if hasattr(args, "create_namespace") else []
        print_origins([*access.origins, *role], console)
    for notice in access.notices:
        console.notice("note: " + notice)
    access.log_in()
    return request, access


def ensure_and_print(
    read: Callable[[argparse.Namespace], Request],
    args: argparse.Namespace,
    console: Console,
    environ: Mapping[str, str],
) -> None:
    """Bring about what argv asks for, tell of each step, and print the result."""
    seconds = wait_seconds(args)
    request, access = opened(read, args, environ, console)
    desired = request.in_namespace(access.namespace)
    with Progress(console, output=args.output, dry_run=args.dry_run, diff=args.diff) as progress:
        outcome = ensure(desired, access, progress, dry_run=args.dry_run)
    try:
        if seconds and args.dry_run == "none":
            outcome = _waited_for(outcome, access, seconds, console, environ)
    finally:
        # All is done, whatever comes of the waiting.
        print_result(outcome, console, output=args.output, dry_run=args.dry_run)
    if outcome.verification and outcome.verification.verdict != "yes":
        raise _not_assumable(outcome.verification, desired.subject, args)


def _waited_for(
    outcome: Outcome, access: Access, seconds: int, console: Console, environ: Mapping[str, str]
) -> Outcome:
    from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verify import verified  # noqa: PLC0415

    from .render.bar import status  # noqa: PLC0415

    with status(console, environ, "waiting until AWS lets the role be assumed"):
        return verified(outcome, access, seconds)


def _not_assumable(verification: Verification, subject: Subject, args: argparse.Namespace) -> IamsaError:
    from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import error_of  # noqa: PLC0415

    from .render.verification import doctor_remedy  # noqa: PLC0415
    from .requests.target import where_words  # noqa: PLC0415

    return error_of(verification, doctor_remedy(subject, where_words(args)))
