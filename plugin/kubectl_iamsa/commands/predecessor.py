"""The form of `gen3 iam-serviceaccount`: `kubectl iamsa -c NAME -p …`, `-u NAME -p … -a a|d`, `-l NAME`."""

from __future__ import annotations

from ..argv.parser import Parser, SwitchAction, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from ..terminal.console import Console

VERB = "iam-serviceaccount"
JOBS = {"create": "-c", "update": "-u", "list": "-l"}
_OWN = {*JOBS.values(), *(f"--{job}" for job in JOBS)}
OVERRIDES = (
    *("adopt", "replace_trust", "rebind", "force_conflicts"),
    *("create_oidc_provider", "create_namespace"),
)
# The usage text says u for update where the script wants a for adding: both are taken.
ACTIONS = {"a": "add", "add": "add", "u": "add", "update": "add", "d": "delete", "delete": "delete"}
SUMMARY = "The flags -c, -u and -l of gen3 iam-serviceaccount work too: see kubectl iamsa -l NAME --help."
USAGE = "kubectl iamsa -c NAME -p POLICY | -u NAME -p POLICY -a a|d | -l NAME [options]"
DESCRIPTION = """\
The form of gen3 iam-serviceaccount. It works on the role CLUSTER-NAME-role.

-c creates the role and prints its name alone; -u adds or deletes a policy and
prints nothing; -l prints the names of managed, then of inline policies. A role
that gen3 made is changed only with --adopt, once."""


def is_meant(argv: Sequence[str]) -> bool:
    """Whether argv has one of the form's flags, and no verb before it."""
    flags: Mapping[str, argparse.Action] = {}
    words = list(reversed(argv))
    while words and words[-1].startswith("-") and words[-1] != "--":
        word = words.pop()
        if word.partition("=")[0] in _OWN or word[:2] in JOBS.values():
            return True
        # Only now: the form's parser is not needed where a verb comes first.
        flags = flags or build_parser("").verbs()[VERB].flags()
        takes_value = word in flags and not isinstance(flags[word], SwitchAction)
        if takes_value and words and words[-1].partition("=")[0] not in flags:
            words.pop()
    return False


def build_parser(prog: str) -> Parser:
    """A parser whose one verb, which nobody types, has the form's flags."""
    from argparse import SUPPRESS  # noqa: PLC0415

    from ..flags.connection import add_connection_options  # noqa: PLC0415
    from ..flags.output import add_timeout_option  # noqa: PLC0415
    from ..flags.role import add_override_options  # noqa: PLC0415

    top = Parser(prog=prog)
    verbs = top.add_subparsers(dest="verb", parser_class=Parser)
    parser = verbs.add_parser(VERB, prog=f"{prog} -l NAME", usage=USAGE, description=DESCRIPTION)
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
    group.add_argument(
        "--role-name",
        metavar="NAME",
        help="name of the role (default: the annotation's, else CLUSTER-NAME-role)",
    )
    group.add_argument(
        "--namepace", dest="namespace", default=SUPPRESS, metavar="NAME", help="the same as --namespace"
    )
    add_timeout_option(group)
    add_override_options(parser, update=True)
    parser.add_argument_group("Namespace").add_argument(
        "--create-namespace", action=SwitchAction, help="create the namespace if it is missing"
    )
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
        raise UsageError(
            f"{' and '.join(JOBS[job] for job in given)} contradict each other", "give one of them"
        )
    return given[0]


def _check(job: str, args: argparse.Namespace) -> None:
    flag = JOBS[job]
    for useless, given in _without_use(job, args):
        if given:
            raise UsageError(
                f"{useless} has no use with {flag}", f"leave it out, or give -u instead of {flag}"
            )
    if job == "create" and len(args.policy) != 1:
        remedy = "add further ones with -u" if args.policy else "give the policy with -p"
        raise UsageError(f"{flag} needs exactly one -p and has {len(args.policy)}", remedy)
    if job == "update" and not args.policy:
        raise UsageError(f"{flag} needs a policy", "give it with -p")
    if job == "update" and args.action is None:
        raise UsageError(
            f"{flag} needs to know what to do with the policy", "give -a a to add, -a d to delete it"
        )


def _without_use(job: str, args: argparse.Namespace) -> Iterator[tuple[str, Any]]:
    """What a job has no use for: it is better refused than taken for something else."""
    if job != "update":
        yield "-a", args.action
    if job == "list":
        yield "-p", args.policy
        for key in OVERRIDES:
            yield "--" + key.replace("_", "-"), getattr(args, key)


def parsable(argv: Iterable[str]) -> list[str]:
    """argv for the parser that build_parser makes."""
    return [VERB, *argv]
