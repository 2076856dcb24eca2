"""Checks which of gen3's flags are combined."""

from __future__ import annotations

from ..argv.parser import UsageError
from .words import JOBS, OVERRIDES

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from typing import Any


def asked_job(args: argparse.Namespace) -> str:
    """Return the job that argv requests. Raises UsageError for several jobs or an incomplete one."""
    given = [job for job in JOBS if getattr(args, job) is not None]
    if len(given) != 1:
        raise UsageError(f"{' and '.join(JOBS[job] for job in given)} cannot be combined", "use one of them")
    _check(given[0], args)
    return given[0]


def _check(job: str, args: argparse.Namespace) -> None:
    flag = JOBS[job]
    for useless, given in _without_use(job, args):
        if given:
            raise UsageError(
                f"{useless} cannot be combined with {flag}", f"remove it, or use -u instead of {flag}"
            )
    if job == "create" and len(args.policy) != 1:
        remedy = "add the other policies with -u" if args.policy else "add -p POLICY"
        raise UsageError(f"{flag} requires exactly one -p, got {len(args.policy)}", remedy)
    if job == "update" and not args.policy:
        raise UsageError(f"{flag} requires a policy", "add -p POLICY")
    if job == "update" and args.action is None:
        raise UsageError(f"{flag} requires an action", "add -a a to add the policy, or -a d to delete it")


def _without_use(job: str, args: argparse.Namespace) -> Iterator[tuple[str, Any]]:
    """Return the flags that the job does not use, with their values: it is an error to give them."""
    if job != "update":
        yield "-a", args.action
    if job == "list":
        yield "-p", args.policy
        for key in OVERRIDES:
            yield "--" + key.replace("_", "-"), getattr(args, key)
