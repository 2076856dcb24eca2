"""Flags that define a role and its ServiceAccount, for create and diff, and for update."""

from __future__ import annotations

from ..argv.parser import Parser, SwitchAction
from .object_name import ServiceAccountName

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

_POLICY = (
    "name or ARN of a managed policy, or a file with a policy document: file://…, a path with a /,"
    " *.json or *.yaml (can be repeated)"
)


def add_desired_options(parser: Parser, *, update: bool = False, optional: bool = False) -> None:
    """Add all options for the desired state, and the overrides. `optional`: NAME and -p are."""
    add_name_argument(parser, optional=optional)
    group = parser.add_argument_group("Options")
    add_role_options(group, update=update, optional=optional)
    add_service_account_options(group, update=update)
    add_override_options(parser, update=update)


def add_name_argument(parser: Parser, *, optional: bool = False) -> None:
    """Add the name of the ServiceAccount."""
    parser.add_argument_group("Arguments").add_argument(
        "name",
        action=ServiceAccountName,
        nargs="?" if optional else None,
        metavar="NAME",
        help="name of the ServiceAccount, or NAMESPACE/NAME",
    )


def add_default_options(group: argparse._ArgumentGroup) -> None:
    """Add the options that are defaults for the ServiceAccounts of manifests."""
    _add_role_settings(group)
    add_service_account_options(group)


def add_role_options(group: argparse._ArgumentGroup, *, update: bool = False, optional: bool = False) -> None:
    """Add the options of the role. For an update they have no defaults: unset options change nothing."""
    group.add_argument(
        "-p",
        "--policy",
        action="append",
        default=[],
        required=not update and not optional,
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
            help="add or delete the given policies; an inline policy is deleted by its file or its name"
            " (default: add)",
        )
    add_role_name_options(group)
    _add_role_settings(group, update=update)


def _add_role_settings(group: argparse._ArgumentGroup, *, update: bool = False) -> None:
    group.add_argument(
        "--path",
        metavar="PATH",
        help="path that the role must have; a role cannot be moved"
        if update
        else "path of a new role (default: /iamsa/)",
    )
    group.add_argument("--permissions-boundary", metavar="ARN", help="permissions boundary of the role")
    if update:
        group.add_argument(
            "--remove-permissions-boundary", action=SwitchAction, help="remove the permissions boundary"
        )
    group.add_argument(
        "--tag", action="append", default=[], metavar="KEY=VALUE", help="tag of the role (can be repeated)"
    )
    if update:
        group.add_argument(
            "--remove-tag",
            action="append",
            default=[],
            metavar="KEY",
            help="key of a tag to remove (can be repeated)",
        )
        group.add_argument(
            "--purge-tags",
            action=SwitchAction,
            help="remove all tags that are not given with --tag, except those of AWS and iamsa",
        )
    group.add_argument("--description", metavar="TEXT", help="description of the role")
    group.add_argument(
        "--max-session-duration",
        metavar="TIME",
        help="session duration, 1h to 12h" + ("" if update else " (default: 1h)"),
    )
    group.add_argument(
        "--audience",
        default=None if update else "sts.amazonaws.com",
        metavar="TEXT",
        help="audience of tokens" + ("" if update else " (default: sts.amazonaws.com)"),
    )


def add_role_name_options(group: argparse._ArgumentGroup) -> None:
    """Add the options for the name of the role."""
    group.add_argument(
        "--role-name", metavar="NAME", help="name of the role (default: from the annotation, else derived)"
    )
    group.add_argument(
        "--role-name-style",
        choices=("derived", "gen3"),
        default="derived",
        metavar="derived|gen3",
        help="how to name a role without --role-name; gen3: CLUSTER-NAME-role, path / (default: derived)",
    )


def add_service_account_options(group: argparse._ArgumentGroup, *, update: bool = False) -> None:
    """Add the options of the ServiceAccount."""
    if not update:
        group.add_argument(
            "--create-namespace", action=SwitchAction, help="create the namespace if it does not exist"
        )
    group.add_argument(
        "--sts-regional-endpoints",
        nargs="?",
        const="true",
        choices=("true", "false"),
        metavar="true|false",
        help="use regional STS endpoints (without a value: true)",
    )
    group.add_argument(
        "--token-expiration", metavar="TIME", help="lifetime of the tokens of pods, 10m to 24h"
    )
    add_field_manager_option(group)


def add_field_manager_option(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--field-manager",
        default="kubectl-iamsa",
        metavar="NAME",
        help="field manager to use (default: kubectl-iamsa)",
    )


def add_override_options(
    parser: Parser, *, update: bool = False, manifests: bool = False
) -> argparse._ArgumentGroup:
    """Add the overrides, which allow the command to change more, and return their group."""
    group = parser.add_argument_group("Overrides")
    for flag, words in (
        ("--create-oidc-provider", "create the OIDC provider or add the audience"),
        (
            "--adopt",
            "adopt a role that is not this ServiceAccount's; its other trust statements and policies stay",
        ),
        (
            "--replace-trust",
            "remove trust statements that iamsa did not add, and extra conditions on its own",
        ),
        ("--rebind", "reuse a role left by a deleted cluster with the same name"),
        (
            "--force-conflicts",
            "overwrite annotations of other field managers, and an inline policy with the file's name",
        ),
        (
            "--purge",
            "remove all policies that are not in the manifests"
            if manifests
            else "remove all policies that are not given with -p",
        ),
    ):
        if not (update and flag == "--purge"):
            group.add_argument(flag, action=SwitchAction, help=words)
    return group
