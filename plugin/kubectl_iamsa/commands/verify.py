"""`kubectl iamsa verify`: prove that pods of a ServiceAccount would get their role."""

from __future__ import annotations

from ..argv.parser import SwitchAction, UsageError
from ..flags.connection import add_connection_options
from ..flags.output import add_reading_options, add_wait_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from ..argv.parser import Parser

UNKNOWN = 3
_SEE_HELP = "see kubectl iamsa verify --help"
OUTPUTS = ("text", "wide", "name", "json", "yaml")
USAGE = "kubectl iamsa verify (NAME | -l SELECTOR | --all | -A) [options]"
DESCRIPTION = """\
Prove that a pod under a ServiceAccount would get its IAM role.

Asks Kubernetes for a token of the ServiceAccount as the webhook would mount it,
takes it to AWS for the role that the annotation names, and asks AWS who that is.
No pod is started and no Secret read; the session may do nothing, and its
credentials are forgotten. With --can, IAM's policy simulator tells what the
role's own policies allow; policies of the resource are not looked at.
Where a Pod Identity association gives pods their role, no token is tried: it is
told what they get, which is a no if the annotation names another role.

Exit codes: 0 yes; 1 no; 3 it could not be found out; 2 the command line is wrong."""
EXAMPLES = """\
  # Would a pod get the role, and may it read a bucket with it?
  kubectl iamsa verify my-sa -n web --can s3:GetObject --on 'arn:aws:s3:::shop/*'

  # Wait until AWS lets a new role be assumed
  kubectl iamsa verify my-sa -n web --wait

  # All that have a role, in the whole cluster
  kubectl iamsa verify -A
"""


def add_options(parser: Parser) -> None:
    parser.add_argument_group("Arguments").add_argument(
        "name", nargs="?", metavar="NAME", help="the ServiceAccount"
    )
    many = parser.add_argument_group("Which, of those that name a role")
    many.add_argument("-l", "--selector", metavar="SELECTOR", help="those with these labels, as app=web")
    many.add_argument("--all", action=SwitchAction, help="all of the namespace")
    many.add_argument("-A", "--all-namespaces", action=SwitchAction, help="those of all namespaces")
    proof = parser.add_argument_group("What is proven")
    proof.add_argument(
        "--can",
        action="append",
        default=[],
        metavar="ACTION",
        help="also whether the role may do this, as s3:GetObject (repeats)",
    )
    proof.add_argument(
        "--on", action="append", default=[], metavar="ARN", help="on this resource (repeats; default: *)"
    )
    add_wait_option(proof, "repeat it until AWS lets the role be assumed, so long at most")
    add_reading_options(parser, OUTPUTS, headers=True)
    add_connection_options(parser)
    parser.set_defaults(check=refuse_contradictions, failure_code=UNKNOWN)


def refuse_contradictions(args: argparse.Namespace) -> None:
    """Raise UsageError where argv does not say which, or twice."""
    many = [
        flag
        for flag, given in (("-l", args.selector), ("--all", args.all), ("-A", args.all_namespaces))
        if given
    ]
    if args.name is None and not many:
        raise UsageError("verify needs a NAME, or -l, --all or -A", _SEE_HELP)
    if args.name is not None and many:
        raise UsageError(f"{many[0]} goes without a NAME", _SEE_HELP)
    if args.on and not args.can:
        raise UsageError("--on needs a --can", _SEE_HELP)
