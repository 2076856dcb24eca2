"""`kubectl iamsa diff`: what create would change."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ansible_collections.iamsa.eks.plugins.module_utils.jobs.reconcile import ensure

from ..render.difference import Difference
from ..render.outcome import print_notices
from ..requests.service_account import create_request
from ..terminal.console import Console
from .access import opened

SAME, DIFFERENT = 0, 1


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    """Run the command, and return the exit code. Raises IamsaError, which the caller prints."""
    asked, access = opened(lambda given: create_request(given, environ), args, environ, console)
    difference = Difference()
    outcome = ensure(asked.desired(access.namespace), access, difference, dry_run="client")
    difference.show(console, environ)
    print_notices(outcome, console, dry_run="client", restarts=False)
    return DIFFERENT if outcome.changed else SAME
