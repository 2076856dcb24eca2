"""`kubectl iamsa doctor`: why pods do not get their role, and the command that fixes it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import is_well
from ansible_collections.iamsa.eks.plugins.module_utils.jobs import doctor
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.doctor import Diagnosis
from ansible_collections.iamsa.eks.plugins.module_utils.model.names import check_workload

from ..render.diagnosis import print_diagnoses
from ..requests.service_account import reading_request
from ..requests.target import where_options
from ..requests.workload import asked_about
from ..terminal.console import Console
from .access import opened

FAILS = 1


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    """Run the command, and return the exit code. Raises IamsaError, which the caller prints."""
    kind, args.name = asked_about(args)
    found = _diagnoses(kind, args, environ, console)
    print_diagnoses(found, console, output=args.output, verbose=args.verbose, is_list=args.name is None)
    return 0 if all(is_well(diagnosis.results) for diagnosis in found) else FAILS


def _diagnoses(
    kind: str, args: argparse.Namespace, environ: Mapping[str, str], console: Console
) -> tuple[Diagnosis, ...]:
    where = where_options(args)
    if args.name is None:
        _, access = opened(lambda _: None, args, environ, console)
        return doctor.examine_all(None if args.all_namespaces else access.namespace, access, where)
    if kind:
        name, access = opened(lambda one: check_workload(one.name, kind.lower()), args, environ, console)
        return (doctor.examine_workload(kind, name, access, where),)
    asked, access = opened(reading_request, args, environ, console)
    return (doctor.examine_service_account(asked.desired(access.namespace), access, where),)
