"""`kubectl iamsa verify`: prove that pods of a ServiceAccount would get their role."""

from __future__ import annotations

from ..argv.parser import SwitchAction, UsageError
from ..flags.connection import add_connection_options
from ..flags.output import add_reading_options, add_wait_option
from ..requests.target import where_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verify import Trial

    from ..argv.parser import Parser
    from ..terminal.console import Console

YES, NO, UNKNOWN = 0, 1, 3
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
_SEE_HELP = "see kubectl iamsa verify --help"


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
    parser.set_defaults(command=run, failure_code=UNKNOWN)


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    """The exit code. Raises IamsaError, whose sentence the caller prints."""
    _refuse_contradictions(args)
    return _one(args, console, environ) if args.name is not None else _many(args, console, environ)


def _refuse_contradictions(args: argparse.Namespace) -> None:
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


def _one(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject  # noqa: PLC0415
    from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verify import verify  # noqa: PLC0415
    from ansible_collections.iamsa.eks.plugins.module_utils.model import names  # noqa: PLC0415

    from ..jobs import opened  # noqa: PLC0415
    from ..render.verification import print_verification  # noqa: PLC0415

    (name, trial), access = opened(
        lambda given: (names.check_service_account(given.name), _trial(given)),
        args,
        environ,
        console,
    )
    found = verify(Subject(access.namespace, name), access, trial)
    print_verification(found, console, where_words(args), output=args.output, headers=not args.no_headers)
    return {"yes": YES, "no": NO, "unknown": UNKNOWN}[found.verdict]


def _many(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verify import verify_many  # noqa: PLC0415

    from ..jobs import opened  # noqa: PLC0415
    from ..render.bar import Bar  # noqa: PLC0415
    from ..render.verification import print_verifications  # noqa: PLC0415
    from ..requests.optional_values import plain_text  # noqa: PLC0415

    def read(given: argparse.Namespace) -> tuple[str, Trial]:
        return plain_text(given.selector, "--selector") if given.selector is not None else "", _trial(given)

    (selector, trial), access = opened(read, args, environ, console)
    namespace = None if args.all_namespaces else access.namespace
    with Bar(console, environ) as bar:
        found = verify_many(
            access,
            namespace,
            selector,
            trial,
            begun=bar.begin,
            done=lambda one: bar.step(str(one.subject)),
        )
    print_verifications(found, console, namespace, output=args.output, headers=not args.no_headers)
    verdicts = {one.verdict for one in found.items}
    return NO if "no" in verdicts else UNKNOWN if "unknown" in verdicts else YES


def _trial(args: argparse.Namespace) -> Trial:
    from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verify import Trial  # noqa: PLC0415
    from ansible_collections.iamsa.eks.plugins.module_utils.model.simulation import check_question  # noqa: PLC0415

    from ..requests.limits import wait_seconds  # noqa: PLC0415

    return Trial(check_question(args.can, args.on), wait_seconds(args))
