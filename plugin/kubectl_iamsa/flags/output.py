"""Flags of seeing before doing, of output and of limits, as the verbs share them."""

from __future__ import annotations

import argparse

from ..argv.parser import Parser, SwitchAction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

OUTPUTS = ("text", "name", "json", "yaml")


def add_output_options(parser: Parser, *, wait: bool = False) -> None:
    """How a verb that writes can be tried first, and how its result is printed."""
    group = parser.add_argument_group("Seeing before doing, and output")
    group.add_argument(
        "--dry-run",
        nargs="?",
        const="client",
        metavar="none|client|server",
        choices=("none", "client", "server"),
        default="none",
        help="client: print the steps, write nothing; server: also rehearse the Kubernetes write"
        " (--dry-run alone means client)",
    )
    group.add_argument("--diff", action=SwitchAction, help="show what changes as a unified diff")
    if wait:
        add_wait_option(group, "at the end, wait until AWS lets the role be assumed, so long at most")
    add_output_option(group, OUTPUTS)
    add_timeout_option(group)
    add_verbose_option(group)


def add_reading_options(
    parser: Parser, outputs: tuple[str, ...], *, headers: bool = False, verbose: bool = True
) -> None:
    """The same of a verb that only reads."""
    group = parser.add_argument_group("Output")
    add_output_option(group, outputs)
    if headers:
        group.add_argument("--no-headers", action=SwitchAction, help="print no line of headers")
    add_timeout_option(group)
    if verbose:
        add_verbose_option(group)


def add_output_option(group: argparse._ArgumentGroup, outputs: Sequence[str]) -> None:
    group.add_argument(
        "-o", "--output", choices=outputs, default="text", metavar="|".join(outputs), help="(default: text)"
    )


def add_wait_option(group: argparse._ArgumentGroup, words: str) -> None:
    group.add_argument("--wait", nargs="?", const="60s", metavar="TIME", help=f"{words} (alone: 60s)")


def add_timeout_option(group: argparse._ArgumentGroup, default: str = "2m") -> None:
    group.add_argument(
        "--timeout", metavar="TIME", default=default, help=f"limit for the whole run (default: {default})"
    )


def add_verbose_option(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "-v",
        "--verbose",
        dest="level",
        nargs="?",
        const="1",
        metavar="N",
        help="show on stderr where each value of the run comes from (alone: 1; 0: do not)",
    )
