"""`kubectl iamsa diff`: what create would change."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ansible_collections.iamsa.eks.plugins.module_utils.jobs.reconcile import ensure

from ..commands.diff import TROUBLE
from ..flags.manifest import reads_manifests
from ..render.difference import Difference
from ..render.outcome import print_notices
from ..requests.service_account import create_request
from ..terminal.console import Console
from .access import opened

SAME, DIFFERENT = 0, 1


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    """Run the command, and return the exit code. Raises IamsaError, which the caller prints."""
    if reads_manifests(args):
        return _many(args, console, environ)
    asked, access = opened(lambda given: create_request(given, environ), args, environ, console)
    difference = Difference()
    outcome = ensure(asked.desired(access.namespace), access, difference, dry_run="client")
    difference.show(console, environ)
    print_notices(outcome, console, dry_run="client", restarts=False)
    return DIFFERENT if outcome.changed else SAME


def _many(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    """Show what apply would change."""
    from .batch import Run  # noqa: PLC0415
    from .manifests import opened_for  # noqa: PLC0415

    manifests, access, _cluster = opened_for(args, console, environ)
    asked = [item.asked.desired(access.namespace) for item in manifests.items]
    found = Run(manifests.items, asked, access, args, console, environ).read()
    difference = Difference()
    for recorder in found.recorders:
        difference.include(recorder.before, recorder.after)
    difference.show(console, environ)
    found.print_notices(restarts=False)
    found.print_failures()
    if found.failed:
        return TROUBLE
    return DIFFERENT if found.changed else SAME
