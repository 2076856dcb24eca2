"""`kubectl iamsa apply`: give the ServiceAccounts of manifests their IAM roles."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ..requests.target import wait_seconds
from ..terminal.console import Console
from .batch import Run
from .manifests import opened_for


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    """Run the command, and return the exit code. Raises IamsaError, which the caller prints."""
    seconds = wait_seconds(args)
    manifests, access, cluster = opened_for(args, console, environ)
    asked = [item.asked.desired(access.namespace) for item in manifests.items]
    return Run(manifests.items, asked, access, args, console, environ).finish(cluster, wait=seconds)
