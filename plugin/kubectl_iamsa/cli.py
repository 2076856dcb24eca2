"""argv to exit code: one parser, one place that prints errors.

Exit codes: 0 done; 2 refused from argv alone; 1 every other failure; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TextIO

from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, InvalidValue

from .commands import create
from .console import Console
from .options import ALONE, add_connection_options
from .parser import Parser, SwitchAction, UsageError, spelled_out

PROG = "kubectl iamsa"
DESCRIPTION = "AWS IAM roles for the ServiceAccounts of an EKS cluster."
OK, FAILED, REFUSED, INTERRUPTED = 0, 1, 2, 130


def build_parser() -> Parser:
    """The whole command line; pure, so that help, manual and completion are made from it too."""
    parser = Parser(
        prog=PROG, description=DESCRIPTION, usage=f"{PROG} VERB [options]", epilog=f"See {PROG} VERB --help."
    )
    parser.add_argument("--version", action=SwitchAction, help="print the version")
    verbs = parser.add_subparsers(title="Verbs", metavar="VERB", dest="verb", parser_class=Parser)
    create.add_parser(verbs)
    add_connection_options(parser, before_verb=True)
    return parser


def run(
    argv: Sequence[str],
    environ: Mapping[str, str] = os.environ,
    stdout: TextIO | None = None,
    stderr: TextIO | None = None,
) -> int:
    """Do what argv says; the exit code."""
    console = Console(stdout or sys.stdout, stderr or sys.stderr)
    try:
        return _run(argv, console, environ)
    except UsageError as error:
        console.notice(f"error: {error}; see {error.help_command}")
        return REFUSED
    except IamsaError as error:
        console.notice(f"error: {error}")
        return REFUSED if isinstance(error, InvalidValue) else FAILED
    except KeyboardInterrupt:
        console.notice("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone: nothing is left to tell, and Python must not try at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _run(argv: Sequence[str], console: Console, environ: Mapping[str, str]) -> int:
    parser = build_parser()
    args = parser.parse_args(list(spelled_out(argv, ALONE, parser.switches())))
    if args.version:
        from .version import version  # noqa: PLC0415

        console.result(f"{PROG} {version()}")
    elif args.verb is None:
        console.result(parser.format_help().rstrip())
    else:
        args.command(args, console, environ)
    return OK
