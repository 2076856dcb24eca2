"""What the form's flags may not say together."""

from __future__ import annotations

from ..argv.parser import UsageError
from .words import JOBS, OVERRIDES

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from typing import Any


def asked_job(args: argparse.Namespace) -> str:
    """The one job that argv asks for; UsageError where that contradicts itself, or says too little."""
    given = [job for job in JOBS if getattr(args, job) is not None]
    if len(given) != 1:
        raise UsageError(
            f"{' and '.join(JOBS[job] for job in given)} contradict each other", "give one of them"
        )
    _check(given[0], args)
    return given[0]


def _check(job: str, args: argparse.Namespace) -> None:
    flag = JOBS[job]
    for useless, given in _without_use(job, args):
        if given:
            raise UsageError(
                f"{useless} has no use with {flag}", f"leave it out, or give -u instead of {flag}"
            )
    if job == "create" and len(args.policy) != 1:
        remedy = "add further ones with -u" if args.policy else "give the policy with -p"
        raise UsageError(f"{flag} needs exactly one -p and has {len(args.policy)}", remedy)
    if job == "update" and not args.policy:
        raise UsageError(f"{flag} needs a policy", "give it with -p")
    if job == "update" and args.action is None:
        raise UsageError(
            f"{flag} needs to know what to do with the policy", "give -a a to add, -a d to delete it"
        )


def _without_use(job: str, args: argparse.Namespace) -> Iterator[tuple[str, Any]]:
    """What a job has no use for: it is better refused than taken for something else."""
    if job != "update":
        yield "-a", args.action
    if job == "list":
        yield "-p", args.policy
        for key in OVERRIDES:
            yield "--" + key.replace("_", "-"), getattr(args, key)
