"""`kubectl iamsa update`: change just what is named of a role that is there."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ..requests.service_account import update_request
from ..terminal.console import Console
from .reconcile import ensure_and_print


def run(args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> None:
    """Raises IamsaError, whose sentence the caller prints."""
    ensure_and_print(update_request, args, console, environ)
