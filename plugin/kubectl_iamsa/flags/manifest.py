"""Flags that name manifests, for the commands that read them."""

from __future__ import annotations

from ..argv.parser import SwitchAction, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from ..argv.parser import Parser


def add_manifest_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "-f",
        "--filename",
        action="append",
        default=[],
        metavar="FILE",
        help="manifest, or folder of manifests (*.yaml, *.yml, *.json); - reads stdin (can be repeated)",
    )
    group.add_argument(
        "-k", "--kustomize", metavar="DIR", help="read the manifests that `kubectl kustomize DIR` prints"
    )
    group.add_argument("-R", "--recursive", action=SwitchAction, help="also read the subfolders of -f FOLDER")
    group.add_argument(
        "--allow-outside",
        action=SwitchAction,
        help="allow manifests to name policy files outside of their own folder",
    )
    group.add_argument(
        "--expect-cluster",
        metavar="NAME",
        help="do nothing unless the cluster has this name or ARN, as with metadata.cluster of a manifest",
    )


def add_manifest_group(parser: Parser) -> None:
    """Add the options of a command that reads manifests instead of a NAME."""
    add_manifest_options(parser.add_argument_group("Manifests"))


def reads_manifests(args: argparse.Namespace) -> bool:
    """Return whether argv names manifests."""
    return bool(args.filename) or args.kustomize is not None


def check_name_or_manifests(args: argparse.Namespace, needs: str = "a NAME") -> None:
    """Raise UsageError unless argv has what a NAME needs, or manifests; set the time limit for a NAME.

    `needs` describes what is needed, for the message.
    """
    see_help = f'see "kubectl iamsa {args.verb} --help"'
    if reads_manifests(args):
        refuse_wrong_sources(args)
        for what, given in (
            ("a NAME", args.name),
            ("-p", getattr(args, "policy", None)),
            ("--role-name", getattr(args, "role_name", None)),
        ):
            if given:
                raise UsageError(
                    f"{'-f' if args.filename else '-k'} cannot be combined with {what}", see_help
                )
        return
    for flag in ("recursive", "allow_outside", "expect_cluster"):
        if getattr(args, flag) not in (None, False):
            raise UsageError(f"--{flag.replace('_', '-')} requires -f or -k", see_help)
    missing = [
        what
        for what, given in (("a NAME", args.name), ("at least one --policy", getattr(args, "policy", None)))
        if not given and what in needs
    ]
    if missing:
        raise UsageError(f"{args.verb} requires {' and '.join(missing)}, or -f FILE", see_help)
    if args.timeout is None:
        args.timeout = "2m"


def refuse_wrong_sources(args: argparse.Namespace) -> None:
    """Raise UsageError unless argv names manifests in one way, as kubectl does."""
    see_help = f'see "kubectl iamsa {args.verb} --help"'
    if not args.filename and args.kustomize is None:
        raise UsageError("no manifest is given", "add -f FILE or -k DIR")
    if args.filename and args.kustomize is not None:
        raise UsageError("-f cannot be combined with -k", see_help)
    if args.kustomize is not None and args.recursive:
        raise UsageError("-k cannot be combined with -R", see_help)
