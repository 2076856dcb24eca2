"""`kubectl iamsa version`: iamsa, what it stands on, and the cluster."""

from __future__ import annotations

from ..argv.parser import SwitchAction
from ..flags.connection import add_connection_options
from ..flags.output import add_output_option, add_timeout_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError

    from ..argv.parser import Parser
    from ..terminal.console import Console

OUTPUTS = ("text", "json", "yaml")
USAGE = "kubectl iamsa version [options]"
DESCRIPTION = """\
Show the versions of iamsa, of Python and the libraries that it runs on, and of the
cluster's API server. Where that does not answer, all else is shown and the exit
code is 1, as of kubectl version."""
EXAMPLES = """\
  # For a bug report
  kubectl iamsa version

  # Without asking the cluster
  kubectl iamsa version --client -o json
"""


def add_options(parser: Parser) -> None:
    group = parser.add_argument_group("What is shown")
    group.add_argument("--client", action=SwitchAction, help="leave the cluster out")
    add_output_option(group, OUTPUTS)
    add_timeout_option(group, "10s")
    add_connection_options(parser)
    parser.set_defaults(command=run)


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    """The exit code; where the cluster does not answer, its error is told after the rest."""
    from ..version import versions  # noqa: PLC0415

    found = versions()
    cluster: dict[str, str] = {}
    error: IamsaError | None = None
    if not args.client:
        cluster, error = _cluster(args, environ, console)
    if args.output == "text":
        console.result(_text(found, cluster))
    else:
        from ansible_collections.iamsa.eks.plugins.module_utils.documents.parts import API_VERSION  # noqa: PLC0415

        from ..render.document import print_document  # noqa: PLC0415

        document = {"apiVersion": API_VERSION, "kind": "Version", **found}
        print_document({**document, "cluster": cluster} if cluster else document, console, output=args.output)
    if error:
        console.error(error.sentence)
    return 1 if error else 0


def _text(found: Mapping[str, str], cluster: Mapping[str, str]) -> str:
    rows = {**found, **({"cluster": " ".join(filter(None, cluster.values()))} if cluster else {})}
    wide = max(map(len, rows))
    return "\n".join(f"{name:{wide}}  {value}" for name, value in rows.items())


def _cluster(
    args: argparse.Namespace, environ: Mapping[str, str], console: Console
) -> tuple[dict[str, str], IamsaError | None]:
    """What is told of the cluster, and what kept it from telling more."""
    from ansible_collections.iamsa.eks.plugins.module_utils.concurrency import bounded  # noqa: PLC0415
    from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError  # noqa: PLC0415

    from ..jobs import opened  # noqa: PLC0415

    told: dict[str, str] = {}
    try:
        _, access = opened(lambda _: None, args, environ, console)
        told["name"] = access.cluster_name
        kubernetes = access.kubernetes or access.reach(access.eks.describe(access.cluster_name))
        told["kubernetes"] = bounded("asking for the version", kubernetes.version, access.deadline)
    except IamsaError as error:
        return told, error
    return told, None
