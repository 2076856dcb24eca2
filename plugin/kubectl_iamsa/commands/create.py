"""`kubectl iamsa create`: give a ServiceAccount its role."""

from __future__ import annotations

from ..options import add_connection_options, add_output_options
from ..parser import Parser, SwitchAction

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from ..console import Console

SUMMARY = "create or repair the IAM role of a ServiceAccount"
DESCRIPTION = """\
Give a Kubernetes ServiceAccount an IAM role of its own.

Creates the role with the policies, lets only this ServiceAccount assume it, and
annotates the ServiceAccount, which is created too if it is not there. Run again,
it repairs what has drifted and changes nothing else."""
EXAMPLES = """\
Examples:
  # A role with one of AWS's policies for the ServiceAccount my-sa in namespace web
  kubectl iamsa create my-sa -p AmazonS3ReadOnlyAccess -n web

  # Look first: the steps and the documents, nothing written
  kubectl iamsa create my-sa -p AmazonS3ReadOnlyAccess -n web --dry-run --diff

  # A policy of your own from a file, and a permissions boundary
  kubectl iamsa create my-sa -p ./reader.json -n web \\
    --permissions-boundary arn:aws:iam::123456789012:policy/boundary
"""


def add_parser(verbs: argparse._SubParsersAction[Parser]) -> None:
    parser = verbs.add_parser(
        "create",
        help=SUMMARY,
        description=DESCRIPTION,
        epilog=EXAMPLES,
        usage="kubectl iamsa create NAME -p POLICY [-p POLICY ...] [options]",
    )
    parser.add_argument_group("Arguments").add_argument("name", metavar="NAME", help="the ServiceAccount")
    _add_role_options(parser)
    _add_service_account_options(parser)
    _add_consent_options(parser)
    add_output_options(parser)
    add_connection_options(parser)
    parser.set_defaults(command=run)


def _add_role_options(parser: Parser) -> None:
    group = parser.add_argument_group("Role")
    group.add_argument(
        "-p",
        "--policy",
        action="append",
        required=True,
        metavar="POLICY",
        help="ARN or name of a managed policy, or a file with a policy document: file://…, a path with a /,"
        " or a name that ends in .json (repeats)",
    )
    group.add_argument("--role-name", metavar="NAME", help="name of the role (default: derived)")
    group.add_argument(
        "--role-name-style",
        choices=("derived", "gen3"),
        default="derived",
        metavar="derived|gen3",
        help="how a role without --role-name is named; gen3: CLUSTER-NAME-role, path / (default: derived)",
    )
    group.add_argument("--path", metavar="PATH", help="path of a new role (default: /iamsa/)")
    group.add_argument("--permissions-boundary", metavar="ARN", help="managed policy that bounds the role")
    group.add_argument(
        "--tag", action="append", default=[], metavar="KEY=VALUE", help="tag of the role (repeats)"
    )
    group.add_argument("--description", metavar="TEXT", help="description of the role")
    group.add_argument(
        "--max-session-duration", metavar="TIME", help="session length, 1h to 12h or in seconds (default: 1h)"
    )
    group.add_argument(
        "--audience",
        default="sts.amazonaws.com",
        metavar="TEXT",
        help="audience of the tokens (default: sts.amazonaws.com)",
    )


def _add_service_account_options(parser: Parser) -> None:
    group = parser.add_argument_group("ServiceAccount")
    group.add_argument(
        "--create-namespace", action=SwitchAction, help="create the namespace if it is missing"
    )
    group.add_argument(
        "--sts-regional-endpoints",
        nargs="?",
        const="true",
        choices=("true", "false"),
        metavar="true|false",
        help="whether pods use the region's STS endpoint (alone: true)",
    )
    group.add_argument("--token-expiration", metavar="TIME", help="lifetime of the pods' tokens, 10m to 24h")
    group.add_argument(
        "--field-manager",
        default="kubectl-iamsa",
        metavar="NAME",
        help="name under which annotations are written (default: kubectl-iamsa)",
    )


def _add_consent_options(parser: Parser) -> None:
    group = parser.add_argument_group("What may be changed besides")
    for flag, words in (
        ("--create-oidc-provider", "create the cluster's OIDC provider, or add the audience to it"),
        ("--adopt", "take over a role that is not this ServiceAccount's; its other trust and policies stay"),
        ("--replace-trust", "remove foreign statements from the role's trust policy"),
        ("--rebind", "bind a role of an earlier cluster of the same name to the cluster of today"),
        ("--force-conflicts", "overwrite annotations that somebody else set"),
        ("--purge", "remove every policy from the role that is not given with -p"),
    ):
        group.add_argument(flag, action=SwitchAction, help=words)


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> None:
    """Raises IamsaError, whose sentence the caller prints."""
    from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline  # noqa: PLC0415
    from ansible_collections.iamsa.eks.plugins.module_utils.ensure import ensure  # noqa: PLC0415
    from ansible_collections.iamsa.eks.plugins.module_utils.where import locate  # noqa: PLC0415

    from .. import inputs, libraries  # noqa: PLC0415
    from ..render.progress import Progress  # noqa: PLC0415
    from ..render.result import print_result  # noqa: PLC0415

    libraries.silence()
    where = inputs.where(args)
    seconds = inputs.deadline_seconds(args)
    request = inputs.request(args)
    access = locate(where, environ, Deadline(seconds))
    desired = request.in_namespace(access.namespace)
    with Progress(console, output=args.output, dry_run=args.dry_run, diff=args.diff) as progress:
        outcome = ensure(desired, access, progress, dry_run=args.dry_run)
    print_result(outcome, console, output=args.output, dry_run=args.dry_run)
