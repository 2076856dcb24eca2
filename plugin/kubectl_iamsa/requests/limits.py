"""For how long a run may work and wait, as argv says it."""

from __future__ import annotations

import argparse

from ansible_collections.iamsa.eks.plugins.module_utils.request import durations

from .field_names import named


def deadline_seconds(args: argparse.Namespace) -> int:
    return durations.run_seconds(args.timeout, named("timeout"))


def wait_seconds(args: argparse.Namespace) -> int:
    """How long to wait for a role to become assumable; 0 where it is not asked for."""
    return durations.wait_seconds(args.wait, named("wait"))
