"""`kubectl iamsa version`: the versions of iamsa, its libraries and the cluster."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ansible_collections.iamsa.eks.plugins.module_utils.concurrency import bounded
from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError
from ansible_collections.iamsa.eks.plugins.module_utils.schema.kinds import API_VERSION, VERSION_KIND

from ..render.document import print_document
from ..terminal.console import Console
from ..version import versions


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    """Print the versions, and return the exit code.

    If the cluster does not answer, the error is printed after the other versions.
    """
    found = versions()
    cluster: dict[str, str] = {}
    error: IamsaError | None = None
    if not args.client:
        cluster, error = _cluster(args, environ, console)
    if args.output == "text":
        console.result(_text(found, cluster))
    else:
        document = {"apiVersion": API_VERSION, "kind": VERSION_KIND, **found}
        print_document({**document, "cluster": cluster} if cluster else document, console, output=args.output)
    if error:
        console.error(error.problem, error.remedy)
    return 1 if error else 0


def _text(found: Mapping[str, str], cluster: Mapping[str, str]) -> str:
    rows = {**found, **({"cluster": " ".join(filter(None, cluster.values()))} if cluster else {})}
    wide = max(map(len, rows))
    return "\n".join(f"{name:{wide}}  {value}" for name, value in rows.items())


def _cluster(
    args: argparse.Namespace, environ: Mapping[str, str], console: Console
) -> tuple[dict[str, str], IamsaError | None]:
    """Return the versions of the cluster, and the error if some could not be read."""
    # Slow to import, and not needed with --client.
    from .access import opened  # noqa: PLC0415

    known: dict[str, str] = {}
    try:
        _, access = opened(lambda _: None, args, environ, console)
        known["name"] = access.source.name
        kubernetes = access.kubernetes or access.source.connect(access.source.describe())
        known["kubernetes"] = bounded("asking for the version", kubernetes.version, access.deadline)
    except IamsaError as error:
        return known, error
    return known, None
