"""The command line of tests/world."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from testbed.blueprint import Settings
from testbed.command import ENDING, handling, run_command
from testbed.detached import down, env, up
from testbed.emulators import EMULATORS
from testbed.errors import WorldError
from testbed.world import open_world

DESCRIPTION = """\
A Kubernetes control plane and an AWS account on this machine.

tests/world -- COMMAND...   a fresh world, COMMAND in it, its exit code, everything gone afterwards
tests/world up              one that stays, for a shell or a playbook
tests/world env             what a shell needs to be in it: eval "$(tests/world env)"
tests/world down            end it

The one that stays is kept in .world/ of the checkout, or in the directory that IAMSA_WORLD names.
"""
VERBS = {"up": up, "down": down, "env": env}


class Stopped(BaseException):
    """A signal asked to end before there was a command to pass it to."""

    def __init__(self, number: int) -> None:
        self.code = 128 + number


def main(argv: Sequence[str] | None = None) -> int:
    """0, COMMAND's exit code, 1 if there is no world to be had, 2 for a wrong command line."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = build_parser()
    if "--" in words:
        cut = words.index("--")
        options, command = parser.parse_args(words[:cut]), words[cut + 1 :]
    else:
        options, command = parser.parse_args(words), []
    if bool(command) == bool(options.verb):
        parser.error("give either -- COMMAND... or one of up, down, env")
    settings = Settings(lag=options.lag, latency=options.latency, emulator=options.aws)
    try:
        with handling(stop):
            if options.verb:
                return VERBS[options.verb](settings)
            with open_world(settings) as (world, servers):
                return run_command(command, world.environ, servers)
    except WorldError as error:
        print(error, file=sys.stderr)
        return 1
    except Stopped as stopped:
        return stopped.code


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tests/world",
        description=DESCRIPTION,
        usage="%(prog)s [--aws moto|ministack] [--lag S] [--latency S] (up|down|env | -- COMMAND...)",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("verb", nargs="?", choices=VERBS, metavar="up|down|env", help="see above")
    parser.add_argument("--aws", choices=EMULATORS, default="moto", help="the emulator (moto)")
    parser.add_argument(
        "--lag", type=seconds, default=0.0, metavar="S", help="seconds that IAM's answers are old"
    )
    parser.add_argument("--latency", type=seconds, default=0.0, metavar="S", help="seconds that a call takes")
    return parser


def seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value < float("inf"):
        raise ValueError
    return value


def stop(number: int, _: FrameType | None) -> None:
    # Ending takes a moment, and must not be interrupted by a second Ctrl-C.
    for other in ENDING:
        signal.signal(other, signal.SIG_IGN)
    raise Stopped(number)
