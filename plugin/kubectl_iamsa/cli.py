"""Runs argv and returns the exit code. Errors are printed only here.

Exit codes: 0 success; 2 usage error; 1 any other failure, or 3 for diff, doctor and verify; 130 interrupted
(128 plus the signal's number).
"""

from __future__ import annotations

import os
import sys

from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, InvalidValue

from .argv.parser import Parser, UsageError
from .argv.reader import parse
from .gen3 import argv as gen3
from .gen3.words import VERB as GEN3
from .terminal.console import Console
from .verb_tree import PROG, build_parser

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping, Sequence
    from typing import TextIO

OK, FAILED, REFUSED, SIGNALLED, SIGINT = 0, 1, 2, 128, 2


def run(
    argv: Sequence[str],
    environ: Mapping[str, str] = os.environ,
    stdout: TextIO | None = None,
    stderr: TextIO | None = None,
) -> int:
    """Run argv, and return the exit code."""
    console = Console(stdout or sys.stdout, stderr or sys.stderr)
    code, failed = _guarded(argv, console, environ)
    if not console.lost:
        return code
    if isinstance(console.lost, BrokenPipeError):
        # The reader closed the pipe. An answer in the exit code is still valid.
        return code or failed
    console.error(f"the output could not be written: {console.lost.strerror}", "run the same command again")
    return failed if code in (OK, FAILED) else code


def _guarded(argv: Sequence[str], console: Console, environ: Mapping[str, str]) -> tuple[int, int]:
    """Return the exit code, and the exit code of this verb for a failure."""
    failed, verb = FAILED, ""
    try:
        top = build_parser()
        if gen3.is_meant(argv):
            top, argv = gen3.build_parser(PROG), gen3.parsable(argv)
        parser, args = parse(top, argv)
        failed, verb = getattr(args, "failure_code", FAILED), getattr(args, "verb", None) or ""
        return _run(parser, args, console, environ), failed
    except UsageError as error:
        console.error(error.problem, error.remedy)
        return REFUSED, failed
    except InvalidValue as error:
        console.error(error.problem, error.remedy)
        return REFUSED, failed
    except IamsaError as error:
        for part in error.parts:
            console.error(part.problem, part.remedy)
        return failed, failed
    except Exception as error:  # the last resort: report it as a bug
        _report_bug(error, f"running {PROG} {verb}".rstrip(), console, environ)
        return failed, failed
    except KeyboardInterrupt as interrupt:
        from ansible_collections.iamsa.eks.plugins.module_utils.local.programs import interrupted  # noqa: PLC0415

        console.notice(interrupted())
        return SIGNALLED + getattr(interrupt, "number", SIGINT), failed


def job_of(verb: str) -> Callable[[argparse.Namespace, Console, Mapping[str, str]], int | None]:
    """Return the function that runs a verb. Loads no other verb's."""
    from importlib import import_module  # noqa: PLC0415

    job: Callable[[argparse.Namespace, Console, Mapping[str, str]], int | None]
    job = import_module(".gen3.jobs" if verb == GEN3 else f".runs.{verb}", __package__).run
    return job


def _report_bug(error: Exception, doing: str, console: Console, environ: Mapping[str, str]) -> None:
    from ansible_collections.iamsa.eks.plugins.module_utils.errors import (  # noqa: PLC0415
        is_debugged,
        traceback_of,
        unexpected,
    )

    found = unexpected(error, doing)
    console.error(found.problem, found.remedy)
    if is_debugged(environ):
        console.notice(traceback_of(error, with_text=True).rstrip())


def _run(parser: Parser, args: argparse.Namespace, console: Console, environ: Mapping[str, str]) -> int:
    if getattr(args, "version", False):
        from .version import version  # noqa: PLC0415

        console.result(f"{PROG} {version()}")
    elif args.help or not args.verb:
        console.result(parser.format_help().rstrip())
    else:
        # Check for contradictions before loading the job, which takes five times as long.
        getattr(args, "check", lambda _: None)(args)
        return job_of(args.verb)(args, console, environ) or OK
    return OK
