"""The form of `gen3 iam-serviceaccount`: `kubectl iamsa -c NAME -p …`, `-u NAME -p … -a a|d`, `-l NAME`."""

from __future__ import annotations

from ..options import add_connection_options, add_timeout_option
from ..parser import Parser, SwitchAction, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping, Sequence

    from ..console import Console

VERB = "iam-serviceaccount"
JOBS = {"create": "-c", "update": "-u", "list": "-l"}
# The usage text says u for update where the script wants a for adding: both are taken.
ACTIONS = {"a": "add", "add": "add", "u": "add", "update": "add", "d": "delete", "delete": "delete"}
SUMMARY = "The flags -c, -u and -l of gen3 iam-serviceaccount work too: see kubectl iamsa -l NAME --help."
USAGE = "kubectl iamsa -c NAME -p POLICY | -u NAME -p POLICY -a a|d | -l NAME [options]"
DESCRIPTION = """\
The form of gen3 iam-serviceaccount. It works on the role CLUSTER-NAME-role.

-c creates the role and prints its name alone; -u adds or deletes a policy and
prints nothing; -l prints the names of managed, then of inline policies. A role
that gen3 made is changed only with --adopt, once."""


def is_meant(top: Parser, argv: Sequence[str]) -> bool:
    """Whether argv has one of the form's flags, and no verb before it."""
    own = {flag for job, short in JOBS.items() for flag in (short, f"--{job}")}
    with_value = {flag for flag, action in top.flags().items() if not isinstance(action, SwitchAction)} | {
        "-p",
        "--policy",
        "-a",
        "--action",
        "--role-name",
        "--namepace",
    }
    words = iter(argv)
    for word in words:
        flag = word.partition("=")[0]
        if flag in own or (word[:2] in own and not word.startswith("--")):
            return True
        if not word.startswith("-") or word == "--":
            return False
        if word in with_value:
            next(words, None)
    return False


def build_parser(prog: str) -> Parser:
    """A parser whose one verb, which nobody types, has the form's flags."""
    top = Parser(prog=prog)
    verbs = top.add_subparsers(dest="verb", parser_class=Parser)
    parser = verbs.add_parser(VERB, prog=f"{prog} -c|-u|-l NAME", usage=USAGE, description=DESCRIPTION)
    group = parser.add_argument_group("What to do")
    for job, words in (
        ("create", "create a role for this ServiceAccount, with one policy"),
        ("update", "add policies to its role, or delete them"),
        ("list", "list the policies of its role"),
    ):
        group.add_argument(JOBS[job], f"--{job}", dest=job, metavar="NAME", help=words)
    group.add_argument(
        "-p", "--policy", action="append", default=[], metavar="POLICY", help="file, ARN or name of a policy"
    )
    group.add_argument(
        "-a", "--action", choices=tuple(ACTIONS), metavar="a|d", help="a adds the policy, d deletes it"
    )
    group.add_argument("--role-name", metavar="NAME", help="name of the role (default: CLUSTER-NAME-role)")
    group.add_argument("--adopt", action=SwitchAction, help="take over a role that iamsa did not make")
    group.add_argument("--namepace", dest="namespace", metavar="NAME", help="the same as --namespace")
    add_timeout_option(group)
    add_connection_options(parser)
    parser.set_defaults(command=run)
    return top


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> None:
    """Raises IamsaError, whose sentence the caller prints."""
    job = _job(args)
    _check(job, args)
    from ..predecessor_jobs import create, show, update  # noqa: PLC0415

    {"create": create, "update": update, "list": show}[job](args, console, environ)


def _job(args: argparse.Namespace) -> str:
    given = [job for job in JOBS if getattr(args, job) is not None]
    if len(given) != 1:
        raise _usage(f"{' and '.join(JOBS[job] for job in given)} contradict each other", "give one of them")
    return given[0]


def _check(job: str, args: argparse.Namespace) -> None:
    flag = JOBS[job]
    if job == "create" and len(args.policy) != 1:
        raise _usage(f"{flag} needs exactly one -p and has {len(args.policy)}", "add further ones with -u")
    if job == "update" and not args.policy:
        raise _usage(f"{flag} needs a policy", "give it with -p")
    if job == "update" and args.action is None:
        raise _usage(
            f"{flag} needs to know what to do with the policy", "give -a a to add, -a d to delete it"
        )


def _usage(problem: str, remedy: str) -> UsageError:
    return UsageError(problem, remedy)


def parsable(argv: Iterable[str]) -> list[str]:
    """argv for the parser that build_parser makes."""
    return [VERB, *argv]
