"""`kubectl iamsa delete`: delete a ServiceAccount's role."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Absent
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.delete import remove

from ..flags.manifest import reads_manifests
from ..render.delete_result import print_delete_result
from ..render.progress import Progress
from ..render.waits import waits_shown
from ..requests.service_account import reading_request
from ..terminal.console import Console
from ..terminal.question import asker
from .access import opened

OK = 0


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    """Run the command, and return the exit code. Raises IamsaError, which the caller prints."""
    if reads_manifests(args):
        from .delete_many import delete_many  # noqa: PLC0415

        return delete_many(args, console, environ)
    asked, access = opened(reading_request, args, environ, console)
    ask = None if args.yes else asker(console, access.deadline, f"{access.source.name} ({access.title})")
    request = asked.deletion(access.namespace)
    progress = Progress(console, output=args.output, dry_run=args.dry_run, diff=args.diff, ask=ask)
    try:
        with waits_shown(console, environ, access.deadline), progress:
            removed = remove(request, access, progress, dry_run=args.dry_run)
    except Absent:
        if not args.ignore_not_found:
            raise
        return OK
    print_delete_result(removed, console, output=args.output, dry_run=args.dry_run)
    return OK
