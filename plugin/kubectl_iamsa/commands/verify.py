"""`kubectl iamsa verify`: check that pods of a ServiceAccount can assume their role."""

from __future__ import annotations

from ..argv.parser import SwitchAction, UsageError
from ..flags.connection import add_connection_options
from ..flags.manifest import add_manifest_group, check_name_or_manifests, reads_manifests
from ..flags.output import add_reading_options, add_wait_option
from ..flags.role import add_name_argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from ..argv.parser import Parser

UNKNOWN = 3
_SEE_HELP = 'see "kubectl iamsa verify --help"'
OUTPUTS = ("text", "wide", "name", "json", "yaml")
USAGE = "kubectl iamsa verify (NAME | -l SELECTOR | --all | -A | -f FILE | -k DIR) [options]"
DESCRIPTION = """\
Check that a pod of a ServiceAccount can assume its IAM role.

Requests a token of the ServiceAccount from Kubernetes, as the webhook would
mount it, exchanges it in AWS STS for a session of the role in the annotation, and
asks AWS for the session's identity. Starts no pod and reads no Secret. The
session is not allowed to do anything, and its credentials are discarded.

With --can, IAM's policy simulator checks what the role's policies allow. It does
not consider the policies of the resource.

If pods get their role from a Pod Identity association, verify shows that role and
requests no token. The answer is no if the annotation names another role.

Exit codes: 0 yes, 1 no, 2 usage error, 3 could not be determined."""
EXAMPLES = """\
  # Check that pods can assume the role and read a bucket with it
  kubectl iamsa verify my-sa -n web --can s3:GetObject --on 'arn:aws:s3:::shop/*'

  # Wait until a new role can be assumed
  kubectl iamsa verify my-sa -n web --wait

  # Check all ServiceAccounts that have a role, in the whole cluster
  kubectl iamsa verify -A

  # Check all ServiceAccounts in manifests
  kubectl iamsa verify -f roles/
"""


def add_options(parser: Parser) -> None:
    add_name_argument(parser, optional=True)
    options = parser.add_argument_group("Options")
    for *flags, words in (
        ("--all", "check all ServiceAccounts of the namespace that have a role"),
        ("-A", "--all-namespaces", "check the ServiceAccounts of all namespaces"),
    ):
        options.add_argument(*flags, action=SwitchAction, help=words)
    options.add_argument(
        "-l",
        "--selector",
        metavar="SELECTOR",
        help="check the ServiceAccounts with these labels, for example app=web",
    )
    options.add_argument(
        "--can",
        action="append",
        default=[],
        metavar="ACTION",
        help="also check that the role allows an action, for example s3:GetObject (can be repeated)",
    )
    options.add_argument(
        "--on",
        action="append",
        default=[],
        metavar="ARN",
        help="resource that --can is checked on (can be repeated; default: *)",
    )
    add_wait_option(options, "repeat for at most TIME until the role can be assumed")
    add_manifest_group(parser)
    add_reading_options(parser, OUTPUTS, headers=True, many=True)
    add_connection_options(parser)
    parser.set_defaults(check=refuse_contradictions, failure_code=UNKNOWN)


def refuse_contradictions(args: argparse.Namespace) -> None:
    """Raise UsageError if argv names no ServiceAccounts, or names them twice."""
    many = [
        flag
        for flag, given in (("-l", args.selector), ("--all", args.all), ("-A", args.all_namespaces))
        if given
    ]
    if args.name is None and not many and not reads_manifests(args):
        raise UsageError("verify requires a NAME, -l, --all, -A or -f", _SEE_HELP)
    if many and reads_manifests(args):
        raise UsageError(f"{many[0]} cannot be combined with -f or -k", _SEE_HELP)
    if args.name is not None and many:
        raise UsageError(f"{many[0]} cannot be combined with a NAME", _SEE_HELP)
    check_name_or_manifests(args, needs="")
    if args.on and not args.can:
        raise UsageError("--on requires --can", _SEE_HELP)
