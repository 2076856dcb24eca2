"""Create or update what argv asks for, and print the result."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.access import Access
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.reconcile import ensure

from ..render.bar import status
from ..render.outcome import print_outcome
from ..render.progress import Progress
from ..render.waits import waits_shown
from ..requests.target import wait_seconds, where_options
from ..terminal.console import Console
from .access import opened

if TYPE_CHECKING:
    from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError
    from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
    from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import Outcome
    from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Verification
    from ansible_collections.iamsa.eks.plugins.module_utils.request.check import CheckedRequest


def reconcile(
    request_of: Callable[[argparse.Namespace, Mapping[str, str]], CheckedRequest],
    args: argparse.Namespace,
    console: Console,
    environ: Mapping[str, str],
) -> None:
    """Create or update what argv asks for, print each step, and print the result.

    Raises IamsaError, which the caller prints.
    """
    seconds = wait_seconds(args)
    asked, access = opened(lambda given: request_of(given, environ), args, environ, console)
    desired = asked.desired(access.namespace)
    progress = Progress(console, output=args.output, dry_run=args.dry_run, diff=args.diff)
    with waits_shown(console, environ, access.deadline), progress:
        outcome = ensure(desired, access, progress, dry_run=args.dry_run)
    try:
        if seconds and args.dry_run == "none":
            outcome = _waited_for(outcome, access, seconds, console, environ)
    finally:
        # All steps are done, even if the wait fails.
        print_outcome(outcome, console, output=args.output, dry_run=args.dry_run)
    if outcome.verification and outcome.verification.verdict != "yes":
        raise _not_assumable(outcome.verification, desired.subject, args)


def _waited_for(
    outcome: Outcome, access: Access, seconds: int, console: Console, environ: Mapping[str, str]
) -> Outcome:
    from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verified import verified  # noqa: PLC0415

    with status(console, environ, "waiting until the role can be assumed"):
        return verified(outcome, access, seconds)


def _not_assumable(verification: Verification, subject: Subject, args: argparse.Namespace) -> IamsaError:
    from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import error_of  # noqa: PLC0415

    from ..render.verification import doctor_remedy  # noqa: PLC0415

    return error_of(verification, doctor_remedy(subject, where_options(args)))
