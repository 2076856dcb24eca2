"""`kubectl iamsa help [COMMAND]`: the same as COMMAND --help."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ..argv.other_tools import instead
from ..argv.parser import UsageError, quoted
from ..terminal.console import Console
from ..verb_tree import build_parser


def run(args: argparse.Namespace, console: Console, _environ: Mapping[str, str]) -> None:
    """Print the help. Raises UsageError for an unknown command."""
    parser = build_parser()
    verbs = parser.verbs()
    if args.topic is not None and args.topic not in verbs:
        raise UsageError(f"unknown command {quoted(args.topic)}", instead(args.topic, verbs, parser))
    console.result((verbs[args.topic] if args.topic else parser).format_help().rstrip())
