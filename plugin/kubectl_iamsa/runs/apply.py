"""`kubectl iamsa apply`: give the ServiceAccounts of manifests their IAM roles."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.access import Access
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.batch import BatchItem, NotStarted, run_batch

from ..render.applied import Applied, Recorder
from ..render.bar import Bar
from ..render.verification import doctor_remedy
from ..requests.target import wait_seconds, where_options
from ..terminal.console import Console
from ..terminal.interrupts import Interrupts
from .manifests import opened_for

OK, FAILED = 0, 1


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    """Run the command, and return the exit code. Raises IamsaError, which the caller prints."""
    seconds = wait_seconds(args)
    manifests, access, cluster = opened_for(args, console, environ)
    asked = [item.asked.desired(access.namespace) for item in manifests.items]
    recorders = [Recorder() for _ in asked]
    rows = [
        (desired.subject, item.place, recorder)
        for desired, item, recorder in zip(asked, manifests.items, recorders, strict=True)
    ]
    jobs = [BatchItem(desired, recorder, seconds) for desired, recorder in zip(asked, recorders, strict=True)]
    with Bar(console, environ) as bar:
        bar.begin(len(jobs))
        applied = Applied(
            rows,
            console,
            bar,
            output=args.output,
            dry_run=args.dry_run,
            diff=args.diff,
            remedy=lambda subject: doctor_remedy(subject, where_options(args)),
        )
        interrupt = _run(jobs, access, applied, console, args)
    applied.print_document(cluster)
    applied.print_end()
    if interrupt:
        applied.print_left()
        raise interrupt
    return FAILED if applied.failed else OK


def _run(
    jobs: list[BatchItem], access: Access, applied: Applied, console: Console, args: argparse.Namespace
) -> BaseException | None:
    """Run the batch; return the interrupt that stopped it before it was complete."""

    def stop() -> None:
        applied.stop = True
        console.notice("Finishing what is under way. Press Ctrl-C again to stop now.")

    interrupts = Interrupts(stop)
    if args.dry_run == "none":
        interrupts.arm()
    try:
        results = run_batch(jobs, access, dry_run=args.dry_run, watcher=applied)
    except BaseException:
        # Also after a second Ctrl-C: say what was done.
        applied.print_end()
        applied.print_left()
        raise
    finally:
        interrupts.disarm()
    return interrupts.asked if any(isinstance(one, NotStarted) for one in results) else None
