"""Flags that name manifests, for the commands that read them."""

from __future__ import annotations

from ..argv.parser import SwitchAction, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


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


def refuse_wrong_sources(args: argparse.Namespace) -> None:
    """Raise UsageError unless argv names manifests in one way, as kubectl does."""
    see_help = f'see "kubectl iamsa {args.verb} --help"'
    if not args.filename and args.kustomize is None:
        raise UsageError("no manifest is given", "add -f FILE or -k DIR")
    if args.filename and args.kustomize is not None:
        raise UsageError("-f cannot be combined with -k", see_help)
    if args.kustomize is not None and args.recursive:
        raise UsageError("-k cannot be combined with -R", see_help)
