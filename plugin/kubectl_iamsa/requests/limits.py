"""For how long a run may work and wait, as argv says it."""

from __future__ import annotations

import argparse

from ansible_collections.iamsa.eks.plugins.module_utils.model import values

from .optional_values import seconds

WAIT_SECONDS = (1, 3600)


def deadline_seconds(args: argparse.Namespace) -> int:
    return values.parse_duration(args.timeout, "--timeout", *WAIT_SECONDS)


def wait_seconds(args: argparse.Namespace) -> int:
    """How long to wait for a role to become assumable; 0 where it is not asked for."""
    return seconds(args.wait, "--wait", WAIT_SECONDS) or 0
