"""`kubectl iamsa doctor`: what keeps pods from their role, and the command that mends it."""

from __future__ import annotations

from ..argv.parser import SwitchAction, UsageError
from ..flags.connection import add_connection_options
from ..flags.output import add_reading_options
from ..requests.desired import reading_request
from ..requests.target import where_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from ansible_collections.iamsa.eks.plugins.module_utils.jobs.doctor import Diagnosis

    from ..argv.parser import Parser
    from ..terminal.console import Console

OUTPUTS = ("text", "json", "yaml")
FAILS, COULD_NOT_LOOK = 1, 3
USAGE = "kubectl iamsa doctor [NAME | KIND/NAME] [options]"
DESCRIPTION = """\
Look at everything between a pod and its role: the cluster's OIDC provider, the
webhook that tells pods their role, the ServiceAccount, the role, its trust policy
and policies, the pods, and Pod Identity. Nothing is changed.

With a NAME, of that ServiceAccount; with KIND/NAME, of a pod, deployment,
statefulset, daemonset or job; without, of all in the namespace that have a role.
What fails is explained, with the command that mends it where there is one. What
may not be read is skipped, and the other checks go on.

Exit codes: 0 well, 1 something fails, 3 could not look."""
EXAMPLES = """\
  # Why does my-sa not get its role?
  kubectl iamsa doctor my-sa -n web

  # Why does this deployment not?
  kubectl iamsa doctor deployment/shop -n web

  # The whole cluster, for a script
  kubectl iamsa doctor -A -o json | jq -r '.items[].checks[] | select(.verdict == "fail") | .what'
"""
# The words for what runs pods, and Kubernetes' names of it.
KINDS = {
    **dict.fromkeys(("pod", "pods", "po"), "Pod"),
    **dict.fromkeys(("deployment", "deployments", "deploy"), "Deployment"),
    **dict.fromkeys(("statefulset", "statefulsets", "sts"), "StatefulSet"),
    **dict.fromkeys(("daemonset", "daemonsets", "ds"), "DaemonSet"),
    **dict.fromkeys(("job", "jobs"), "Job"),
}
_GROUPS = {"Deployment": "apps", "StatefulSet": "apps", "DaemonSet": "apps", "Job": "batch"}
_ACCOUNTS = ("serviceaccount", "serviceaccounts", "sa")


def add_options(parser: Parser) -> None:
    parser.add_argument_group("Arguments").add_argument(
        "name", nargs="?", metavar="NAME", help="a ServiceAccount, or KIND/NAME of what runs under it"
    )
    group = parser.add_argument_group("What is looked at")
    group.add_argument(
        "-A", "--all-namespaces", action=SwitchAction, help="the ServiceAccounts of all namespaces"
    )
    group.add_argument(
        "--role-name", metavar="NAME", help="name of the role (default: the annotation's, else derived)"
    )
    group.add_argument("-v", "--verbose", action=SwitchAction, help="show all checks, also those that pass")
    add_reading_options(parser, OUTPUTS, verbose=False)
    add_connection_options(parser)
    parser.set_defaults(command=run, failure_code=COULD_NOT_LOOK)


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    """The exit code. Raises IamsaError, whose sentence the caller prints."""
    from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import is_well  # noqa: PLC0415

    from ..render.diagnosis import print_diagnoses  # noqa: PLC0415
    from ..terminal.console import takes_colours  # noqa: PLC0415

    kind, args.name = _told(args)
    found = _diagnoses(kind, args, environ, console)
    console.colours = takes_colours(console.stdout, environ)
    print_diagnoses(found, console, output=args.output, verbose=args.verbose, is_list=args.name is None)
    return 0 if all(is_well(diagnosis.results) for diagnosis in found) else FAILS


def _told(args: argparse.Namespace) -> tuple[str, str | None]:
    """The kind that is asked about, "" for a ServiceAccount, and its name; UsageError for what is none."""
    see_help = "see kubectl iamsa doctor --help"
    name: str | None = args.name
    if name is None:
        if args.role_name:
            raise UsageError("--role-name needs a NAME", see_help)
        return "", None
    if args.all_namespaces:
        raise UsageError("-A goes without a NAME", f"give -n NAMESPACE instead, or {see_help}")
    word, slash, rest = name.partition("/")
    if not slash or word.lower() in _ACCOUNTS:
        return "", rest if slash else name
    # With its group, as kubectl prints it: deployment.apps/shop.
    word, _dot, group = word.lower().partition(".")
    kind = KINDS.get(word)
    if kind is None or group.removeprefix("v1.") not in ("", _GROUPS.get(kind, "")):
        known = ", ".join(dict.fromkeys(one.lower() for one in KINDS.values()))
        raise UsageError(f"{name!r} is of no kind that runs pods", f"give serviceaccount, {known}")
    if args.role_name:
        raise UsageError("--role-name goes with a ServiceAccount", see_help)
    return kind, rest


def _diagnoses(
    kind: str, args: argparse.Namespace, environ: Mapping[str, str], console: Console
) -> tuple[Diagnosis, ...]:
    from ansible_collections.iamsa.eks.plugins.module_utils.jobs import doctor  # noqa: PLC0415
    from ansible_collections.iamsa.eks.plugins.module_utils.model.names import check_workload  # noqa: PLC0415

    from ..jobs import opened  # noqa: PLC0415

    where = where_words(args)
    if args.name is None:
        _, access = opened(lambda _: None, args, environ, console)
        return doctor.examine_all(None if args.all_namespaces else access.namespace, access, where)
    if kind:
        name, access = opened(lambda one: check_workload(one.name, kind.lower()), args, environ, console)
        return (doctor.examine_workload(kind, name, access, where),)
    request, access = opened(reading_request, args, environ, console)
    return (doctor.examine_account(request.in_namespace(access.namespace), access, where),)
