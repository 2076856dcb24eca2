"""`kubectl iamsa help [VERB]`: as the verb's --help."""

from __future__ import annotations

from ..argv.parser import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from ..argv.parser import Parser
    from ..terminal.console import Console

USAGE = "kubectl iamsa help [VERB]"
DESCRIPTION = "Show what iamsa can do, or what a verb does and takes."
EXAMPLES = """\
  # What create does and takes
  kubectl iamsa help create
"""


def add_options(parser: Parser) -> None:
    parser.add_argument_group("Arguments").add_argument(
        "topic", nargs="?", metavar="VERB", help="the verb that is asked about"
    )
    parser.set_defaults(command=run)


def run(args: argparse.Namespace, console: Console, _environ: Mapping[str, str]) -> None:
    """Raises UsageError for what is no verb."""
    from ..argv.other_tools import instead  # noqa: PLC0415
    from ..cli import build_parser  # noqa: PLC0415

    parser = build_parser()
    verbs = parser.verbs()
    if args.topic is not None and args.topic not in verbs:
        raise UsageError(f"unknown verb {args.topic!r}", instead(args.topic, verbs, parser))
    console.result((verbs[args.topic] if args.topic else parser).format_help().rstrip())
