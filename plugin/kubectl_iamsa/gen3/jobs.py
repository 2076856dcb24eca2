"""Runs -c, -u and -l as create, update and list, with the output of gen3's script."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.access import Access
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.aws_session import from_file
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.locate import locate
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.reconcile import ensure
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.role_policies import role_policies
from ansible_collections.iamsa.eks.plugins.module_utils.model import names
from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import Outcome
from ansible_collections.iamsa.eks.plugins.module_utils.plan.gen3_owner import refuse_another_ones
from ansible_collections.iamsa.eks.plugins.module_utils.request.check import CheckedRequest, check
from ansible_collections.iamsa.eks.plugins.module_utils.request.request import Request

from ..render.outcome import print_notices
from ..render.progress import Progress
from ..requests.field_names import named
from ..requests.target import deadline_seconds, where_of
from ..terminal import library_logs
from ..terminal.console import Console
from .contradictions import asked_job
from .words import ACTIONS, OVERRIDES

NAMESPACE = "KUBECTL_NAMESPACE"


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> None:
    """Run the job of argv. Raises IamsaError, which the caller prints."""
    {"create": create, "update": update, "list": show}[asked_job(args)](args, console, environ)


def create(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> None:
    """Print only the role's name, so that `role=$(kubectl iamsa -c …)` works."""
    asked = _asked(args.create, args, policies=_files_first(args.policy))
    outcome = _ensure(asked, args, console, environ)
    console.result(outcome.role.name)


def update(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> None:
    """Print nothing on stdout."""
    field = "policies" if ACTIONS[args.action] == "add" else "policies_absent"
    asked = _asked(args.update, args, create_role=False, **{field: _files_first(args.policy)})
    _ensure(asked, args, console, environ)


def show(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> None:
    """Print the names of the managed policies, then of the inline policies, one per line."""
    asked = _asked(args.list, args)
    access = _access(args, environ, console)
    desired = asked.desired(access.namespace)
    found = role_policies(desired, access, service_account_required=False)
    if not args.role_name:
        refuse_another_ones(found.role, found.cluster, desired.subject, found.kind)
    for name in (*(policy.name for policy in found.managed), *found.inline):
        console.result(name)


def _ensure(
    asked: CheckedRequest, args: argparse.Namespace, console: Console, environ: Mapping[str, str]
) -> Outcome:
    access = _access(args, environ, console)
    # Steps go to stderr, like gen3's log: stdout has only the result.
    log = Console(console.stderr, console.stderr)
    with Progress(log, output="text", dry_run="none", diff=False) as progress:
        outcome = ensure(asked.desired(access.namespace), access, progress)
    print_notices(outcome, console, dry_run="none")
    return outcome


def _access(args: argparse.Namespace, environ: Mapping[str, str], console: Console) -> Access:
    library_logs.silence()
    if environ.get(NAMESPACE) and "namespace" not in args:
        args.namespace = from_file(environ[NAMESPACE], names.check_namespace, NAMESPACE)
    access = locate(where_of(args, environ), environ, Deadline(deadline_seconds(args)))
    for notice in access.notices:
        console.notice("note: " + notice)
    access.log_in()
    return access


def _asked(name: str, args: argparse.Namespace, **others: Any) -> CheckedRequest:
    """Return the request. The form has no flag for the audience, so the audience is not changed."""
    overrides = {flag: getattr(args, flag) for flag in OVERRIDES}
    request = Request(name, role_name=args.role_name, role_name_style="gen3", **overrides, **others)
    return check(request, named)


def _files_first(values: list[str]) -> list[str]:
    """Return the policies with existing files as paths: gen3 prefers a file to a policy of the same name."""
    return [
        os.path.join(os.curdir, value) if os.path.isfile(value) and os.sep not in value else value
        for value in values
    ]
