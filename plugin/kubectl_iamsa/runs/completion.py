"""`kubectl iamsa completion install`: install the program that kubectl runs for shell completion."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ..argv.parser import UsageError, quoted
from ..completion.installation import install
from ..terminal.console import Console
from . import help


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> None:
    """Run the command. Raises IamsaError, which the caller prints."""
    if args.action is None:
        args.topic = "completion"
        help.run(args, console, environ)
        return
    if args.action != "install":
        raise UsageError(f"unknown argument {quoted(args.action)}", 'run "kubectl iamsa completion install"')
    path, changed = install(args.directory, environ, force=args.force)
    console.result(f"{path} {'written' if changed else 'unchanged'}")
