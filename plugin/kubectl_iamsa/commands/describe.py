"""`kubectl iamsa describe`: all that lies between a ServiceAccount and what its pods may do."""

from __future__ import annotations

from ..flags.connection import add_connection_options
from ..flags.output import add_reading_options
from ..requests.desired import reading_request
from ..requests.target import where_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from ..argv.parser import Parser
    from ..terminal.console import Console

OUTPUTS = ("text", "json", "yaml")
USAGE = "kubectl iamsa describe NAME [options]"
DESCRIPTION = """\
Show how a ServiceAccount comes to its permissions: its annotations, its role and
whose that is, who may assume it, its policies, and the cluster's OIDC provider.

What is broken is marked, with the command that mends it."""
EXAMPLES = """\
  # The whole chain
  kubectl iamsa describe my-sa -n web

  # What is broken, for a script
  kubectl iamsa describe my-sa -n web -o json | jq -r '.problems[].what'
"""


def add_options(parser: Parser) -> None:
    parser.add_argument_group("Arguments").add_argument("name", metavar="NAME", help="the ServiceAccount")
    parser.add_argument_group("Role").add_argument(
        "--role-name", metavar="NAME", help="name of the role (default: the annotation's, else derived)"
    )
    add_reading_options(parser, OUTPUTS)
    add_connection_options(parser)
    parser.set_defaults(command=run)


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> None:
    """Raises IamsaError, whose sentence the caller prints."""
    from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import problems  # noqa: PLC0415
    from ansible_collections.iamsa.eks.plugins.module_utils.jobs.describe import describe  # noqa: PLC0415

    from ..jobs import opened  # noqa: PLC0415
    from ..render.description import print_description  # noqa: PLC0415
    from ..terminal.console import takes_colours  # noqa: PLC0415

    request, access = opened(reading_request, args, environ, console)
    chain = describe(request.in_namespace(access.namespace), access)
    console.colours = takes_colours(console.stdout, environ)
    print_description(chain, problems(chain, where_words(args)), console, output=args.output)
