"""`kubectl iamsa options`: the options that all commands share."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ..terminal.console import Console
from . import help


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> None:
    """Print the help of the command, which shows the options."""
    args.topic = args.verb
    help.run(args, console, environ)
