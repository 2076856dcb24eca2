"""Runs the ServiceAccounts of manifests side by side, and stops between two of them after Ctrl-C."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.access import Access
from ansible_collections.iamsa.eks.plugins.module_utils.identity.cluster import ClusterRef
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.batch import BatchItem, NotStarted, run_batch
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.run import DryRun
from ansible_collections.iamsa.eks.plugins.module_utils.manifest.item import Item
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import DeleteRequest, Desired

from ..render.applied import Applied, Recorder, Row
from ..render.bar import Bar
from ..render.verification import doctor_remedy
from ..requests.target import where_options
from ..terminal.console import Console
from ..terminal.interrupts import Interrupts

OK, FAILED = 0, 1


class Run:
    """What is requested of each item of manifests, on one cluster."""

    def __init__(
        self,
        items: Sequence[Item],
        asked: Sequence[Desired | DeleteRequest],
        access: Access,
        args: argparse.Namespace,
        console: Console,
        environ: Mapping[str, str],
    ) -> None:
        self._items = items
        self._asked = asked
        self._access = access
        self._args = args
        self._console = console
        self._environ = environ

    def read(self) -> Applied:
        """Plan without writing; prints nothing."""
        applied, _interrupt = self._run("none", "client", wait=0)
        return applied

    def finish(self, cluster: ClusterRef, *, wait: float = 0) -> int:
        """Do what argv asks for, print it, and return the exit code."""
        args = self._args
        applied, interrupt = self._run(args.output, args.dry_run, diff=args.diff, wait=wait)
        applied.print_document(cluster)
        applied.print_end()
        if interrupt:
            applied.print_left()
            raise interrupt
        return FAILED if applied.failed else OK

    def _run(
        self, output: str, dry_run: DryRun, *, diff: bool = False, wait: float
    ) -> tuple[Applied, BaseException | None]:
        """Run the batch; return the interrupt that stopped it before it was complete."""
        recorders = [Recorder() for _ in self._asked]
        jobs = [BatchItem(one, recorder, wait) for one, recorder in zip(self._asked, recorders, strict=True)]
        rows = [
            Row(job.desired.subject, item.place, recorder)
            for job, item, recorder in zip(jobs, self._items, recorders, strict=True)
        ]
        with Bar(self._console, self._environ) as bar:
            bar.begin(len(jobs))
            applied = Applied(
                rows,
                self._console,
                bar,
                output=output,
                dry_run=dry_run,
                diff=diff,
                ignores_absent=getattr(self._args, "ignore_not_found", False),
                remedy=lambda subject: doctor_remedy(subject, where_options(self._args)),
            )
            return applied, self._watched(jobs, applied, dry_run)

    def _watched(self, jobs: list[BatchItem], applied: Applied, dry_run: DryRun) -> BaseException | None:
        def stop() -> None:
            applied.stop = True
            self._console.notice("Finishing what is under way. Press Ctrl-C again to stop now.")

        interrupts = Interrupts(stop)
        if dry_run == "none":
            interrupts.arm()
        try:
            results = run_batch(jobs, self._access, dry_run=dry_run, watcher=applied)
        except BaseException:
            # Also after a second Ctrl-C: say what was done.
            if dry_run == "none":
                applied.print_end()
                applied.print_left()
            raise
        finally:
            interrupts.disarm()
        return interrupts.asked if any(isinstance(one, NotStarted) for one in results) else None
