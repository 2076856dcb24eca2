"""Flags for preview, output and limits that several commands share."""

from __future__ import annotations

import argparse

from ..argv.parser import Parser, SwitchAction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

OUTPUTS = ("text", "name", "json", "yaml")


def add_output_options(parser: Parser, *, wait: bool = False, many: bool = False) -> None:
    """Add the options for preview and output of a command that writes. `many`: it reads manifests."""
    group = parser.add_argument_group("Preview and output")
    group.add_argument(
        "--dry-run",
        nargs="?",
        const="client",
        metavar="none|client|server",
        choices=("none", "client", "server"),
        default="none",
        help="client: only print steps; server: also validate on the API server (without a value: client)",
    )
    group.add_argument("--diff", action=SwitchAction, help="show the changes as a unified diff")
    if wait:
        add_wait_option(group, "wait for at most TIME until the role can be assumed")
    add_output_option(group, OUTPUTS)
    add_color_option(group)
    if many:
        add_manifest_timeout_option(group)
    else:
        add_timeout_option(group)
    add_verbose_option(group)


def add_reading_options(
    parser: Parser,
    outputs: tuple[str, ...],
    *,
    headers: bool = False,
    verbose: bool = True,
    many: bool = False,
) -> None:
    """Add the options for output of a command that only reads. `many`: it also reads manifests."""
    group = parser.add_argument_group("Output")
    add_output_option(group, outputs)
    if headers:
        group.add_argument("--no-headers", action=SwitchAction, help="do not print the header line")
    add_color_option(group)
    if many:
        add_manifest_timeout_option(group)
    else:
        add_timeout_option(group)
    if verbose:
        add_verbose_option(group)


def add_output_option(group: argparse._ArgumentGroup, outputs: Sequence[str]) -> None:
    group.add_argument(
        "-o",
        "--output",
        choices=outputs,
        default="text",
        metavar="|".join(outputs),
        help="output format (default: text)",
    )


def add_color_option(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        metavar="auto|always|never",
        help="color the output (default: auto)",
    )


def add_wait_option(group: argparse._ArgumentGroup, words: str) -> None:
    group.add_argument(
        "--wait", nargs="?", const="60s", metavar="TIME", help=f"{words} (without a value: 60s)"
    )


def add_timeout_option(group: argparse._ArgumentGroup, default: str = "2m") -> None:
    group.add_argument(
        "--timeout", metavar="TIME", default=default, help=f"time limit for the command (default: {default})"
    )


def add_manifest_timeout_option(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--timeout",
        metavar="TIME",
        help="time limit for the command (default: 2m, and 2s for each ServiceAccount of manifests)",
    )


def add_verbose_option(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "-v",
        "--verbose",
        dest="level",
        nargs="?",
        const="1",
        metavar="N",
        help="show where values come from (without a value: 1)",
    )
