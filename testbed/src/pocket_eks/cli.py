"""The command line of pocket-eks."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from pocket_eks.blueprint import Settings
from pocket_eks.cache import cache_directory
from pocket_eks.command import ENDING, handling, run_command
from pocket_eks.detached import Place, down, env, up
from pocket_eks.emulators import EMULATORS
from pocket_eks.errors import WorldError
from pocket_eks.world import open_world

DESCRIPTION = """\
A Kubernetes control plane and an AWS account on this machine.

{program} -- COMMAND...   run COMMAND in a new world, exit with its code, remove the world
{program} up              start a world that keeps running, for a shell or a playbook
{program} env             print the environment for a shell: eval "$({program} env)"
{program} down            stop that world
"""
VERBS = {"up": up, "down": down, "env": env}


class Stopped(BaseException):
    """Raised by a signal that arrives before there is a command to pass it to."""

    def __init__(self, number: int) -> None:
        self.code = 128 + number


def main(
    argv: Sequence[str] | None = None, *, program: str = "pocket-eks", directory: Path | None = None
) -> int:
    """Return the exit code of COMMAND, or 0, or 1 if there is no world, or 2 for a usage error.

    A program that wraps this one passes its name as `program`, and as `directory` the default directory for a
    world that keeps running.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    parser = build_parser(program)
    if "--" in words:
        cut = words.index("--")
        options, command = parser.parse_args(words[:cut]), words[cut + 1 :]
    else:
        options, command = parser.parse_args(words), []
    if bool(command) == bool(options.verb):
        parser.error("requires either -- COMMAND... or one of up, down, env")
    settings = Settings(
        lag=options.lag, latency=options.latency, emulator=options.aws, path=tuple(options.path)
    )
    try:
        with handling(stop):
            if options.verb:
                where = options.directory or directory or cache_directory() / "world"
                return VERBS[options.verb](Place(where.absolute(), program), settings)
            with open_world(settings) as (world, servers):
                return run_command(command, world.environ, servers)
    except WorldError as error:
        print(error, file=sys.stderr)
        return 1
    except Stopped as stopped:
        return stopped.code


def build_parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program,
        description=DESCRIPTION.format(program=program),
        usage="%(prog)s [OPTIONS] (up|down|env | -- COMMAND...)",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("verb", nargs="?", choices=VERBS, metavar="up|down|env", help="see above")
    parser.add_argument(
        "--aws", choices=EMULATORS, default="moto", help="the emulator of IAM and STS (default: moto)"
    )
    parser.add_argument(
        "--lag", type=seconds, default=0.0, metavar="S", help="return IAM data as of S seconds ago"
    )
    parser.add_argument(
        "--latency", type=seconds, default=0.0, metavar="S", help="delay every call by S seconds"
    )
    parser.add_argument(
        "--path",
        type=folder,
        action="append",
        default=[],
        metavar="DIR",
        help="put DIR first on COMMAND's PATH (can be repeated)",
    )
    parser.add_argument(
        "--directory", type=Path, metavar="DIR", help="directory for the files of a world that keeps running"
    )
    return parser


def folder(text: str) -> Path:
    path = Path(text).absolute()
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"directory {text} does not exist")
    return path


def seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value < float("inf"):
        raise ValueError
    return value


def stop(number: int, _: FrameType | None) -> None:
    # Stopping takes a moment, and a second Ctrl-C must not interrupt it.
    for other in ENDING:
        signal.signal(other, signal.SIG_IGN)
    raise Stopped(number)
