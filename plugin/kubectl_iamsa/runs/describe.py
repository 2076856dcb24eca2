"""`kubectl iamsa describe`: the chain from a ServiceAccount to its permissions."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import problems
from ansible_collections.iamsa.eks.plugins.module_utils.jobs.describe import describe

from ..render.description import print_description
from ..requests.service_account import reading_request
from ..requests.target import where_options
from ..terminal.console import Console
from .access import opened, verbosity


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> None:
    """Run the command. Raises IamsaError, which the caller prints."""
    asked, access = opened(reading_request, args, environ, console)
    chain = describe(asked.desired(access.namespace), access)
    found = problems(chain, where_options(args))
    print_description(chain, found, console, output=args.output, verbose=verbosity(args) > 0)
