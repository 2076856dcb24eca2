"""`kubectl iamsa list`: the ServiceAccounts that have a role, or the policies of one role."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ansible_collections.iamsa.eks.plugins.module_utils.jobs.inventory import inventory

from ..render.inventory import print_inventory
from ..requests.service_account import reading_request
from ..terminal.console import Console
from .access import opened


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> None:
    """Run the command. Raises IamsaError, which the caller prints."""
    if args.name is None:
        _list_roles(args, console, environ)
    else:
        _list_policies(args, console, environ)


def _list_roles(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> None:
    _, access = opened(lambda _: None, args, environ, console)
    namespace = None if args.all_namespaces else access.namespace
    found = inventory(access, namespace)
    print_inventory(found, console, namespace, output=args.output, headers=not args.no_headers)


def _list_policies(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> None:
    from ansible_collections.iamsa.eks.plugins.module_utils.jobs.role_policies import role_policies  # noqa: PLC0415

    from ..render.role_policies import print_policies  # noqa: PLC0415

    asked, access = opened(reading_request, args, environ, console)
    desired = asked.desired(access.namespace)
    found = role_policies(desired, access)
    print_policies(found, desired.subject, console, output=args.output, headers=not args.no_headers)
