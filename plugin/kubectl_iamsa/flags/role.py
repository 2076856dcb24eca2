"""Flags that say what a role and its ServiceAccount are to be: of create and diff, and of update."""

from __future__ import annotations

from ..argv.parser import Parser, SwitchAction

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

_POLICY = (
    "ARN or name of a managed policy, or a file with a policy document: file://…, a path with a /,"
    " or a name that ends in .json (repeats)"
)


def add_desired_options(parser: Parser, *, update: bool = False) -> None:
    """For which ServiceAccount, what is to be, and what may be changed besides."""
    parser.add_argument_group("Arguments").add_argument("name", metavar="NAME", help="the ServiceAccount")
    add_role_options(parser, update=update)
    add_service_account_options(parser, update=update)
    add_override_options(parser, update=update)


def add_role_options(parser: Parser, *, update: bool = False) -> None:
    """What the role is to be; of an update, nothing has a default: what is not given stays as it is."""
    group = parser.add_argument_group("Role")
    group.add_argument(
        "-p",
        "--policy",
        action="append",
        default=[],
        required=not update,
        metavar="POLICY",
        help=_POLICY,
    )
    if update:
        group.add_argument(
            "-a",
            "--action",
            choices=("add", "delete"),
            default="add",
            metavar="add|delete",
            help="what happens to these policies; a file or its name deletes an inline one (default: add)",
        )
    add_role_name_options(group)
    group.add_argument(
        "--path",
        metavar="PATH",
        help="path that the role lies under, to be sure of it; no role can be moved"
        if update
        else "path of a new role (default: /iamsa/)",
    )
    group.add_argument("--permissions-boundary", metavar="ARN", help="managed policy that bounds the role")
    if update:
        group.add_argument(
            "--remove-permissions-boundary", action=SwitchAction, help="remove the role's boundary"
        )
    group.add_argument(
        "--tag", action="append", default=[], metavar="KEY=VALUE", help="tag of the role (repeats)"
    )
    if update:
        group.add_argument(
            "--remove-tag", action="append", default=[], metavar="KEY", help="remove this tag (repeats)"
        )
    group.add_argument("--description", metavar="TEXT", help="description of the role")
    group.add_argument(
        "--max-session-duration",
        metavar="TIME",
        help="session length, 1h to 12h or in seconds" + ("" if update else " (default: 1h)"),
    )
    group.add_argument(
        "--audience",
        default=None if update else "sts.amazonaws.com",
        metavar="TEXT",
        help="audience of the tokens" + ("" if update else " (default: sts.amazonaws.com)"),
    )


def add_role_name_options(group: argparse._ArgumentGroup) -> None:
    """Which role is meant."""
    group.add_argument(
        "--role-name", metavar="NAME", help="name of the role (default: the annotation's, else derived)"
    )
    group.add_argument(
        "--role-name-style",
        choices=("derived", "gen3"),
        default="derived",
        metavar="derived|gen3",
        help="how a role without --role-name is named; gen3: CLUSTER-NAME-role, path / (default: derived)",
    )


def add_service_account_options(parser: Parser, *, update: bool = False) -> None:
    """What the ServiceAccount is to carry."""
    group = parser.add_argument_group("ServiceAccount")
    if not update:
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
    add_field_manager_option(group)


def add_field_manager_option(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--field-manager",
        default="kubectl-iamsa",
        metavar="NAME",
        help="name under which annotations are written (default: kubectl-iamsa)",
    )


def add_override_options(parser: Parser, *, update: bool = False) -> None:
    """What else the run may touch."""
    group = parser.add_argument_group("What may be changed besides")
    for flag, words in (
        ("--create-oidc-provider", "create the cluster's OIDC provider, or add the audience to it"),
        ("--adopt", "take over a role that is not this ServiceAccount's; its other trust and policies stay"),
        (
            "--replace-trust",
            "remove trust statements that iamsa did not add, and further conditions on its own",
        ),
        ("--rebind", "bind a role of an earlier cluster of the same name to the cluster of today"),
        (
            "--force-conflicts",
            "overwrite annotations that somebody else set, and an inline policy of the file's name",
        ),
        ("--purge", "remove every policy from the role that is not given with -p"),
    ):
        if not (update and flag == "--purge"):
            group.add_argument(flag, action=SwitchAction, help=words)
