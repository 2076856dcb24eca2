"""`kubectl iamsa verify`: check that pods of a ServiceAccount can assume their role."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.verify import verify, verify_each, verify_many
from ansible_collections.iamsa.eks.plugins.module_utils.model import names
from ansible_collections.iamsa.eks.plugins.module_utils.model.values import check_text
from ansible_collections.iamsa.eks.plugins.module_utils.model.verification import Verifications
from ansible_collections.iamsa.eks.plugins.module_utils.observe.token_exchange import Trial
from ansible_collections.iamsa.eks.plugins.module_utils.request.question import check_question

from ..commands.verify import UNKNOWN
from ..flags.manifest import reads_manifests
from ..render.bar import Bar
from ..render.verification import print_verification, print_verifications
from ..requests.field_names import named
from ..requests.target import wait_seconds, where_options
from ..terminal.console import Console
from .access import opened

YES, NO = 0, 1


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    """Run the command, and return the exit code. Raises IamsaError, which the caller prints."""
    if reads_manifests(args):
        return _each(args, console, environ)
    return _one(args, console, environ) if args.name is not None else _many(args, console, environ)


def _one(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    (name, trial), access = opened(
        lambda given: (names.check_service_account(given.name), _trial(given)),
        args,
        environ,
        console,
    )
    found = verify(Subject(access.namespace, name), access, trial)
    print_verification(found, console, where_options(args), output=args.output, headers=not args.no_headers)
    return {"yes": YES, "no": NO, "unknown": UNKNOWN}[found.verdict]


def _many(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    def read(given: argparse.Namespace) -> tuple[str, Trial]:
        return check_text(
            given.selector, named("selector"), 4096
        ) if given.selector is not None else "", _trial(given)

    (selector, trial), access = opened(read, args, environ, console)
    namespace = None if args.all_namespaces else access.namespace
    with Bar(console, environ) as bar:
        found = verify_many(
            access,
            namespace,
            selector,
            trial,
            begun=bar.begin,
            done=lambda one: bar.step(str(one.subject)),
        )
    print_verifications(found, console, namespace, output=args.output, headers=not args.no_headers)
    return _code(found)


def _each(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    """Verify the ServiceAccounts of manifests."""
    from .manifests import opened_for  # noqa: PLC0415

    trial = _trial(args)
    manifests, access, cluster = opened_for(args, console, environ)
    bindings = [item.asked.desired(access.namespace).bindings[0] for item in manifests.items]
    with Bar(console, environ) as bar:
        bar.begin(len(bindings))
        found = verify_each(bindings, cluster, access, trial, done=lambda one: bar.step(str(one.subject)))
    print_verifications(found, console, None, output=args.output, headers=not args.no_headers)
    return _code(found)


def _code(found: Verifications) -> int:
    verdicts = {one.verdict for one in found.items}
    return NO if "no" in verdicts else UNKNOWN if "unknown" in verdicts else YES


def _trial(args: argparse.Namespace) -> Trial:
    return Trial(check_question(args.can, args.on), wait_seconds(args))
