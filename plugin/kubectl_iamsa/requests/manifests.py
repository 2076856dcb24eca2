"""Reads the manifests that argv names."""

from __future__ import annotations

import argparse
import csv
import shlex
import sys
from collections.abc import Iterator, Mapping

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidFile
from ansible_collections.iamsa.eks.plugins.module_utils.local.programs import TooMuchOutput, output_of
from ansible_collections.iamsa.eks.plugins.module_utils.manifest.files import decoded, read_sources
from ansible_collections.iamsa.eks.plugins.module_utils.manifest.item import Manifests
from ansible_collections.iamsa.eks.plugins.module_utils.manifest.reader import Source, read_manifests
from ansible_collections.iamsa.eks.plugins.module_utils.manifest.values import Defaults
from ansible_collections.iamsa.eks.plugins.module_utils.request.durations import WAIT_SECONDS

from .environment import new_role
from .field_names import named
from .service_account import default_request
from .target import deadline_seconds

SECONDS, SECONDS_FOR_EACH = 120, 2
_STDIN = "stdin"
_KUSTOMIZE_SECONDS = 120


def manifests_of(args: argparse.Namespace, environ: Mapping[str, str]) -> Manifests:
    """Return what the manifests contain, and set the default time limit of the run.

    Raises:
        InvalidValue: a flag has an invalid value.
        InvalidFile: a manifest cannot be read, is invalid, or all together contain nothing.
    """
    if args.timeout is not None:
        deadline_seconds(args)
    defaults = Defaults(default_request(args), named, new_role(environ))
    sources = [*_sources(args, environ)]
    found = read_manifests(sources, defaults, allow_outside=args.allow_outside)
    if not found.items:
        names = ", ".join(source.name for source in sources[:3]) + (" and others" if len(sources) > 3 else "")
        raise InvalidFile(
            f"no ServiceAccountRole found in {names}",
            remedy="check the path, and kind and apiVersion of the documents",
            resource=names,
        )
    if args.timeout is None:
        args.timeout = f"{min(SECONDS + SECONDS_FOR_EACH * len(found.items), WAIT_SECONDS[1])}s"
    return found


def _sources(args: argparse.Namespace, environ: Mapping[str, str]) -> Iterator[Source]:
    if args.kustomize is not None:
        yield _kustomized(args.kustomize, environ)
    # As in kubectl, a value can be a list with commas.
    for path in [path for value in args.filename for path in next(csv.reader([value]), [""])]:
        if path == "-":
            yield Source(_STDIN, decoded(sys.stdin.buffer.read(), _STDIN), "")
        else:
            yield from read_sources(path, named("filename"), recursive=args.recursive)


def _kustomized(folder: str, environ: Mapping[str, str]) -> Source:
    words = ["kubectl", "kustomize", folder]
    command = shlex.join(words)
    try:
        code, out, err = output_of(words, environ, command, Deadline(_KUSTOMIZE_SECONDS))
    except OSError as error:
        raise InvalidFile(
            f"{command} could not be run: {(error.strerror or 'unknown').lower()}",
            remedy="install kubectl, or use -f",
        ) from None
    except TooMuchOutput:
        raise InvalidFile(f"{command} printed too much", remedy="use -f instead") from None
    if code:
        words_of_it = err.decode(errors="replace").strip() or f"exit code {code}"
        raise InvalidFile(f"{command} failed: {words_of_it}", remedy="fix the kustomization")
    return Source(command, decoded(out, command), folder)
