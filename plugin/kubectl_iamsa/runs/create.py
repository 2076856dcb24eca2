"""`kubectl iamsa create`: give a ServiceAccount its role."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ..requests.service_account import create_request
from ..terminal.console import Console
from .reconcile import ensure_and_print


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> None:
    """Raises IamsaError, whose sentence the caller prints."""
    ensure_and_print(lambda given: create_request(given, environ), args, console, environ)
